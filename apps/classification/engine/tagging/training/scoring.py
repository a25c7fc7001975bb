"""How well mentions are found: F1 over kinds and texts, letters and digits compared, each true mention counted once."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from apps.classification.engine.metrics import auroc, expected_calibration_error
from apps.classification.engine.tagging.artifact import Calibration
from apps.classification.engine.tagging.chances import fit_calibration, probability

_NO_LETTERS: Final = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Guess:
    """A mention that a tagger found: its kind, whether it stands in the truth, and its mean log probability."""

    kind: str
    is_right: bool
    log_probability: float


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of mentions that were found and are true, were found, and are true."""

    hits: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        """Share of what was found that is true."""
        return self.hits / max(1, self.found)

    @property
    def recall(self) -> float:
        """Share of what is true that was found."""
        return self.hits / max(1, self.true)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.hits / max(1, self.found + self.true)

    def __add__(self, other: "Score") -> "Score":
        return Score(self.hits + other.hits, self.found + other.found, self.true + other.true)

    def as_dict(self) -> dict[str, float]:
        """Return the shares and the number of true mentions."""
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {**{name: round(value, 4) for name, value in shares.items()}, "mentions": self.true}


def letters(text: str) -> str:
    """Return a mention's letters and digits in lower case."""
    return _NO_LETTERS.sub("", text).lower()


def score(truth: Iterable[tuple[str, str]], found: Iterable[tuple[str, str]]) -> Score:
    """Compare mentions, given as (kind, text)."""
    true, said = (Counter((kind, letters(text)) for kind, text in mentions) for mentions in (truth, found))
    return Score(sum((true & said).values()), sum(said.values()), sum(true.values()))


def calibrations(guesses: Sequence[Guess]) -> dict[str, Calibration]:
    """Fit a curve for each kind."""
    by_kind: dict[str, list[Guess]] = {}
    for guess in guesses:
        by_kind.setdefault(guess.kind, []).append(guess)
    return {
        kind: fit_calibration([guess.log_probability for guess in those], [guess.is_right for guess in those])
        for kind, those in sorted(by_kind.items())
    }


def calibration_figures(guesses: Sequence[Guess]) -> Mapping[str, float | None]:
    """Score probabilities fitted on one half of the guesses on the other, both ways; their order is kept."""
    halves = (guesses[: len(guesses) // 2], guesses[len(guesses) // 2 :])
    chances: list[float] = []
    right: list[bool] = []
    for fitted_on, scored_on in (halves, halves[::-1]):
        curves = calibrations(fitted_on)
        known = [guess for guess in scored_on if guess.kind in curves]
        chances += [probability(curves[guess.kind], guess.log_probability) for guess in known]
        right += [guess.is_right for guess in known]
    confidence, is_right = np.array(chances), np.array(right, dtype=bool)
    area = auroc(confidence, is_right)
    return {
        "expected_calibration_error": round(expected_calibration_error(confidence, is_right), 4),
        "auroc": None if area is None else round(area, 4),
    }
