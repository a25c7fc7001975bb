"""Certified auto-accept: the lowest threshold whose error is at most the target, with a bound on being wrong.

Items are drawn at random, whatever their score, and judged by a person. An item is a document, however much of it was
drawn: values of one document err together, and only documents are independent. At looks that are planned beforehand the
thresholds of a preset grid are tested from the highest down, each by an exact one-sided binomial test, and the first
failure ends it (fixed-sequence testing: W. Maurer, L. A. Hothorn, W. Lehmacher, 1995; for selective prediction:
A. Angelopoulos et al., Learn then Test, 2021). To search for the lowest threshold that passes instead certifies
falsely far more often than promised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.binomial import at_most, clean_trials, upper_bound
from apps.classification.engine.hashing import is_chosen

GRID = (0.99, 0.98, 0.97, 0.96, 0.95, 0.93, 0.9, 0.87, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5)
AUDIT_SHARE = 0.03
_LEAST_SHARE = 1 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is promised, fixed before the first judgement.

    With probability 1 - `alpha` no certificate of this plan, at any of its looks, names a threshold above which more
    than `target` are wrong. Look k (from 0) comes at `first_look` * 2 ** k judgements and may use alpha / 2 ** (k + 1),
    so that there is no last look. With `single_look` there is one, and it may use all of alpha.
    """

    target: float
    alpha: float = 0.05
    grid: tuple[float, ...] = GRID
    first_look: int = 0
    single_look: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.target < 1 or not 0 < self.alpha < 1:
            raise ValueError("target and alpha are shares between 0 and 1")
        if list(self.grid) != sorted(set(self.grid), reverse=True):
            raise ValueError("the grid descends")

    @property
    def fewest(self) -> int:
        """Return the judgements below which nothing can be certified: 59, 149, 299 for 5, 2, 1 % at a single look."""
        return clean_trials(self.target, self.level(0))

    def level(self, look: int) -> float:
        """Return the error that a look may use."""
        return self.alpha if self.single_look else self.alpha / 2 ** (look + 1)

    def size(self, look: int) -> int:
        """Return the number of judgements at which a look comes."""
        return max(self.fewest, self.first_look) << look

    def looks_at(self, judged: int) -> list[int]:
        """Return the looks that are due after so many judgements."""
        looks = (look for look in (range(1) if self.single_look else count()))
        due = []
        for look in looks:
            if self.size(look) > judged:
                break
            due.append(look)
        return due


@dataclass(frozen=True, slots=True)
class Judgements:
    """What was found, in the order in which it was drawn, shape (n,) both.

    `scores` are those of the items, of one with several values the highest. `wrong` are the highest scores of what was
    wrong in them, -1 where all was right: above a threshold an item counts if anything of it lies there, and is wrong
    if anything that lies there is.
    """

    scores: NDArray[np.float64]
    wrong: NDArray[np.float64]

    @classmethod
    def of(cls, scores: Sequence[float] | NDArray[np.float64], right: Sequence[bool] | NDArray[np.bool_]) -> Self:
        """Return those of items with one value each."""
        found = np.asarray(scores, dtype=np.float64)
        return cls(found, np.where(np.asarray(right, dtype=np.bool_), -1.0, found))

    def __len__(self) -> int:
        return len(self.scores)

    def first(self, count: int) -> Self:
        """Return the first so many."""
        return type(self)(self.scores[:count], self.wrong[:count])

    def above(self, threshold: float) -> tuple[int, int]:
        """Count what lies above a threshold, and what of it was wrong."""
        return int((self.scores >= threshold).sum()), int((self.wrong >= threshold).sum())


@dataclass(frozen=True, slots=True)
class Step:
    """One test at level `alpha`: above `threshold`, `errors` of `judged` were wrong."""

    threshold: float
    judged: int
    errors: int
    alpha: float
    is_passed: bool

    @property
    def bound(self) -> float:
        """Return the upper limit of the error."""
        return upper_bound(self.errors, self.judged, self.alpha)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What has been shown: above `threshold` at most `target` are wrong; None where nothing was. `steps` by look."""

    threshold: float | None
    look: int | None
    steps: tuple[tuple[Step, ...], ...]


def certify(judgements: Judgements, plan: Plan) -> Certificate:
    """Return what the judgements show.

    Only looks of the plan are taken, each with as many judgements as it was planned for; a certificate once earned
    stands.
    """
    looks, best, at = [], None, None
    for look in plan.looks_at(len(judgements)):
        taken = judgements.first(plan.size(look))
        steps = fixed_sequence(taken, grid=plan.grid, target=plan.target, alpha=plan.level(look))
        looks.append(steps)
        passed = [step.threshold for step in steps if step.is_passed]
        if passed and (best is None or passed[-1] < best):
            best, at = passed[-1], look
    return Certificate(best, at, tuple(looks))


def fixed_sequence(judgements: Judgements, *, grid: Sequence[float], target: float, alpha: float) -> tuple[Step, ...]:
    """Test "more than `target` are wrong" at each threshold from the highest down, and stop at the first failure.

    Thresholds above which fewer items lie than could pass without an error, or less than a third of all, are passed
    over: there one error ends it all. Which ones those are depends on the scores alone and so costs no risk.
    """
    steps: list[Step] = []
    for threshold in grid:
        judged, errors = judgements.above(threshold)
        if judged < max(clean_trials(target, alpha), len(judgements) * _LEAST_SHARE):
            continue
        is_passed = at_most(errors, judged, target) <= alpha
        steps.append(Step(threshold, judged, errors, alpha, is_passed))
        if not is_passed:
            break
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class Row:
    """What all judgements say of a threshold: `share` of the items lie above it; `bound` is a 95 % limit of its own."""

    threshold: float
    share: float
    judged: int
    errors: int
    rate: float
    bound: float


def table(judgements: Judgements, plan: Plan) -> tuple[Row, ...]:
    """Return error against automation, one row a threshold of the plan; no certificate follows from it."""
    rows = []
    for threshold in plan.grid if len(judgements) else ():
        judged, errors = judgements.above(threshold)
        share = judged / len(judgements)
        bound = upper_bound(errors, judged, plan.alpha) if judged else 1.0
        rows.append(Row(threshold, share, judged, errors, errors / judged if judged else 0.0, bound))
    return tuple(rows)


_FURTHEST = 6  # looks: each takes twice as many judgements as the one before


def judgements_missing(judgements: Judgements, plan: Plan, *, taken: int) -> int | None:
    """Return how many more judgements the first look takes that would certify if the next are like those so far.

    `taken` looks are over. Without any judgement it is what the next look takes at best; None where the errors so far
    are too many for any look that is worth waiting for. An estimate, which no certificate follows from.
    """
    rows = table(judgements, plan)
    for look in range(taken, 1 if plan.single_look else taken + _FURTHEST):
        size, level = plan.size(look), plan.level(look)
        if size > len(judgements) and (not rows or _would_pass(rows, plan, size, level)):
            return size - len(judgements)
    return None


def _would_pass(rows: Sequence[Row], plan: Plan, size: int, level: float) -> bool:
    """Tell whether the first threshold that a look of this size tests passes, at the rates so far."""
    for row in rows:
        judged = round(row.share * size)
        if judged >= max(clean_trials(plan.target, level), size * _LEAST_SHARE):
            return at_most(round(row.rate * judged), judged, plan.target) <= level
    return False


def is_audited(key: str, *, salt: str, share: float = AUDIT_SHARE) -> bool:
    """Tell whether an accepted item is among those that a person looks at all the same."""
    return is_chosen(key, salt=f"audit:{salt}", share=share)


@dataclass(frozen=True, slots=True)
class Audit:
    """What audits of accepted items say; `evidence` is the e-value against "at most the target is wrong"."""

    judged: int
    errors: int
    evidence: float
    is_alarming: bool


# How many times the target the error may have become; the evidence is the mean of the likelihood ratios.
_WORSE = (1.5, 2.0, 3.0, 5.0, 10.0)


def audit(right: Sequence[bool], *, target: float, alpha: float = 0.05) -> Audit:
    """Judge audits in the order in which they came in; it may be asked after every single one.

    The mean of likelihood ratios against larger error rates is a supermartingale while the error is at most the
    target, so that the chance of it ever reaching 1 / alpha is at most alpha (J. Ville, 1939). The alarm stays on.
    """
    outcomes = np.asarray(right, dtype=np.bool_)
    rates = np.minimum(target * np.array(_WORSE), (1 + target) / 2)
    wrong = np.log(rates / target)[:, None] * np.cumsum(~outcomes)
    correct = np.log((1 - rates) / (1 - target))[:, None] * np.cumsum(outcomes)
    evidence = np.exp(wrong + correct).mean(axis=0)
    return Audit(
        judged=len(outcomes),
        errors=int((~outcomes).sum()),
        evidence=float(evidence[-1]) if len(outcomes) else 1.0,
        is_alarming=bool((evidence >= 1 / alpha).any()),
    )
