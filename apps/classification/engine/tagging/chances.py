"""Probabilities of mentions: fitted on held-out text, and what they are worth."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from apps.classification.engine.tagging.artifact import Calibration

_LEAST: Final = 1e-6
_STEPS: Final = 50
_RIDGE: Final = 1e-3  # keeps the curve finite where all held-out mentions are right


def probability(calibration: Calibration, log_probability: float) -> float:
    """Return the probability that a mention with this mean log probability of its words is right."""
    return 1 / (1 + math.exp(-(calibration.slope * _log_odds(log_probability) + calibration.offset)))


def fit_calibration(log_probabilities: Sequence[float], are_right: Sequence[bool]) -> Calibration:
    """Fit the logistic curve by Newton's method; there must be one mention at least."""
    odds = np.array([_log_odds(value) for value in log_probabilities])
    design = np.stack([odds, np.ones_like(odds)], axis=1)
    right = np.array(are_right, dtype=np.float64)
    weights = np.array([1.0, 0.0])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (chance - right) + _RIDGE * weights
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + _RIDGE * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return Calibration(slope=round(float(weights[0]), 6), offset=round(float(weights[1]), 6))


def _log_odds(log_probability: float) -> float:
    chance = min(max(math.exp(log_probability), _LEAST), 1 - _LEAST)
    return math.log(chance / (1 - chance))
