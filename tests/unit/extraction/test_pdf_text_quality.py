"""PDF: the order of columns, right-to-left letters, and text layers that do not say what the page shows."""

from pathlib import Path

import numpy as np
import pytest

from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.readers.pdf import PdfFile, open_document
from apps.extraction.engine.readers.pdf import characters as kind
from apps.extraction.engine.readers.pdf.garbage import is_garbage
from apps.extraction.engine.readers.pdf.quality import is_poor, odd_share
from apps.extraction.engine.text import clean
from tests.unit.extraction import makers, makers_pdf

PROSE = " ".join(makers_pdf.LEFT_COLUMN + makers_pdf.RIGHT_COLUMN) + (
    " and nobody could remember that there had ever been so much to decide in a single evening before the harvest"
)
GERMAN = (
    "Die Gesellschaft hat im vergangenen Jahr ihre Schulden ganz getilgt und neue Werke gebaut, deren Kosten aus den "
    "laufenden Einnahmen bestritten wurden. Der Vorstand dankt allen Mitarbeitern und schlägt der Versammlung vor, den "
    "Überschuss zur Hälfte auszuschütten und den Rest den Rücklagen zuzuführen, wie es in der Satzung vorgesehen ist. "
    "Über die Entlastung des Aufsichtsrates soll getrennt abgestimmt werden, sobald der Bericht der Prüfer vorliegt."
)


def opened(path: Path) -> PdfFile:
    return open_document(Source(path=path, media_type="application/pdf"))


def test_columns_written_across_are_read_down(tmp_path: Path) -> None:
    left, right = makers_pdf.columns_of(makers_pdf.LEFT_COLUMN), makers_pdf.columns_of(makers_pdf.RIGHT_COLUMN)
    count = min(len(left), len(right))
    with opened(makers_pdf.columns_pdf(tmp_path / "a.pdf", left[:count], right[:count])) as pdf:
        page = pdf.read_page(1)
    assert page.text.split() == " ".join([*left[:count], *right[:count]]).split()
    assert [word.text for word in page.words] == page.text.split()


def test_rows_of_a_table_are_left_alone(tmp_path: Path) -> None:
    rows = [[f"Consulting in month {number}", f"{number},250.00"] for number in range(1, 13)]
    with opened(makers.table_pdf(tmp_path / "a.pdf", rows, ruled=False, width=200)) as pdf:
        lines = pdf.read_page(1).text.splitlines()
    assert lines[1:] == [f"{first} {second}" for first, second in rows]


def test_sentences_side_by_side_are_left_alone(tmp_path: Path) -> None:
    """Long cells, each a whole sentence: nothing shows that the columns are meant to be read down."""
    left = [f"Question number {number} of the list?" for number in range(12)]
    right = [f"Answer number {number} to the question." for number in range(12)]
    with opened(makers_pdf.columns_pdf(tmp_path / "a.pdf", left, right)) as pdf:
        lines = pdf.read_page(1).text.splitlines()
    assert lines == [f"{one} {other}" for one, other in zip(left, right, strict=True)]


def test_a_word_divided_at_a_columns_edge_is_made_whole(tmp_path: Path) -> None:
    left = ["the mayor of the little town near", "the river wanted to have a sec-", "ond bridge built as soon as there"]
    left += ["was enough money for it, but the", "council did not see why people", "should pay for two of them when"]
    left += ["one had always been quite enough", "for everyone who lived there"]
    right = makers_pdf.columns_of(makers_pdf.RIGHT_COLUMN)[: len(left)]
    with opened(makers_pdf.columns_pdf(tmp_path / "a.pdf", left, right)) as pdf:
        text = pdf.read_page(1).text
    assert "a second bridge built" in text


@pytest.mark.parametrize(("places", "expected"), [(0, False), (3, True), (13, True)])
def test_letters_that_stand_for_others(tmp_path: Path, places: int, *, expected: bool) -> None:
    with opened(makers_pdf.shifted_pdf(tmp_path / "a.pdf", PROSE, places)) as pdf:
        page = pdf.read_page(1)
        assert (page.needs_ocr, pdf.is_garbage(1)) == (expected, expected)
    assert ("committee" in page.text) is not expected


def test_a_table_that_repeats_its_words_is_no_garbage(tmp_path: Path) -> None:
    rows = [[f"Backzutat Sorte {number} Zwieback", f"{number},50"] for number in range(10, 40)]
    with opened(makers.table_pdf(tmp_path / "a.pdf", rows, ruled=False, width=200)) as pdf:
        page = pdf.read_page(1)
    assert not page.needs_ocr
    assert "Backzutat" in page.text
    assert garbage(page.text)  # the letters alone would say so


def garbage(text: str) -> bool:
    units = np.frombuffer(text.encode("utf-16-le"), dtype=np.uint16)
    return is_garbage(units, kind.kinds()[units])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PROSE, False),
        (PROSE.upper(), False),
        (GERMAN, False),
        (GERMAN[:220], False),
        ("Total 12.50 Cash 20.00 Change 7.50 " * 20, False),
        ("Introduction ........................................................................ 3\n" * 20, False),
        ("правление собралось весной и проверило счета за прошлый год " * 5, False),
        ("\ue001\ue002\ue003 \uf0b7 " * 10, True),
        ("\ufffd\ufffd\ufffd text " * 30, True),
        ("".join(chr(ord(each) - 29) if each.isalpha() else each for each in PROSE.lower()), True),
        ("!\"#$%&'()*+,-./:;<=>?@ " * 20, True),
        ("", False),
    ],
)
def test_garbage(text: str, *, expected: bool) -> None:
    assert garbage(text) is expected


POOR = [
    "REST4U^ANT \u062a\u0660\u0644 CAFE",
    "Münzga$se \u06654\u0661 \u0422\u0435 . : 034 D!GITALE",
    "lZe5h0pPe Tot@l 1Z.5O EUR",
    "k0n7a} НАМВиНС va!-' Caf{e",
]
GOOD = [
    "Restaurant Café, Münzgasse 4",
    "04107 Leipzig, Tel.: 0341/123-456",
    "2 x Lentil soup 12,50 EUR",
    "Thank you, see www.example.org!",
]


def test_hidden_text_of_poor_quality_is_recognised_anew(tmp_path: Path) -> None:
    ascii_poor = [
        "REST4UrANT va!-'x CAf{e D!G!TALE",
        "Munzga$se l0t@l 1Z.5O-e EuR0 tHe",
        "k0n7a} lZe5h0pPe e^s b|g ",
    ] * 3
    with opened(makers_pdf.layered_scan(tmp_path / "a.pdf", ascii_poor)) as pdf:
        assert pdf.read_page(1).needs_ocr
        assert pdf.is_garbage(1)
    with opened(
        makers_pdf.layered_scan(tmp_path / "b.pdf", ["Thank you for shopping with us, please come again"] * 6)
    ) as pdf:
        assert not pdf.read_page(1).needs_ocr
    visible = makers.text_pdf(tmp_path / "c.pdf", [[(72, 700 - 20 * row, line) for row, line in enumerate(ascii_poor)]])
    with opened(visible) as pdf:
        assert not pdf.is_garbage(1)  # what is drawn is what is meant


def test_odd_words() -> None:
    assert is_poor(" ".join(POOR).split())
    assert odd_share(" ".join(GOOD).split()) == 0
    assert odd_share(["Договор", "№", "17", "от", "2", "марта,", "стороны:", "Alice", "GmbH"]) == 0
    assert odd_share(["契約書", "第17条", "ABC株式会社"]) == 0
    assert not is_poor(["x^y"])  # too few words to judge


def test_shapes_of_letters_become_letters() -> None:
    assert clean("\ufe8e\ufefb \ufb01n") == "\u0627\u0644\u0627 fin"
