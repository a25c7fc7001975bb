"""The memory of layouts: templates told apart, places found again although the page moved, refusals kept."""

import pytest

from apps.extraction.engine.fields.memory import Place, Remembered, place_of, recall, template_of
from apps.extraction.engine.fields.memory.joining import joined
from apps.extraction.engine.fields.memory.labels import SearchedPage
from apps.extraction.engine.fields.memory.places import shape_of
from apps.extraction.engine.fields.memory.template import SKETCH, likeness
from apps.extraction.engine.fields.types import FieldReading
from apps.extraction.engine.types import PageReading, Word

LETTERHEAD = "Harbour Rope Works and Sail Loft, Quay Street, company register Port Elm"
FOOTER = "Please pay within thirty days to our account, goods remain ours until paid in full"
Row = tuple[float, float, str]


def page(*rows: Row, number: int = 1) -> PageReading:
    """Set words of 10 points on an A4 page, six points a character; rows are (left, top, text) in points."""
    words = []
    for left, top, text in rows:
        at = left
        for word in text.split():
            width = 6.0 * len(word)
            words.append(
                Word(x0=at / 595, y0=top / 842, x1=(at + width) / 595, y1=(top + 10) / 842, text=word, confidence=None)
            )
            at += width + 4
    text = "\n".join(row[2] for row in rows)
    return PageReading(
        number=number, width=595, height=842, rotation=0, text=text, text_source="native", words=words, language="en"
    )


def bill(number: str, total: str, *, down: float = 0.0, items: int = 2) -> PageReading:
    """Lay out a bill of one sender; everything below the lines moves with their count."""
    lines = [(50.0, 250 + 14 * place, f"Rope no. {place} hemp 12.00") for place in range(items)]
    end = 250 + 14 * items + down
    return page(
        (50, 40, LETTERHEAD),
        (50, 120, "Bill no."),
        (160, 120, number),
        (50, 140, "Customer reference"),
        (160, 140, "Mrs Tully"),
        *lines,
        (300, end, "Amount to pay"),
        (440, end, total),
        (50, 780, FOOTER),
    )


def other_sender(number: str) -> PageReading:
    """Lay out a bill of somebody else, who uses one of the words too."""
    return page(
        (300, 60, "Thimble and Daughters bookbinding"),
        (300, 200, "Bill no. " + number),
        (300, 230, "For the binding of nine volumes in blue cloth"),
    )


def shown(given: PageReading, key: str, kind: str, text: str) -> Remembered:
    wanted = text.split()
    texts = [word.text for word in given.words]
    start = next(place for place in range(len(texts)) if texts[place : place + len(wanted)] == wanted)
    indices = list(range(start, start + len(wanted)))
    return Remembered(key=key, value_type=kind, place=place_of(given, indices), template=template_of(given))


def found(pages: list[PageReading], *known: Remembered) -> dict[str, tuple[str, str]]:
    return {reading.key: (str(reading.value), reading.method) for reading in recall(pages, known)}


def test_one_example_is_enough_for_the_next_document_of_a_sender() -> None:
    first = bill("HR-2041", "24.00")
    known = (shown(first, "number", "identifier", "HR-2041"), shown(first, "total", "amount", "24.00"))
    later = bill("HR-77", "1,250.75", items=9)
    assert found([later], *known) == {"number": ("HR-77", "rule"), "total": ("1250.75", "rule")}
    (number, total) = recall([later], known)
    assert [later.words[index].text for index in total.words] == ["1,250.75"]
    assert (number.confidence, number.raw_text, number.page) == (None, "HR-77", 1)


def test_another_sender_is_told_by_the_words_beside_the_value() -> None:
    known = shown(bill("HR-2041", "24.00"), "number", "identifier", "HR-2041")
    assert found([other_sender("TD-9")], known) == {"number": ("TD-9", "model")}


def test_what_is_no_value_of_the_kind_is_not_proposed() -> None:
    known = shown(bill("HR-2041", "24.00"), "total", "amount", "24.00")
    assert found([bill("HR-1", "nothing")], known) == {}


def test_pages_of_a_template_are_alike_and_others_are_not() -> None:
    one, two, other = (
        template_of(each) for each in (bill("1", "2.00"), bill("9", "8.00", items=12), other_sender("3"))
    )
    assert likeness(one, two) > 0.9
    assert likeness(one, other) < 0.1
    assert likeness(one, []) == 0.0


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_likeness_is_the_share_of_the_smallest_numbers_of_both(step: int) -> None:
    one, other = list(range(0, 500, 2))[:SKETCH], list(range(0, 500 * step, step))[:SKETCH]
    smallest = sorted({*one, *other})[:SKETCH]
    assert likeness(one, other) == sum(each in one and each in other for each in smallest) / SKETCH


def test_labels_are_found_although_a_letter_is_misread() -> None:
    given = page((50, 120, "Customer refarence"), (200, 120, "HR-1"), (50, 140, "Bill no."), (50, 154, "HR-2"))
    searched = SearchedPage(given)
    assert searched.labels(["customer", "reference"]) == [(0, 1)]
    assert searched.labels(["bull", "no"]) == []  # short labels must be the same
    assert searched.beside(["customer", "reference"], is_left=True) == [((0, 1), 2)]
    assert searched.beside(["bill", "no"], is_left=False) == [((3, 4), 5)]
    assert searched.beside(["bill", "no"], is_left=True) == []


def test_more_noes_than_yeses_refuse_a_place() -> None:
    first, second = bill("HR-1", "1.00"), bill("HR-2", "2.00")
    yes = shown(first, "number", "identifier", "HR-1")
    no = Remembered(
        key="number",
        value_type="identifier",
        place=shown(second, "number", "identifier", "HR-2").place,
        template=template_of(second),
        is_right=False,
    )
    later = [bill("HR-3", "3.00")]
    assert found(later, yes, no) == {"number": ("HR-3", "rule")}
    assert found(later, no, yes, no) == {}


def test_a_rule_of_words_needs_no_example() -> None:
    rule = Remembered(key="reference", value_type="text", place=Place(left=["customer", "reference"]))
    assert found([bill("HR-1", "1.00")], rule) == {"reference": ("Mrs Tully", "model")}


def test_values_over_several_lines_come_whole() -> None:
    def letter(name: str, street: str) -> PageReading:
        return page((50, 40, LETTERHEAD), (50, 150, name), (50, 164, street), (50, 300, FOOTER))

    first = letter("Ada Quill", "9 Ink Lane")
    known = shown(first, "addressee", "text", "Ada Quill 9 Ink Lane")
    assert found([letter("Bo Reed", "4 Marsh End")], known) == {"addressee": ("Bo Reed 4 Marsh End", "rule")}


@pytest.mark.parametrize(
    ("text", "shape"), [("RE-2024/0815", "A-9/9"), ("12. März 2026", "9. A 9"), ("", ""), ("1.234,50 €", "9.9,9 €")]
)
def test_shapes(text: str, shape: str) -> None:
    assert shape_of(text) == shape


def reading(key: str, value: str, method: str) -> FieldReading:
    return FieldReading(
        key=key,
        value=value,
        value_type="text",
        raw_text=value,
        method=method,  # type: ignore[arg-type]
        producer="test-1",
        confidence=0.8 if method == "model" else None,
    )


def test_what_counts_when_memory_and_extractors_differ() -> None:
    extracted = [reading("a", "read", "model"), reading("b", "in the file", "embedded"), reading("c", "one", "model")]
    recalled = [reading("a", "shown", "rule"), reading("b", "shown", "rule"), reading("c", "two", "rule")]
    result = joined(extracted, [*recalled, reading("d", "new", "model")], repeatable={"c"})
    assert [(value.key, value.value) for value in result] == [
        ("a", "shown"),
        ("b", "in the file"),
        ("c", "one"),
        ("d", "new"),
    ]
    assert [other.value for other in result[0].alternatives] == ["read"]
    assert joined(extracted, [reading("a", "read", "rule")])[0].confidence == 0.8  # agreed: the probability stays
