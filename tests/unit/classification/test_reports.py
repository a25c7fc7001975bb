"""Confusion matrix, reliability diagram, learning curve."""

import numpy as np
import pytest
from numpy.typing import NDArray

from apps.classification.engine.reports import confusion, learning_curve, reliability


def test_confusions_are_counted_by_true_label() -> None:
    found = confusion(["a", "a", "b", "b", "b"], ["a", "b", "b", "c", "c"])
    assert found.labels == ("a", "b", "c")
    assert found.counts == ((1, 1, 0), (0, 1, 2), (0, 0, 0))
    assert found.mistakes() == [("b", "c", 2), ("a", "b", 1)]


def test_reliability_has_the_share_that_was_right_in_each_range() -> None:
    confidence = np.array([0.05, 0.95, 0.95, 0.99, 1.0])
    right = np.array([False, True, True, True, False])
    low, high = reliability(confidence, right)
    assert (low.low, low.high, low.documents, low.accuracy) == (0.0, 0.1, 1, 0.0)
    assert (high.low, high.high, high.documents, high.accuracy) == (0.9, 1.0, 4, 0.75)
    assert high.confidence == pytest.approx(0.9725)
    assert high.accuracy_low < 0.75 < high.accuracy_high
    assert low.accuracy_low == 0.0
    assert high.accuracy_high == pytest.approx(0.9937, abs=1e-4)
    assert reliability(np.array([]), np.array([], dtype=bool)) == ()


def test_a_learning_curve_is_of_parts_within_parts() -> None:
    seen: list[NDArray[np.int64]] = []

    def score(rows: NDArray[np.int64]) -> float:
        seen.append(rows)
        return len(rows) / 10

    points = learning_curve(10, score, sizes=[8, 4, 20], draws=2)
    assert [(point.documents, point.mean, point.low, point.high) for point in points] == [
        (4, 0.4, 0.4, 0.4), (8, 0.8, 0.8, 0.8),
    ]  # fmt: skip
    assert set(seen[0]) < set(seen[2])
    assert set(seen[0]) != set(seen[1])
