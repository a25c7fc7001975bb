"""Layout: lines become blocks, what stands on the edges leaves the text, columns are read one after the other."""

from itertools import chain
from pathlib import Path

import pytest
from msgspec import structs

from apps.extraction.engine import language_model
from apps.extraction.engine.layout import lay_out, lay_out_document
from apps.extraction.engine.layout.language import language_of
from apps.extraction.engine.types import Block, CellReading, PageReading, TableReading, Word
from tests.unit.extraction.makers_layout import WORDS, At, Made, chance_of, document, newspaper, page_of, prose

BODY = prose(chance_of(1), x=60, top=200, bottom=700, width=475)


def laid(*lines: At, number: int = 1) -> PageReading:
    return lay_out([page_of(lines, number)], [])[0]


def kinds(page: PageReading, kind: str) -> list[str]:
    return [block.text for block in page.blocks if block.kind == kind]


def test_title_headings_paragraphs_lists_and_captions() -> None:
    page = laid(
        At(60, 60, "The state of the harbour", 22),
        At(60, 110, "What was counted", 15),
        At(60, 140, "Every crate was weighed twice, once on the ship and once more on the quay"),
        At(60, 152, "before anybody signed for it."),
        At(60, 180, "• Crates of oranges"),
        At(60, 192, "• Barrels of oil"),
        At(80, 204, "1. from the south"),
        At(60, 230, "Figure 2: Crates by month"),
        At(60, 260, "Nothing else was counted in that year, since the scales were being repaired and"),
        At(60, 272, "nobody could be found to do it by hand."),
    )
    found = [(block.kind, block.level, block.marker, block.text[:24]) for block in page.blocks]
    assert found == [
        ("title", 1, "", "The state of the harbour"),
        ("heading", 2, "", "What was counted"),
        ("paragraph", 0, "", "Every crate was weighed "),
        ("list_item", 0, "•", "Crates of oranges"),
        ("list_item", 0, "•", "Barrels of oil"),
        ("list_item", 1, "1.", "from the south"),
        ("caption", 0, "", "Figure 2: Crates by mont"),
        ("paragraph", 0, "", "Nothing else was counted"),
    ]
    assert page.blocks[2].text.endswith("quay before anybody signed for it.")
    assert page.blocks[0].box == pytest.approx((60 / 595, 60 / 842, 308 / 595, 82 / 842), abs=0.02)


def test_a_first_line_that_is_indented_begins_a_paragraph() -> None:
    lines = [
        At(60, 100 + 12 * row, "weighed and counted before they leave the northern ports again") for row in range(6)
    ]
    lines[3] = At(75, 136, "Because earlier reports were often late the council has asked")
    assert len(kinds(laid(*lines), "paragraph")) == 2


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (At(290, 810, "17", 8), "page_number"),
        (At(280, 815, "Page 3 of 9", 8), "page_number"),
        (At(60, 20, "Downloaded from http://library.example on 4 May 2021", 8), "header"),
        (At(60, 815, "Harbour Studies | Volume 8 | Issue 3", 7), "footer"),
        (At(60, 22, "Weighing and counting 447", 7), "header"),
    ],
)
def test_one_page_is_enough_for_numbers_stamps_and_running_titles(line: At, kind: str) -> None:
    page = laid(*BODY, line)
    assert kinds(page, kind) == [line.text]
    assert line.text not in page.text
    assert page.text == "\n".join(each.text for each in BODY)
    assert len(page.words) == len(page_of([*BODY, line]).words)


@pytest.mark.parametrize(
    "line",
    [
        At(60, 815, "IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFF", 7),
        At(60, 815, "Tel. +49 40 123456 office@harbour.example", 7),
        At(60, 20, "Harbour Trading Company", 18),
        At(60, 720, "The last line of a page stands near the others"),
    ],
)
def test_what_people_look_for_stays_in_the_text(line: At) -> None:
    assert line.text in laid(*BODY, line).text


def test_what_returns_leaves_the_text_but_letterheads_are_said_once() -> None:
    heads = [At(60, 30, "Harbour Trading Company, Tel. 040 123456", 9), At(60, 44, "Weighing department", 9)]
    pages = lay_out([page_of([*heads, *BODY], number) for number in range(1, 5)], [])
    assert ["Tel. 040" in page.text for page in pages] == [True, False, False, False]
    assert [("Weighing department" in page.text) for page in pages] == [False] * 4


def test_the_head_of_a_letters_further_pages_stays() -> None:
    heads = [At(60, 30, "Ms Alice Example"), At(60, 42, "February 28, 2011"), At(60, 54, "Page 2")]
    page = lay_out([page_of([*heads, *BODY], number) for number in (2, 3)], [])[0]
    assert page.text.startswith("Ms Alice Example\nFebruary 28, 2011\nPage 2")
    assert kinds(page, "page_number") == ["Page 2"]


def test_numbers_that_do_not_count_on_are_no_page_numbers() -> None:
    pages = [page_of([At(60, 110, text), *BODY], number) for number, text in enumerate(["400", "12", "7"], 1)]
    assert [page.text.split()[0] for page in lay_out(pages, [])] == ["400", "12", "7"]


def recall_and_loss(made: list[Made]) -> tuple[float, float]:
    """Return the share of the edges' words that left the text, and the share of the bodies' words that did."""
    edge_words = gone = body_words = lost = 0
    for each in made:
        for page, edges in zip(each.pages, each.edges, strict=True):
            found = " ".join(
                block.text
                for done in lay_out(each.pages, [])
                if done.number == page.number
                for block in done.blocks
                if block.kind in {"header", "footer", "page_number"}
            ).split()
            wanted = " ".join(edges).split()
            edge_words += len(wanted)
            gone += sum(word in found for word in wanted)
            body_words += len(page.words) - len(wanted)
            lost += sum(word not in wanted for word in found)
    return gone / max(1, edge_words), lost / max(1, body_words)


@pytest.mark.parametrize(("pages", "least"), [(1, 0.55), (2, 0.95), (6, 0.99)])
def test_headers_and_footers_of_generated_documents(pages: int, least: float) -> None:
    recall, loss = recall_and_loss([document(seed, pages=pages) for seed in range(30)])
    assert recall >= least
    assert loss <= 0.001


def test_lines_across_two_columns_are_read_column_by_column() -> None:
    chance = chance_of(5)
    left = prose(chance, x=60, top=120, bottom=600, width=225)
    right = prose(chance, x=305, top=120, bottom=600, width=225)
    rows = sorted([*left, *right], key=lambda line: (line.y, line.x))
    page = laid(At(60, 80, "One heading over both of the columns here", 16), *rows)
    words = " ".join(line.text for line in [*left, *right]).split()
    assert page.text.split()[8:] == words
    assert [word.text for word in page.words][8:] == words
    assert lay_out([page], [])[0].text == page.text


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("columns", "gutter", "wide_picture"),
    [(3, 8, None), (3, 14, None), (3, 30, None), (4, 14, None), (4, 24, None), (3, 14, 0), (3, 14, 1), (4, 14, 1)],
)
def test_pages_of_many_columns_are_read_column_by_column(
    columns: int, gutter: float, wide_picture: int | None, seed: int
) -> None:
    lines, read = newspaper(seed, columns=columns, gutter=gutter, wide_picture=wide_picture)
    page = laid(*lines)
    assert page.text.split() == read.split()
    assert [word.text for word in page.words] == read.split()
    assert lay_out([page], [])[0].text == page.text


@pytest.mark.parametrize("columns", [3, 4])
def test_many_columns_that_are_in_order_stay_as_they_are(columns: int) -> None:
    lines, read = newspaper(4, columns=columns)
    in_order = [lines[0], *sorted(lines[1:], key=lambda line: (line.x, line.y))]
    assert laid(*in_order).text == page_of(in_order).text
    assert " ".join(line.text for line in in_order) == read


def test_forms_with_labels_and_values_are_no_columns() -> None:
    lines = list(chain.from_iterable((At(60, y, f"Label {y}"), At(310, y, f"{y} crates")) for y in range(100, 500, 14)))
    assert laid(*lines).text == page_of(lines).text


def test_tables_of_many_columns_and_forms_are_read_row_by_row() -> None:
    chance = chance_of(6)
    cells = [f"{name} {chance.randint(10, 99)}" for name in WORDS]
    places = [(x, y) for y in range(100, 420, 14) for x in (50, 190, 330, 470)]
    table = [At(x, y, chance.choice(cells)) for x, y in places]
    labels = [At(x, y, "Name of the" if x in {50, 330} else chance.choice(cells)) for x, y in places]
    for lines in (table, labels):
        assert laid(*lines).text == page_of(lines).text


def test_laying_out_again_changes_nothing() -> None:
    pages = document(3, pages=4).pages
    once = lay_out(pages, [])
    assert lay_out(once, []) == once


def test_long_documents_are_worked_on_in_parts_that_overlap() -> None:
    pages = [page_of([At(60, 30, "Harbour Studies Quarterly", 9), *BODY], number) for number in range(1, 67)]
    done = list(lay_out_document(pages, []))
    assert [page.number for page in done] == list(range(1, 67))
    assert not any("Quarterly" in page.text for page in done)


def test_tables_are_blocks_where_their_words_stand() -> None:
    cells = [CellReading(row=row, column=column, text=f"r{row}c{column}") for row in (0, 1) for column in (0, 1)]
    rows = [At(60, 300, "r0c0"), At(200, 300, "r0c1"), At(60, 315, "r1c0"), At(200, 315, "r1c1")]
    table = TableReading(page=1, box=(0.05, 0.34, 0.6, 0.4), row_count=2, column_count=2, cells=cells)
    before, after = At(60, 200, "Something stands before it"), At(60, 400, "and something after it")
    page = lay_out([page_of([before, *rows, after])], [table])[0]
    assert [block.kind for block in page.blocks] == ["paragraph", "table", "paragraph"]
    assert (page.blocks[1].text, page.blocks[1].table) == ("r0c0\tr0c1\nr1c0\tr1c1", 0)


def test_divided_words_stand_whole_in_blocks() -> None:
    page = page_of([At(60, 100, "weighed and coun-"), At(60, 112, "ted again")])
    done = lay_out([structs.replace(page, text="weighed and counted again")], [])[0]
    assert kinds(done, "paragraph") == ["weighed and counted again"]


def test_pages_without_places_get_paragraphs_and_own_blocks_are_kept() -> None:
    bare = PageReading(number=1, width=0, height=0, rotation=0, text="One\n\nTwo", text_source="native")
    own = PageReading(
        number=2, width=0, height=0, rotation=0, text="x", text_source="native", blocks=[Block(kind="code", text="x")]
    )
    done = lay_out([bare, own], [])
    assert [block.text for block in done[0].blocks] == ["One", "Two"]
    assert done[1].blocks == own.blocks


def test_crowded_and_odd_pages_are_bounded() -> None:
    words = [Word(0.1, index / 40_000, 0.9, index / 40_000 + 0.001, "word") for index in range(19_999)]
    odd = PageReading(
        number=1, width=100, height=100, rotation=0, text="other text " * 10_000, text_source="native", words=words
    )
    flat = PageReading(
        number=2, width=9, height=9, rotation=0, text="a b", text_source="native", words=[Word(0, 0, 0, 0, "a")] * 2
    )
    assert [page.number for page in lay_out([odd, flat], [])] == [1, 2]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The goods are to be delivered to the buyer's warehouse within thirty days of the order.", "en"),
        ("Die Ware ist innerhalb von dreißig Tagen nach der Bestellung an das Lager zu liefern.", "de"),
        ("La marchandise doit être livrée à l'entrepôt dans les trente jours suivant la commande.", "fr"),
        ("LA MARCHANDISE DOIT ÊTRE LIVRÉE À L'ENTREPÔT DANS LES TRENTE JOURS SUIVANTS.", "fr"),
        ("TOTAL 12.50 CASH", None),
        ("17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_the_model_of_languages_is_the_same_unpacked_as_packed(tmp_path: Path) -> None:
    packed = language_model.model_arrays(tmp_path / "not there")
    language_model.unpack(tmp_path / "model")
    mapped = language_model.model_arrays(tmp_path / "model")
    assert mapped.keys() == packed.keys()
    for name, array in packed.items():
        assert array.dtype == mapped[name].dtype
        assert (array == mapped[name]).all()
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
