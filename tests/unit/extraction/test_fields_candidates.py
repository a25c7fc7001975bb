"""What could be a value, what stands around it, and which amounts fit each other."""

import msgspec
import pytest

from apps.extraction.engine.fields.ranking import arithmetic, parties, surroundings
from apps.extraction.engine.fields.ranking.candidates import Candidate, Kind, habits_of, plain_candidates
from apps.extraction.engine.fields.ranking.features import by_kind, feature_names, ranked
from apps.extraction.engine.fields.ranking.labels import lexicon
from apps.extraction.engine.fields.ranking.mending import mended_address
from apps.extraction.engine.fields.ranking.sheet import Sheet
from apps.extraction.engine.types import Word
from tests.unit.extraction.ranking_pages import INVOICE, RECEIPT, document, sheet


def found(of: Sheet, kind: Kind) -> list[Candidate]:
    return [each for each in plain_candidates(of, habits_of(of)) if each.kind == kind]


def around(candidate: Candidate) -> dict[str, float]:
    near = surroundings.around(candidate)
    return {name: near.get(place, 0.0) for place, name in enumerate(surroundings.names())}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("date", ["2021-03-05", "2021-04-04"]),
        ("iban", ["DE89370400440532013000"]),
        ("vat_id", ["DE136695976"]),
        ("currency", ["EUR"] * 4),
    ],
)
def test_candidates_of_an_invoice(kind: Kind, values: list[str]) -> None:
    assert [each.value for each in found(sheet(INVOICE), kind)] == values


def test_numbers_and_amounts_stand_where_they_are_printed() -> None:
    page = sheet(INVOICE)
    numbers = {each.value: each for each in found(page, "number")}
    assert {"RE-2021-0042", "B-77120"} <= numbers.keys()
    words = page.pages[0].reading.words
    assert [words[index].text for index in numbers["B-77120"].words] == ["B-77120"]
    amounts = [each for each in found(page, "amount") if each.facts["decimals"] == 2]
    assert [(each.value, each.currency) for each in amounts] == [
        ("200.00", "EUR"),
        ("200.00", "EUR"),
        ("38.00", "EUR"),
        ("238.00", "EUR"),
    ]


def test_labels_left_and_above_are_near() -> None:
    page = sheet(
        [*INVOICE, (50, 400, "Due date"), (150, 400, "Order no."), (50, 414, "01.02.2022"), (150, 414, "4711")]
    )
    dates = {each.value: around(each) for each in found(page, "date")}
    assert dates["2021-03-05"]["left:issue_date"] > dates["2021-03-05"]["left:due_date"] == 0
    assert dates["2022-02-01"]["above:due_date"] == 1
    assert dates["2022-02-01"]["above:order_reference"] == 0
    number = next(each for each in found(page, "number") if each.value == "4711")
    assert around(number)["above:order_reference"] == 1


def test_an_account_number_goes_on_in_the_next_line() -> None:
    page = sheet([(50, 100, "IBAN"), (50, 114, "DE89 3704 0044 0532"), (50, 128, "0130 00")])
    assert "DE89370400440532013000" in [each.value for each in found(page, "iban")]


def test_a_zero_that_was_read_as_a_letter_is_mended_on_recognised_pages_only() -> None:
    given = document([(50, 100, "No. BCO5495"), (50, 120, "Order PO123")])
    read = given.pages[0]
    seen = [Word(word.x0, word.y0, word.x1, word.y1, word.text, 0.9) for word in read.words]
    recognised = msgspec.structs.replace(given, pages=[msgspec.structs.replace(read, words=seen)])
    assert [each.value for each in found(Sheet(given), "number")] == ["BCO5495", "PO123"]
    assert [each.value for each in found(Sheet(recognised), "number")] == ["BC05495", "PO123"]


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("Invoice No.", {"invoice_number"}),
        ("Rechnungs-Nr.:", {"invoice_number"}),
        ("Date d'échéance", {"due_date"}),
        ("lnvoice Date", {"issue_date"}),
        ("DueDate", {"due_date"}),
        ("Gesamtbetrag", {"grand_total"}),
        ("Sous-total HT", {"net_total"}),
        ("nothing here", set()),
    ],
)
def test_labels_are_known_in_several_languages_and_misread(text: str, concepts: set[str]) -> None:
    assert {mention.concept for mention in lexicon().mentions(text.split())} == concepts


def test_net_and_tax_that_make_a_total_have_their_roles() -> None:
    amounts = found(sheet(INVOICE), "amount")
    assert [tuple(map(str, triple[:3])) for triple in arithmetic.triples(amounts)] == [("200.00", "38.00", "238.00")]
    roles = arithmetic.roles(amounts)
    names = arithmetic.role_names()
    by_value = {each.value: dict(zip(names, roles[id(each)], strict=True)) for each in amounts}
    assert by_value["238.00"]["role:exact_gross"] == 1
    assert by_value["38.00"]["role:exact_tax"] == 1
    assert by_value["200.00"]["role:net"] == 1
    assert by_value["238.00"]["role:net"] == 0


def test_cash_less_change_and_lines_that_add_up() -> None:
    amounts = found(sheet(RECEIPT, 240, 300), "amount")
    roles = arithmetic.roles(amounts)
    total = next(each for each in amounts if each.value == "20.00")
    told = dict(zip(arithmetic.role_names(), roles[id(total)], strict=True))
    assert (told["role:less_change"], told["role:sum_of_above"]) == (1, 1)


def test_names_without_company_numbers_and_addresses_without_telephones() -> None:
    page = sheet([(60, 20, "GARDEN BAKERY (KL) SDN BHD (139386 X)"), *RECEIPT[1:]], 320, 300)
    assert "GARDEN BAKERY (KL) SDN BHD" in [each.value for each in parties.names(page, joined=True)]
    told = [each.value for each in parties.addresses(page)]
    assert "12, Jalan Cedar 3, 47500 Puchong, Selangor" in told


def test_a_line_that_names_the_kind_of_document_ends_an_address() -> None:
    lines = [
        (60.0, 20.0, "4 Harbour Road"),
        (60.0, 32.0, "Ticket Lane, Dover"),
        (60.0, 44.0, "* TAX INVOICE *"),
        (60.0, 56.0, "9 May Road"),
    ]
    told = {each.value for each in parties.addresses(sheet(lines, 320, 300))}
    assert {"4 Harbour Road Ticket Lane, Dover", "9 May Road"} <= told
    assert not any("INVOICE" in each for each in told)


def test_a_name_after_its_label_and_a_name_that_holds_one() -> None:
    page = sheet([(50, 60, "Bill to: Acme Ltd"), (50, 90, "Kunden AG Mitte")])
    told = [each.value for each in parties.names(page, joined=False)]
    assert "Acme Ltd" in told
    assert "Kunden AG Mitte" in told
    assert "AG Mitte" not in told


def test_every_kind_has_a_row_of_named_features() -> None:
    page = sheet(INVOICE)
    candidates = [*plain_candidates(page, habits_of(page)), *parties.names(page, joined=True), *parties.addresses(page)]
    kinds = by_kind(candidates)
    assert len(kinds) == 8
    for kind, own in kinds.items():
        matrix = ranked(page, kind, own, candidates).matrix
        assert matrix.shape == (len(own), len(feature_names(kind)))
        assert len(set(feature_names(kind))) == len(feature_names(kind))


def test_pages_without_words_have_no_candidates() -> None:
    assert list(Sheet(document([])).pieces()) == []
    assert list(parties.addresses(Sheet(document([])))) == []


@pytest.mark.parametrize(
    ("read", "mended"),
    [
        ("Lot 3, Jaian Pelabur, 4330O Kajang", "Lot 3, Jalan Pelabur, 43300 Kajang"),
        ("7, J1n SS21/34", "7, Jln SS21/34"),
        ("12 STAT1ON ROAD", "12 STAT1ON ROAD"),
        ("D-08, M AVENUE", "D-08, M AVENUE"),
        ("10 bold street, 100 Oslo", "10 bold street, 100 Oslo"),
    ],
)
def test_addresses_are_mended_where_a_known_word_comes_out(read: str, mended: str) -> None:
    assert mended_address(read) == mended


@pytest.mark.parametrize(
    ("line", "kind", "value"),
    [
        ("DE89 3704 0044 0532 0130 00 BIC COBADEFF", "iban", "DE89370400440532013000"),
        ("IBAN FR76 3000 6000 0112 3456 7890 189 BIC AGRIFRPP", "iban", "FR7630006000011234567890189"),
        ("VAT GB 980 7806 84 REG 0123", "vat_id", "GB980780684"),
    ],
)
def test_words_behind_a_number_are_no_part_of_it(line: str, kind: Kind, value: str) -> None:
    assert [(each.value, each.facts["valid"]) for each in found(sheet([(50, 60, line)]), kind)] == [(value, 1.0)]
