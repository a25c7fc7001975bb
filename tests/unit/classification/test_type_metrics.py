import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.engine.metrics import (
    auroc,
    coverage_at_precision,
    expected_calibration_error,
    label_scores,
    macro_f1,
)


def test_label_scores() -> None:
    scores = label_scores(["a", "a", "b", "b"], ["a", "b", "b", "c"])
    assert scores["a"].as_dict() == {"precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3), "documents": 2}
    assert scores["b"].precision == scores["b"].recall == 0.5
    assert macro_f1(["a", "a", "b", "b"], ["a", "b", "b", "c"]) == pytest.approx((2 / 3 + 0.5) / 2)


@pytest.mark.parametrize(
    ("confidence", "right", "expected"),
    [
        ([0.95, 0.95], [1, 1], 0.05),
        ([1.0, 1.0, 0.0, 0.0], [1, 1, 0, 0], 0.0),
        ([0.75, 0.75], [0, 0], 0.75),
        ([], [], 0.0),
    ],
)
def test_calibration_error(confidence: list[float], right: list[int], expected: float) -> None:
    error = expected_calibration_error(np.array(confidence), np.array(right, dtype=bool))
    assert error == pytest.approx(expected)


pairs = st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.4, 0.7, 0.9]), st.booleans()), min_size=1, max_size=30)


@given(pairs)
def test_auroc_is_the_share_of_pairs_in_order(rows: list[tuple[float, bool]]) -> None:
    above = [score for score, positive in rows if positive]
    below = [score for score, positive in rows if not positive]
    wins = [(a > b) + (a == b) / 2 for a in above for b in below]
    found = auroc(np.array([score for score, _ in rows]), np.array([positive for _, positive in rows]))
    assert found == (pytest.approx(sum(wins) / len(wins)) if wins else None)


@given(pairs, st.sampled_from([0.5, 0.8, 0.99]))
def test_coverage_is_the_best_of_all_thresholds(rows: list[tuple[float, bool]], precision: float) -> None:
    confidence, right = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    coverage, threshold = coverage_at_precision(confidence, right, precision=precision)
    shares = [
        (confidence >= level).mean() for level in set(confidence) if right[confidence >= level].mean() >= precision
    ]
    assert coverage == pytest.approx(max(shares, default=0))
    assert (threshold is None) == (coverage == 0)
    assert threshold is None or (confidence >= threshold).mean() == pytest.approx(coverage)
