import numpy as np
import pytest

from apps.classification.engine.document_text import READ_CHARACTERS
from apps.classification.engine.evidence import (
    READ_CHUNKS,
    EvidenceSource,
    document_vector,
    evidence_of,
    first_vector,
    name_weights,
)
from apps.classification.engine.labels import OTHER, TYPE_LABELS
from apps.classification.engine.words import NameMatcher, _words, hashed_words, tokens, weigh

CONTRACT_LABELS = {
    "contract", "court_document", "earnings_press_release", "email", "financial_report", "invoice", "job_posting",
    "legislation", "medical_report", "meeting_minutes", "news_article", "privacy_policy", "receipt", "resume",
    "scientific_paper", "terms_of_service", "travel_ticket", "letter", "bank_statement", "insurance", "tax", "payslip",
    "form", "manual", "presentation",
}  # fmt: skip


def test_the_catalogue_holds_the_contracts_types() -> None:
    assert {label.slug for label in TYPE_LABELS} == CONTRACT_LABELS
    assert OTHER not in CONTRACT_LABELS
    assert all(label.descriptions and label.names for label in TYPE_LABELS)
    assert all(name == name.lower() for label in TYPE_LABELS for name in label.names)
    for label in TYPE_LABELS:
        matched = [" ".join(_words(name)) for name in label.names]
        assert len(set(matched)) == len(matched), label.slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Übergröße, a x2", ["die", "übergröße", "#1"]),
        ("Total 1234.50", ["total", "#4", "#2"]),
        ("1234567 snake_case", ["#5", "snake", "case"]),
        ("乗車券 2枚", ["乗車", "車券", "#1"]),
        ("BOM卡通售卡 a線", ["bom", "卡通", "通售", "售卡"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_words_are_counted_in_buckets_that_never_change() -> None:
    indices, values = hashed_words("total total amount", buckets=1 << 20)
    found = dict(zip(indices.tolist(), values.tolist(), strict=True))
    assert found == {1040734: pytest.approx(1 + np.log(2)), 94274: pytest.approx(1.0)}


def test_only_the_beginning_is_read() -> None:
    text = "a" * READ_CHARACTERS + " invoice"
    assert "invoice" not in tokens(text)
    assert NameMatcher([["invoice"]]).find(text).tolist() == [[False], [False]]


def test_weighed_words_have_unit_length_and_no_words_none() -> None:
    frequencies = np.array([1, 2, 1, 5], dtype=np.float32)
    weighed = weigh(np.array([1, 3]), np.array([1, 1], dtype=np.float32), frequencies)
    np.testing.assert_allclose(weighed, np.array([2, 5]) / np.sqrt(29), rtol=1e-6)
    assert weigh(np.array([], dtype=np.int64), np.array([], dtype=np.float32), frequencies).shape == (0,)


def test_names_match_whole_words_across_lines() -> None:
    matcher = NameMatcher([["due date", "bill"], ["date"]])
    assert matcher.owners.tolist() == [0, 0, 1]
    in_title, in_text = matcher.find("Billing, due\nDATE due date" + " " * 400 + "the bill: 3").tolist()
    assert in_title == [True, False, True]
    assert in_text == [True, True, True]


@pytest.mark.parametrize(
    ("name", "text", "is_there"),
    [
        ("rückgeld", "RUCKGELD 3,20", True),  # a recogniser for English reads no umlauts
        ("bilhete", "o Bilhete", True),
        ("bilhete", "bilhetes", False),
        ("dia", "un día", False),  # another word
        ("día", "un dia", True),
        ("résumé", "Re\u0301sume\u0301", True),  # written in another form
        ("车票", "请保留车票以备查验", True),
        ("乗車券", "特急券・乗車券", True),
        ("승차권", "승차권을 보여 주십시오", True),
        ("車券票", "乗車券", False),
        ("due date", "due", False),
    ],
)
def test_names_in_any_script(name: str, text: str, is_there: bool) -> None:
    assert NameMatcher([[name]]).find(text).tolist() == [[is_there], [is_there]]


def test_a_name_without_a_word_is_never_there() -> None:
    assert NameMatcher([["--", "due"]]).find("-- due").tolist() == [[False, True]] * 2


def test_names_that_other_types_have_as_well_say_little() -> None:
    owners = np.array([0, 0, 1])
    found = np.zeros((4, 2, 3), dtype=bool)
    found[:2, :, 0] = True  # the first name, in the documents of its own label only
    found[:, :, 1] = True  # the second, everywhere
    weights = name_weights(found, owners, np.array([0, 0, 1, 1]))
    assert weights[:, 0].tolist() == [1, 1]
    assert weights[:, 1].tolist() == [0, 0]
    assert weights[:, 2].tolist() == [1, 1]


def test_a_document_is_the_mean_of_its_first_chunks_the_first_most() -> None:
    first, second = np.eye(4, dtype=np.float32)[:2]
    vector = document_vector(np.stack([first, second]), dimensions=4)
    assert np.linalg.norm(vector) == pytest.approx(1)
    assert vector[0] > vector[1] > 0
    beyond = np.stack([first] * READ_CHUNKS + [second] * 5)
    np.testing.assert_allclose(document_vector(beyond, dimensions=4), first, rtol=1e-6)
    nothing = np.zeros((0,), dtype=np.float32)
    assert document_vector(nothing, dimensions=4).tolist() == [0, 0, 0, 0]
    assert first_vector(nothing, dimensions=4).tolist() == [0, 0, 0, 0]
    assert first_vector(beyond, dimensions=4).tolist() == first.tolist()


def test_the_best_description_of_a_label_counts() -> None:
    axes = np.eye(3, dtype=np.float32)
    source = EvidenceSource(axes, np.array([0, 0, 1]), [["one"], ["two"]])
    matcher = source.matcher()
    weights = np.array([[1.0, 0.5], [1.0, 1.0]])
    evidence = evidence_of(source.similarities(axes[1]), matcher.find("two two one"), weights, matcher.owners)
    np.testing.assert_allclose(evidence, [[10, 1, 2 * np.log(2)], [0, 0.5, 2 * np.log(2)]], rtol=1e-6)
