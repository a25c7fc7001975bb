"""Pages of words for tests of the ranker: lines at places, as a reader gives them."""

from apps.extraction.engine.fields.ranking.sheet import Sheet
from apps.extraction.engine.fields.ranking.training.paper import Paper
from apps.extraction.engine.fields.types import FieldsInput
from apps.extraction.engine.layout import lay_out_document
from apps.extraction.engine.types import PageReading

Line = tuple[float, float, str]

INVOICE: list[Line] = [
    (50, 60, "Nordlicht Handel GmbH"),
    (50, 74, "Hafenstraße 12"),
    (50, 88, "20457 Hamburg"),
    (50, 140, "Rechnung an:"),
    (50, 154, "Kunden Union AG"),
    (50, 168, "Lindenweg 3"),
    (50, 182, "80331 München"),
    (330, 140, "Rechnungsnummer:"),
    (450, 140, "RE-2021-0042"),
    (330, 154, "Rechnungsdatum:"),
    (450, 154, "05.03.2021"),
    (330, 168, "Bestellnummer:"),
    (450, 168, "B-77120"),
    (330, 182, "Fällig am:"),
    (450, 182, "04.04.2021"),
    (50, 260, "Bezeichnung"),
    (330, 260, "Menge"),
    (480, 260, "Betrag"),
    (50, 275, "Beratung"),
    (330, 275, "2"),
    (480, 275, "200,00 €"),
    (330, 310, "Nettobetrag"),
    (480, 310, "200,00 €"),
    (330, 324, "MwSt. 19%"),
    (480, 324, "38,00 €"),
    (330, 338, "Gesamtbetrag"),
    (480, 338, "238,00 €"),
    (50, 760, "IBAN: DE89 3704 0044 0532 0130 00"),
    (330, 760, "USt-IdNr.: DE136695976"),
]
RECEIPT: list[Line] = [
    (60, 20, "GREEN CORNER SDN BHD"),
    (60, 34, "12, Jalan Cedar 3,"),
    (60, 48, "47500 Puchong, Selangor"),
    (60, 62, "Tel: 03-5542 3228"),
    (60, 90, "TAX INVOICE"),
    (20, 110, "Date: 24/03/2018 18:45"),
    (20, 124, "Invoice No: CS10217"),
    (20, 150, "Iced coffee"),
    (190, 150, "12.30"),
    (20, 164, "Sandwich"),
    (190, 164, "7.70"),
    (20, 190, "Total"),
    (190, 190, "RM 20.00"),
    (20, 204, "Cash"),
    (190, 204, "RM 50.00"),
    (20, 218, "Change"),
    (190, 218, "RM 30.00"),
    (60, 250, "Thank you, please come again"),
]


def page(lines: list[Line], width: float = 595, height: float = 842) -> PageReading:
    """Return a page with lines, laid out."""
    paper = Paper(width, height)
    for x, y, text in lines:
        paper.write(x, y, text)
    return next(iter(lay_out_document([paper.reading()], [])))


def document(lines: list[Line], label: str | None = None, width: float = 595, height: float = 842) -> FieldsInput:
    """Return a document of one page."""
    return FieldsInput(pages=[page(lines, width, height)], type_label=label)


def sheet(lines: list[Line], width: float = 595, height: float = 842) -> Sheet:
    """Return a document of one page as candidates see it."""
    return Sheet(document(lines, None, width, height))
