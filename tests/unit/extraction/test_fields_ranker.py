"""Trees as arrays, choices that fit each other, and values that the page bears out."""

from pathlib import Path
from time import process_time

import msgspec
import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from apps.extraction.engine.fields.ranking.candidates import Candidate, Kind, habits_of, plain_candidates
from apps.extraction.engine.fields.ranking.choosing import choose
from apps.extraction.engine.fields.ranking.evidence import schema_of
from apps.extraction.engine.fields.ranking.features import Ranked
from apps.extraction.engine.fields.ranking.parties import names
from apps.extraction.engine.fields.ranking.ranker import (
    Calibration,
    Ranker,
    RankerError,
    Settings,
    feature_hashes,
    load_ranker,
    shipped,
)
from apps.extraction.engine.fields.ranking.reading import ranked_fields, supported_text
from apps.extraction.engine.fields.ranking.sheet import Sheet
from apps.extraction.engine.fields.ranking.training.growing import forest_of
from apps.extraction.engine.fields.ranking.trees import Forest
from apps.extraction.engine.fields.support import is_supported
from apps.extraction.engine.fields.types import FieldsInput
from apps.extraction.engine.types import Word
from tests.unit.extraction.ranking_pages import INVOICE, RECEIPT, document, sheet


@pytest.fixture(scope="module")
def fitted() -> tuple[HistGradientBoostingClassifier, np.ndarray]:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(600, 7)).astype(np.float32).round(1)
    right = rows[:, 0] + rows[:, 1] * rows[:, 2] + rng.normal(size=600) * 0.3 > 0.5
    return HistGradientBoostingClassifier(max_iter=25, random_state=0).fit(rows, right), rows


def test_trees_score_as_the_library_that_grew_them(fitted: tuple[HistGradientBoostingClassifier, np.ndarray]) -> None:
    model, rows = fitted
    more = np.random.default_rng(2).normal(size=(400, 7)).astype(np.float32)
    for matrix in (rows, more):
        assert np.allclose(forest_of(model).scores(matrix), model.decision_function(matrix), atol=1e-5)


def test_trees_survive_the_way_over_tensors(fitted: tuple[HistGradientBoostingClassifier, np.ndarray]) -> None:
    model, rows = fitted
    forest = forest_of(model)
    again = Forest.of_tensors(forest.tensors("total"), "total")
    assert np.array_equal(again.scores(rows), forest.scores(rows))
    with pytest.raises(KeyError):
        Forest.of_tensors(forest.tensors("total"), "date")


def ranker(forest: Forest) -> Ranker:
    calibration = Calibration(
        weights={"score": 1.0, "lead": 0.1, "reading_other": 0.5}, by_key={"total": -0.5}, fitted_on="nothing: a test"
    )
    settings = Settings(
        schema="receipt", name="test", features=feature_hashes("receipt"), calibration=calibration, least=0.3
    )
    return Ranker(settings, {"total": forest})


def test_a_ranker_on_disk(fitted: tuple[HistGradientBoostingClassifier, np.ndarray], tmp_path: Path) -> None:
    model, rows = fitted
    saved = ranker(forest_of(model)).save(tmp_path)
    again = load_ranker(tmp_path)
    assert again.settings == saved.settings
    assert again.producer == saved.producer
    assert np.array_equal(again.forests["total"].scores(rows), saved.forests["total"].scores(rows))
    weights = tmp_path / "ranker.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(RankerError, match="do not belong together"):
        load_ranker(tmp_path)


def test_a_ranker_of_other_features_is_refused(
    fitted: tuple[HistGradientBoostingClassifier, np.ndarray], tmp_path: Path
) -> None:
    ranker(forest_of(fitted[0])).save(tmp_path)
    settings = tmp_path / "ranker.json"
    settings.write_text(settings.read_text().replace(feature_hashes("receipt")["date"], "0" * 16))
    with pytest.raises(RankerError, match="train_fields"):
        load_ranker(tmp_path)


def amounts(page: Sheet) -> list[Candidate]:
    found = [each for each in plain_candidates(page, habits_of(page)) if each.kind == "amount"]
    return [each for each in found if each.facts["decimals"] == 2]


def ranked_amounts(page: Sheet) -> dict[Kind, Ranked]:
    own = amounts(page)
    return {"amount": Ranked("amount", own, np.zeros((len(own), 1), dtype=np.float32))}


def test_sums_that_add_up_win_over_slightly_better_ones() -> None:
    ranked = ranked_amounts(sheet(INVOICE))  # 200, 200, 38, 238
    scores = {
        "net_total": np.array([1.0, 0.8, -4.0, -4.0]),
        "tax_total": np.array([-4.0, -4.0, 0.2, 0.9]),
        "grand_total": np.array([-4.0, -4.0, -4.0, 2.0]),
    }
    found = choose("invoice", ranked, scores)
    assert {key: choice.candidate.value for key, choice in found.items()} == {
        "net_total": "200.00",
        "tax_total": "38.00",
        "grand_total": "238.00",
    }


def test_a_percentage_is_no_sum_of_money_unless_it_is_none() -> None:
    page = sheet([(50, 60, "Tax"), (150, 60, "(8.25 %)"), (250, 60, "21.11"), (350, 60, "0 %")])
    own = [each for each in plain_candidates(page, habits_of(page)) if each.kind == "amount"]
    ranked: dict[Kind, Ranked] = {"amount": Ranked("amount", own, np.zeros((len(own), 1), dtype=np.float32))}
    assert [each.value for each in own] == ["-8.25", "21.11", "0"]
    assert choose("invoice", ranked, {"tax_total": np.array([3.0, 1.0, 0.0])})["tax_total"].candidate.value == "21.11"
    assert choose("invoice", ranked, {"tax_total": np.array([3.0, 1.0, 2.0])})["tax_total"].candidate.value == "0"


def test_nobody_buys_from_themselves() -> None:
    own = list(
        names(sheet([(50, 60, "Schreinerei Blum"), (50, 90, "Anna Kern"), (50, 120, "Total due")]), joined=False)
    )
    ranked: dict[Kind, Ranked] = {"name": Ranked("name", own, np.zeros((len(own), 1), dtype=np.float32))}
    scores = {"seller_name": np.array([0.5, 1.0, -3.0]), "buyer_name": np.array([-2.0, 0.9, -3.0])}
    found = choose("invoice", ranked, scores)
    assert found["seller_name"].candidate.value == "Schreinerei Blum"
    assert found["buyer_name"].candidate.value == "Anna Kern"


def test_no_words_are_two_fields() -> None:
    ranked = ranked_amounts(sheet(RECEIPT, 240, 300))
    count = len(ranked["amount"].candidates)
    scores = {"total": np.linspace(0, 3, count), "tax_total": np.linspace(0, 2, count)}
    found = choose("receipt", ranked, scores)
    assert found["total"].candidate.words != found["tax_total"].candidate.words
    assert found["total"].lead == pytest.approx(3 / (count - 1))
    assert len(found["total"].others) == 2


@pytest.mark.parametrize(
    ("label", "shares", "lines", "size", "schema"),
    [
        ("invoice", {}, [(50.0, 60.0, "Hello")], (595, 842), "invoice"),
        ("receipt", {}, [(50.0, 60.0, "Hello")], (595, 842), "receipt"),
        ("letter", {}, INVOICE, (595, 842), None),
        ("letter", {"letter": 0.5, "invoice": 0.4}, INVOICE, (595, 842), "invoice"),
        ("letter", {"receipt": 0.4}, [(50.0, 60.0, "Dear Ada, 4.50 of the total is yours.")], (595, 842), None),
        (None, {}, INVOICE, (595, 842), "invoice"),
        (None, {}, RECEIPT, (240, 480), "receipt"),
        (None, {}, [(50.0, 60.0, "Dear Sir or Madam, the total of 4.50 was paid.")], (595, 842), None),
        ("invoice", {}, [], (595, 842), None),
    ],
)
def test_which_fields_are_looked_for(
    label: str | None,
    shares: dict[str, float],
    lines: list[tuple[float, float, str]],
    size: tuple[float, float],
    schema: str | None,
) -> None:
    given = document(lines, label, *size)
    assert schema_of(Sheet(FieldsInput(pages=given.pages, type_label=label, type_shares=shares))) == schema


def test_an_invoice_is_read() -> None:
    found = {value.key: value for value in ranked_fields(document(INVOICE, "invoice"))}
    assert {key: value.value for key, value in found.items()} == {
        "invoice_number": "RE-2021-0042",
        "issue_date": "2021-03-05",
        "due_date": "2021-04-04",
        "order_reference": "B-77120",
        "currency": "EUR",
        "seller_name": "Nordlicht Handel GmbH",
        "seller_vat_id": "DE136695976",
        "buyer_name": "Kunden Union AG",
        "iban": "DE89370400440532013000",
        "net_total": "200.00",
        "tax_total": "38.00",
        "grand_total": "238.00",
    }
    assert {value.method for value in found.values()} == {"model"}
    assert found["grand_total"].producer == shipped("invoice").producer
    assert all(value.confidence is None or 0 < value.confidence < 1 for value in found.values())


def test_a_receipt_is_read_even_without_a_type() -> None:
    found = {value.key: value.value for value in ranked_fields(document(RECEIPT, None, 240, 480))}
    assert found["merchant_name"] == "GREEN CORNER SDN BHD"
    assert found["merchant_address"] == "12, Jalan Cedar 3, 47500 Puchong, Selangor"
    assert (found["date"], found["total"], found["currency"]) == ("2018-03-24", "20.00", "MYR")


@pytest.mark.parametrize(("lines", "label"), [(INVOICE, "invoice"), (RECEIPT, "receipt")])
def test_every_value_stands_where_it_says(lines: list[tuple[float, float, str]], label: str) -> None:
    given = document(lines, label)
    words = given.pages[0].words
    values = ranked_fields(given)
    others = [other for value in values for other in value.alternatives]
    for value in [*values, *others]:
        assert value.page == 1
        assert value.box is not None
        assert value.words
        assert is_supported(words, value.box, value.raw_text)


@pytest.mark.parametrize("label", ["invoice", "receipt"])
def test_words_without_any_height_are_no_reason_to_fail(label: str) -> None:
    words = [Word(0.1, 0.1, 0.1, 0.1, text) for text in ("Invoice", "Total", "12.00")]
    page = msgspec.structs.replace(document([(50, 60, "x")]).pages[0], words=words, text="Invoice Total 12.00")
    assert all(value.page == 1 for value in ranked_fields(FieldsInput(pages=[page], type_label=label)))


def test_raw_text_follows_the_order_of_the_page_or_is_none() -> None:
    page = document([(50, 60, "Alpha Beta")]).pages[0]
    box = (0.0, 0.0, 0.5, 0.1)
    assert supported_text(page, box, "Alpha Beta") == "Alpha Beta"
    assert supported_text(page, box, "Beta Alpha") == "Alpha Beta"
    assert supported_text(page, box, "Gamma") is None
    swapped = [Word(0.9, 0.9, 0.95, 0.95, "far")]
    assert not is_supported(swapped, box, "far")


def test_a_word_at_the_edge_of_the_box_stands_between_no_others() -> None:
    """Stored places are rounded: what a box bears out, it does a hair larger too."""
    line = [
        Word(0.1, 0.1, 0.2, 0.12, "Alpha"),
        Word(0.14, 0.1225, 0.16, 0.1235, "mark"),
        Word(0.21, 0.1, 0.3, 0.12, "Beta"),
    ]
    box = (0.1, 0.1, 0.3, 0.122)
    assert not is_supported(line, box, "Alpha Beta")
    assert is_supported(line, box, "Alpha")
    assert is_supported([line[0], line[2], line[1]], box, "Alpha Beta")
    assert is_supported([line[0], line[2]], box, "Alpha Beta")


def test_pages_made_to_be_slow_are_read_in_time() -> None:
    places = [(0.01 + 0.0195 * column, 0.01 + 0.016 * row, row, column) for row in range(60) for column in range(50)]
    dense = [Word(x, y, x + 0.008, y + 0.006, f"{row}.{column:02d}") for x, y, row, column in places]
    endless = [Word(0.1, 0.1, 0.9, 0.12, "DE12 " + "A1" * 50_000), Word(0.1, 0.2, 0.9, 0.22, "1 " * 50_000)]
    given = document(INVOICE, "invoice").pages[0]
    pages = [msgspec.structs.replace(given, number=number, words=words) for number, words in ((1, dense), (2, endless))]
    started = process_time()
    ranked_fields(FieldsInput(pages=pages, type_label="invoice"))
    assert process_time() - started < 5
