"""Line items: below heads in many words and languages, and what arithmetic puts right."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from apps.extraction.engine.fields import find_fields
from apps.extraction.engine.fields.lines.reading import line_items
from apps.extraction.engine.fields.types import FieldsInput, LineItem
from apps.extraction.engine.layout import lay_out_document
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.readers.grids import RawCell, grid_of
from apps.extraction.engine.reading import Engine
from apps.extraction.engine.types import PageReading, Word
from apps.pipeline.samples import Sample, generate

SAMPLES = [
    sample
    for sample in generate(today=date(2026, 11, 23))
    if sample.truth.line_items and sample.media_type == "application/pdf"
]
LETTER = 0.008  # of the page's width


def page(*lines: str, number: int = 1) -> PageReading:
    """Return a page of print of one width: where a word stands in its line is where it stands on the page."""
    words = []
    for row, line in enumerate(lines):
        start = 0
        for text in line.split():
            at = line.index(text, start)
            start = at + len(text)
            y = 0.05 + 0.025 * row
            words.append(Word(at * LETTER, y, start * LETTER, y + 0.012, text))
    text = "\n".join(lines)
    return PageReading(number=number, width=595, height=842, rotation=0, text=text, text_source="native", words=words)


def found(*pages: PageReading, kind: str = "invoice") -> list[LineItem]:
    values = line_items(FieldsInput(pages=list(pages), type_label=kind))
    assert len(values) <= 1
    return [line for value in values for line in value.value if isinstance(line, LineItem)]


def rows(*pages: PageReading) -> list[tuple[str, str, str, str, str]]:
    return [(line.description, line.quantity, line.unit_price, line.amount, line.tax_rate) for line in found(*pages)]


@pytest.mark.parametrize("sample", [pytest.param(sample, id=sample.name) for sample in SAMPLES])
def test_lines_of_sample_invoices(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(sample.content)
    engine = Engine()
    source = Source(path=path, media_type="application/pdf")
    pages = engine.read_pages(source, 1, engine.open(source).page_count).pages
    engine.close()
    (value,) = line_items(FieldsInput(pages=list(lay_out_document(pages, [])), type_label="invoice"))
    read = [msgspec.to_builtins(line) for line in value.value]
    truth = [dict(line) for line in sample.truth.line_items]
    assert len(read) == len(truth)
    for line, wanted in zip(read, truth, strict=True):
        assert line["description"].startswith(wanted["description"].split(",")[0][:24])
        assert [float(line[key]) for key in ("quantity", "unit_price", "amount")] == [
            float(wanted[key]) for key in ("quantity", "unit_price", "amount")
        ]
        assert line["tax_rate"] in {"", wanted["tax_rate"]}  # some print it once, below the lines


@pytest.mark.parametrize(
    "head",
    [
        "Description              Qty     Unit price     Amount",
        "Bezeichnung              Menge   Einzelpreis    Gesamt",
        "Désignation              Qté     Prix unit. HT  Montant HT",
        "Descripción              Cant.   Precio         Importe",
        "Descrizione              Q.tà    Prezzo         Importo",
        "Omschrijving             Aantal  Prijs          Bedrag",
        "Beskrivelse              Antal   Pris           Beløb",
        "Item                     Amount  Price          Total",  # a wrong name, put right by what stands below
    ],
)
def test_heads_in_many_languages(head: str) -> None:
    text = page(
        head,
        "Brass lamps, large       12          27.95      335.40",
        "  with wick and oil",
        "Signal cables             2          64.49      128.98",
        "Total                                           464.38",
        "Late fee                  1          10.00       10.00",
    )
    assert rows(text) == [
        ("Brass lamps, large with wick and oil", "12", "27.95", "335.40", ""),
        ("Signal cables", "2", "64.49", "128.98", ""),
    ]


def test_rates_units_and_thousands() -> None:
    text = page(
        "Pos  Bezeichnung          Menge      MwSt.    Einzelpreis      Gesamt",
        "1    Schreibtisch         3 Stück    19 %        1.489,00    4.467,00",
        "2    Handbuch             2 Stück     7 %           64,49      128,98",
        "Summe netto                                                  4.595,98",
    )
    assert rows(text) == [
        ("Schreibtisch", "3", "1489.00", "4467.00", "19"),
        ("Handbuch", "2", "64.49", "128.98", "7"),
    ]


def test_amounts_with_tax_are_told_without() -> None:
    text = page(
        "Description              Quantité    Prix unitaire     TVA",
        "Armoire                   64,0           120,50       10,0       8 483,20",
        "Bureau                    18,0           500,00       20,0      10 800,00",
    )
    assert rows(text) == [
        ("Armoire", "64", "120.50", "7712.00", "10"),
        ("Bureau", "18", "500.00", "9000.00", "20"),
    ]


def test_a_line_may_take_several_rows() -> None:
    text = page(
        "Pos   Beschreibung              Preis     Menge      Betrag",
        "1     Schweinesteak            5,5000      4 kg",
        "                                                      22,00",
        "      frisch aus Deutschland",
        "2     Pfand                    2,7700     20 Stk",
        "                                                      55,40",
        "Zwischensumme                                         77,40",
    )
    assert rows(text) == [
        ("Schweinesteak frisch aus Deutschland", "4", "5.50", "22.00", ""),
        ("Pfand", "20", "2.77", "55.40", ""),
    ]


def test_descriptions_may_stand_above_their_numbers() -> None:
    text = page(
        "Description              Qty     Price          Amount",
        "Brass lamps, large",
        "with wick",
        "                         12      27.95          335.40",
        "Signal cables",
        "                          2      64.49          128.98",
    )
    assert [line.description for line in found(text)] == ["Brass lamps, large with wick", "Signal cables"]


def test_thousands_apart_are_put_right_where_the_product_proves_it() -> None:
    text = page(
        "Description              Qté     Prix        Montant",
        "Bureau d'angle           21     78,00      1  638,00",
        "Flipover                  3     20,00          60,00",
    )
    assert [line.amount for line in found(text)] == ["1638.00", "60.00"]


def test_lines_without_a_head_are_believed_where_two_multiply() -> None:
    lines = [
        "Brass lamps              12          27.95      335.40",
        "Signal cables             2          64.49      128.98",
    ]
    two = page("Dear Ms Fuchs, we charge you for", *lines, "Total  464.38")
    assert [(line.description, line.amount) for line in found(two)] == [
        ("Brass lamps", "335.40"),
        ("Signal cables", "128.98"),
    ]
    assert found(page("Dear Ms Fuchs, we charge you for", lines[0], "Total  335.40")) == []


def test_lines_of_descriptions_and_amounts_only() -> None:
    text = page(
        "Leistung                                        Betrag",
        "Beratung im März                              1.200,00",
        "  zwei Tage vor Ort",
        "Reisekosten                                     184,50",
        "Summe netto                                   1.384,50",
        "zzgl. 19 % MwSt.                                263,06",
    )
    assert [(line.description, line.amount) for line in found(text)] == [
        ("Beratung im März zwei Tage vor Ort", "1200.00"),
        ("Reisekosten", "184.50"),
    ]
    assert found(page("Our services in detail    amount to much more", "Lamps             12.00")) == []


def test_dates_and_notes_are_no_lines() -> None:
    text = page(
        "Description              Qty     Price          Amount",
        "Brass lamps              12      27.95          335.40",
        "delivered 05.03.2026 to 06.03.2026 in 2 boxes",
        "batch                    4.5     15.00",
        "Signal cables             2      64.49          128.98",
    )
    assert [line.amount for line in found(text)] == ["335.40", "128.98"]


def test_lines_go_on_over_pages() -> None:
    head = "Description              Qty     Price          Amount"
    first = page(head, "Brass lamps              12      27.95          335.40")
    second = page(head, "Signal cables             2      64.49          128.98", "Total  464.38", number=2)
    assert [line.amount for line in found(first, second)] == ["335.40", "128.98"]
    (value,) = line_items(FieldsInput(pages=[first, second], type_label="invoice"))
    assert (value.page, value.method, value.confidence) == (1, "rule", None)
    assert value.box is not None
    assert {first.words[index].text for index in value.words} >= {"12", "27.95", "335.40"}
    assert "Qty" not in {first.words[index].text for index in value.words}


def test_tables_of_formats_without_pages() -> None:
    cells = [["Item", "Qty", "Price", "Total"], ["Brass lamps", "12", "27.95", "335.40"], ["Total", "", "", "335.40"]]
    table = grid_of([[RawCell(text) for text in row] for row in cells], header_rows=1)
    assert table is not None
    sheet = PageReading(number=1, width=0, height=0, rotation=0, text="Item Qty", text_source="native")
    (value,) = line_items(FieldsInput(pages=[sheet], tables=[table], type_label="invoice"))
    assert value.value == [LineItem(description="Brass lamps", quantity="12", unit_price="27.95", amount="335.40")]
    assert (value.box, value.words) == (None, [])


def test_only_invoices_have_lines_and_sums_are_checked() -> None:
    text = page(
        "Description              Qty     Price          Amount",
        "Brass lamps              12      27.95          335.40",
    )
    assert found(text, kind="contract") == []
    assert found(page("Thank you for your order")) == []
    assert found(page()) == []
    values = find_fields(FieldsInput(pages=[text], type_label="invoice"))
    (lines,) = [value for value in values if value.key == "line_items"]
    assert "note: quantity times price makes the amount in 1 of 1 lines" in lines.checks
