"""Sender and date of any document: from its type's own values, from letterheads, labels, address lines, signatures."""

import time

import pytest
from msgspec import structs

from apps.extraction.engine.fields.every_document import every_document_values
from apps.extraction.engine.fields.papers import paper_values
from apps.extraction.engine.fields.support import is_supported
from apps.extraction.engine.fields.types import FieldReading, FieldsInput
from apps.extraction.engine.types import PageReading, Word
from tests.unit.extraction.makers_pages import Line, page_of


def read(*pages: PageReading) -> dict[str, FieldReading]:
    """Return the values of a document by key, after asking that each stands where it says."""
    found = every_document_values(FieldsInput(pages=list(pages)), [])
    for value in (each for top in found for each in (top, *top.alternatives)):
        page = next(page for page in pages if page.number == value.page)
        assert value.box is not None
        assert is_supported(page.words, value.box, value.raw_text), value
        assert value.confidence is None
    return {value.key: value for value in found}


@pytest.mark.parametrize(
    ("lines", "sender", "day"),
    [
        (
            [
                Line("Northwind Logistics Inc.", 0.1, 0.05),
                Line("March 4, 2021", 0.6, 0.2),
                Line("Dear Ms. Okafor,", 0.1, 0.3),
            ],
            "Northwind Logistics Inc.",
            "2021-03-04",
        ),
        (
            [
                Line("Brandt Verlag GmbH \N{MIDDLE DOT} Hafenstr. 3 \N{MIDDLE DOT} 34117 Kassel", 0.1, 0.15, 0.008),
                Line("Frau Ingrid Weidner", 0.1, 0.18),
                Line("Kassel, den 7. Juni 2019", 0.6, 0.3),
                Line("Sehr geehrte Frau Weidner,", 0.1, 0.35),
                Line("bitte zahlen Sie bis zum 30.06.2019.", 0.1, 0.4),
            ],
            "Brandt Verlag GmbH",
            "2019-06-07",
        ),
        (
            [
                "MEMORANDUM",
                "From: Helen Pritchard",
                "To: All staff",
                "Date: 12 May 2020",
                "The office closes on 1 June 2020.",
            ],
            "Helen Pritchard",
            "2020-05-12",
        ),
        (
            [Line("Nantes, le 2 février 2018", 0.6, 0.2), Line("Madame,", 0.1, 0.3), "Cordialement,", "Claire Delorme"],
            "Claire Delorme",
            "2018-02-02",
        ),
        (
            [
                Line("Statement of account", 0.1, 0.2),
                "Statement date: 31/12/2022",
                "Date of birth: 14/02/1980",
                Line("Harbor Savings Bank Limited, 12 Quay Road", 0.1, 0.95),
            ],
            "Harbor Savings Bank Limited",
            "2022-12-31",
        ),
    ],
)
def test_rules(lines: list[Line | str], sender: str, day: str) -> None:
    """A letterhead, the line above an address, a label, a signature and a footer tell who; the date is no other one."""
    found = read(page_of(*lines))
    assert (found["sender"].value, found["document_date"].value) == (sender, day)


def test_alternatives_are_kept() -> None:
    """The other dates are one click away, the best first."""
    found = read(
        page_of("Date: 12 May 2020", "We met on 3 April 2020 and on 5 April 2020.", "Please answer by 30 June 2020.")
    )
    others = [value.value for value in found["document_date"].alternatives]
    assert set(others[:2]) == {"2020-04-03", "2020-04-05"}


def test_nothing_is_made_up() -> None:
    """A page without names and dates has neither sender nor date."""
    assert read(page_of("and so the boats went down the river", "until the evening came")) == {}
    assert every_document_values(FieldsInput(pages=[]), []) == []


def test_types_with_values_of_their_own() -> None:
    """An invoice's seller is its sender, with the same place, confidence and alternatives."""
    page = page_of("Other Firm GmbH", "Northwind Ltd.", "2020-01-02", "2021-03-04")

    def own(key: str, text: str, place: int, alternatives: list[FieldReading]) -> FieldReading:
        return FieldReading(
            key=key,
            value=text,
            value_type="text",
            raw_text=text,
            method="model",
            producer="test",
            confidence=0.9,
            page=1,
            words=[place],
            alternatives=alternatives,
        )

    date = own("issue_date", "2020-01-02", 5, [own("issue_date", "2021-03-04", 6, [])])
    found = every_document_values(FieldsInput(pages=[page]), [own("seller_name", "Northwind Ltd.", 3, []), date])
    assert [(value.key, value.value, value.confidence, value.words) for value in found] == [
        ("sender", "Northwind Ltd.", 0.9, [3]),
        ("document_date", "2020-01-02", 0.9, [5]),
    ]
    assert [(value.key, value.value) for value in found[1].alternatives] == [("document_date", "2021-03-04")]


def test_text_formats() -> None:
    """Formats without places give values without boxes."""
    text = "Minutes of the board\nDate: 4 March 2021\nFrom: Helen Pritchard"
    page = PageReading(number=1, width=0, height=0, rotation=0, text=text, text_source="native")
    found = {value.key: value for value in every_document_values(FieldsInput(pages=[page]), [])}
    assert found["document_date"].value == "2021-03-04"
    assert found["document_date"].box is None
    assert found["sender"].value == "Helen Pritchard"


@pytest.mark.parametrize(
    ("label", "text", "is_given"),
    [
        (
            None,
            "Invoice no. 4711\nDate: 4 March 2021\nVAT no. DE129273398\nDue date: 1 April 2021\nTotal: 119.00",
            False,
        ),
        ("invoice", "Date: 4 March 2021\nHarbour Light Ltd.", False),
        ("letter", "Your invoice no. 4711\nDate: 4 March 2021\nHarbour Light Ltd.", True),
        (None, "Minutes\nDate: 4 March 2021\nThe invoice no. 4711 was discussed; its total was 119.00", True),
    ],
)
def test_invoices_in_text_formats(label: str | None, text: str, is_given: bool) -> None:
    """An invoice's or receipt's sender and date are values of money: without a place to point at they are not given."""
    page = PageReading(number=1, width=0, height=0, rotation=0, text=text, text_source="native")
    document = FieldsInput(pages=[page], type_label=label)
    assert bool(every_document_values(document, [])) is is_given
    words = [Word(0.1, 0.1 * row, 0.9, 0.1 * row + 0.05, line) for row, line in enumerate(text.splitlines(), 1)]
    placed = structs.replace(page, width=595, height=842, words=words)
    assert every_document_values(structs.replace(document, pages=[placed]), [])


@pytest.mark.parametrize("unit", ["a", "A and ", "From: A | ", "January 1, ", "10.1234/", " " * 50 + "\n", "A B\n"])
def test_hostile_text_costs_little(unit: str) -> None:
    """Two million characters of a text format are searched in bounded time, for papers too."""
    text = (unit * (2_000_000 // len(unit) + 1))[:2_000_000]
    document = FieldsInput(
        pages=[PageReading(number=1, width=0, height=0, rotation=0, text=text, text_source="native")]
    )
    started = time.process_time()
    every_document_values(document, [])
    paper_values(document)
    assert time.process_time() - started < 10  # under 1 s here; what is quadratic takes minutes
