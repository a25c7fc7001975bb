"""The second stage: what tells a right choice from a wrong one, and how it is fitted to outcomes."""

import random
from dataclasses import replace

import numpy as np
import pytest

from apps.extraction.engine.fields import find_fields
from apps.extraction.engine.fields.ranking.candidates import habits_of, plain_candidates
from apps.extraction.engine.fields.ranking.ranker import shipped
from apps.extraction.engine.fields.ranking.signs import SIGNS
from apps.extraction.engine.fields.ranking.training.calibrating import calibrate, cross_calibrated
from apps.extraction.engine.fields.ranking.training.judging import Judged
from apps.extraction.engine.fields.ranking.training.paper import misread
from apps.extraction.engine.fields.types import FieldReading, FieldsInput
from tests.unit.extraction.ranking_pages import INVOICE, Line, document, sheet

IBAN, VAT_ID = "IBAN: DE89 3704 0044 0532 0130 00", "USt-IdNr.: DE136695976"
CREDIT_NOTES: list[tuple[list[Line], str]] = [
    ([(400, 60, "CREDIT NOTE"), (400, 80, "Credit Note No: 00452"), (400, 94, "Original Invoice No: 20931")], "00452"),
    (
        [(400, 60, "GUTSCHRIFT"), (400, 80, "Gutschrift-Nr.: 2024-031"), (400, 94, "zu Rechnung Nr.: 2024-198")],
        "2024-031",
    ),
    ([(400, 60, "AVOIR"), (400, 80, "Avoir n° : 2024-11"), (400, 94, "Facture d'origine : 2024-88")], "2024-11"),
]


def invoice_fields(rows: list[Line]) -> dict[str, FieldReading]:
    pages = document(rows).pages
    return {value.key: value for value in find_fields(FieldsInput(pages=pages, type_label="invoice"))}


def judged(number: int, *, fails: bool, is_right: bool) -> Judged:
    signs = {**dict.fromkeys(SIGNS, 0.0), "sums_fail": float(fails), "score": number % 3 - 1.0}
    return Judged(
        document=str(number), source="ours", group=str(number), fold=number % 2, key="grand_total", signs=signs,
        is_right=is_right, is_there=True,
    )  # fmt: skip


def outcomes(count: int) -> list[Judged]:
    """Return choices, a quarter of them in sums that fail: of those one in three is right, of the others 19 in 20."""
    rows = [(number, number % 4 == 0) for number in range(count)]
    return [judged(number, fails=bad, is_right=number % 12 == 0 if bad else number % 20 != 1) for number, bad in rows]


@pytest.mark.parametrize(
    ("printed", "changed", "keys", "failure", "sign"),
    [
        ("38,00 €", "41,00 €", ["net_total", "tax_total", "grand_total"], "failed: 200.00 net", "sums_fail"),
        (IBAN, IBAN[:-1] + "1", ["iban"], "failed: the check digits do not hold", "iban_fails"),
        (VAT_ID, VAT_ID[:-1] + "7", ["seller_vat_id"], "failed: the check digits do not hold", "vat_id_fails"),
        ("04.04.2021", "04.02.2021", ["issue_date", "due_date"], "failed: due before", "days_reversed"),
        ("238,00 €", "238,00 £", ["grand_total", "currency"], "failed: amounts are told in", "currency_differs"),
    ],
)
def test_a_check_that_fails_lowers_the_probability(
    printed: str, changed: str, keys: list[str], failure: str, sign: str
) -> None:
    """It is shown with the values concerned, and counts against them as much as it did in the outcomes."""
    fine = invoice_fields(INVOICE)
    odd = invoice_fields([(x, y, changed if text == printed else text) for x, y, text in INVOICE])
    for key in keys:
        assert not any(check.startswith("failed") for check in fine[key].checks)
        assert any(check.startswith(failure) for check in odd[key].checks), key
        assert (odd[key].confidence or 0) < (fine[key].confidence or 0), key
    assert shipped("invoice").settings.calibration.weights[sign] < 0


def test_misread_pages_differ_in_single_digits() -> None:
    """So that checks fail which hold on what was printed; the same seed misreads the same."""
    (plain,) = document(INVOICE).pages
    wrong, again = (misread(plain, random.Random(4), 0.3) for _ in range(2))  # noqa: S311  (pages that repeat)
    assert wrong == again
    changed = [(old.text, new.text) for old, new in zip(plain.words, wrong.words, strict=True) if old.text != new.text]
    assert changed
    for old, new in changed:
        (difference,) = ((one, other) for one, other in zip(old, new, strict=True) if one != other)
        assert all(map(str.isdecimal, difference))


def test_failing_sums_are_weighed_by_outcomes() -> None:
    found = calibrate(outcomes(200), [], "a test")
    assert found.weights["sums_fail"] < -1
    signs = dict.fromkeys(SIGNS, 0.0)
    assert found.probability("grand_total", {**signs, "sums_fail": 1.0}) < 0.6 < found.probability("grand_total", signs)


def test_generated_outcomes_tell_of_signs_and_not_of_fields() -> None:
    """Labelled choices without any failing sum: what it means is learned from generated ones, how sure it is is not."""
    labelled = [judged(number, fails=False, is_right=number % 4 > 0) for number in range(80)]
    alone, helped = calibrate(labelled, [], "a test"), calibrate(labelled, outcomes(400), "a test")
    assert alone.weights["sums_fail"] == 0
    assert helped.weights["sums_fail"] < -1
    signs = dict.fromkeys(SIGNS, 0.0)
    assert helped.probability("grand_total", signs) == pytest.approx(0.75, abs=0.1)


def test_shares_of_a_fold_come_from_the_others() -> None:
    rows = outcomes(120)
    turned = [replace(row, is_right=not row.is_right) if row.fold == 0 else row for row in rows]
    before, after = (np.hstack(cross_calibrated(given, [], given)) for given in (rows, turned))
    changed = {row.fold for row, was, became in zip([*rows, *rows], before, after, strict=True) if was != became}
    assert changed == {1}


def test_two_readings_of_a_document_tell_what_recognition_costs() -> None:
    """With words read for sure fewer choices are wrong: one fit serves both, and by as much as outcomes say."""

    def choices(reading: float, right_of_ten: int) -> list[Judged]:
        rows = [judged(number, fails=False, is_right=number // 2 % 10 < right_of_ten) for number in range(400)]
        return [replace(row, signs={**row.signs, "reading_other": reading}) for row in rows]

    recognised, written = choices(-0.5, 7), choices(0.0, 9)
    for shares, expected in zip(cross_calibrated(recognised, [], written), (0.7, 0.9), strict=True):
        assert shares.mean() == pytest.approx(expected, abs=0.05)


def test_a_date_is_open_where_nothing_proves_its_order() -> None:
    def is_open(*texts: str) -> list[float]:
        page = sheet([(50, 60 + 14 * number, text) for number, text in enumerate(texts)])
        return [each.facts["open"] for each in plain_candidates(page, habits_of(page)) if each.kind == "date"]

    assert is_open("Invoice date 03/04/2024") == [1.0]
    assert is_open("Invoice date 03/04/2024", "Due 25/04/2024") == [0.0, 0.0]
    assert is_open("Invoice date 03/04/2024", "Issued on 4 March 2024") == [0.0, 0.0]


@pytest.mark.parametrize(("rows", "number"), CREDIT_NOTES)
def test_a_credit_note_has_its_own_number(rows: list[Line], number: str) -> None:
    head = [row for row in INVOICE if row[2] not in {"Rechnungsnummer:", "RE-2021-0042", "Bestellnummer:", "B-77120"}]
    assert invoice_fields([*head, *rows])["invoice_number"].value == number
