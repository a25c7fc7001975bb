"""Control against treatment: who gets which, an exact test that may be looked at after every outcome, and intervals.

Both tests multiply evidence ("bets") whose expectation is at most 1 while the arms do not differ, so the chance that
it ever reaches 1 / alpha is at most alpha, whenever one looks and stops (J. Ville, 1939). Planning is in `power`.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, lgamma, log

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.hashing import is_chosen

# Prior counts of successes and failures; .18 gives the fastest growth (R. Turner, A. Ly, P. Gruenwald, 2024).
PRIOR = 0.18
_HALVINGS = 50
_MOST_LOG = 700.0  # the logarithm of the largest evidence that is told: a float has room for little more


class Arm(StrEnum):
    """One of the two models of an experiment."""

    CONTROL = "control"
    TREATMENT = "treatment"


class Verdict(StrEnum):
    """What an experiment has shown so far."""

    UNDECIDED = "undecided"
    CONTROL = "control"
    TREATMENT = "treatment"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The state of a test.

    `value` is the evidence against "no difference" now and `highest` the most it has been; the verdict falls when
    `highest` reaches 1 / alpha and stays. `outcomes` counts what has entered the test.
    """

    value: float
    highest: float
    outcomes: int
    verdict: Verdict

    @property
    def p_value(self) -> float:
        """Return a p-value that is valid at any time of looking."""
        return min(1.0, 1.0 / self.highest)


def assigned(key: str, *, salt: str, share: float) -> Arm:
    """Return the arm of a document: always the same for its key; `share` is the treatment's."""
    return Arm.TREATMENT if is_chosen(key, salt=f"arm:{salt}", share=share) else Arm.CONTROL


NOTHING_YET = Evidence(1.0, 1.0, 0, Verdict.UNDECIDED)


def paired(outcomes: Iterable[tuple[bool, bool]], *, alpha: float = 0.05) -> Evidence:
    """Test pairs (control is right, treatment is right) of the same documents, as a challenger in the shadow gives.

    Only pairs that differ count: without a difference each is a fair coin. The evidence is the likelihood ratio of a
    coin with a uniform prior against the fair one (H. Robbins, 1970).
    """
    return _last(paired_path(outcomes, alpha=alpha))


def paired_path(outcomes: Iterable[tuple[bool, bool]], *, alpha: float = 0.05) -> Iterator[Evidence]:
    """Yield the state of the test of pairs after each of them, those that do not differ included."""
    wins = losses = 0
    now = NOTHING_YET
    for control, treatment in outcomes:
        if control != treatment:
            wins, losses = wins + treatment, losses + control
            value = _told(_log_beta(1 + wins, 1 + losses) + (wins + losses) * log(2))
            verdict = now.verdict
            if verdict is Verdict.UNDECIDED and value >= 1 / alpha:
                verdict = Verdict.TREATMENT if wins > losses else Verdict.CONTROL
            now = Evidence(value, max(now.highest, value), wins + losses, verdict)
        yield now


def unpaired(outcomes: Iterable[tuple[Arm, bool]], *, block: tuple[int, int] = (1, 1), alpha: float = 0.05) -> Evidence:
    """Test outcomes (arm, is right) of different documents, as a live share gives, in the order they came in.

    They enter in blocks of so many of the control's and the treatment's; what does not fill a block waits. The
    evidence of a block is the E-variable for two Bernoulli streams of R. Turner, A. Ly and P. Gruenwald (Generic
    E-variables for exact sequential k-sample tests that allow for optional stopping, 2024), with each stream's rate as
    learned from the blocks before it. Only the order within an arm matters, so one arm may be judged sooner.
    """
    return _last(unpaired_path(outcomes, block=block, alpha=alpha))


def unpaired_path(
    outcomes: Iterable[tuple[Arm, bool]], *, block: tuple[int, int] = (1, 1), alpha: float = 0.05
) -> Iterator[Evidence]:
    """Yield the state of the test of a live share after each outcome, those that wait for their block included."""
    waiting: dict[Arm, list[bool]] = {Arm.CONTROL: [], Arm.TREATMENT: []}
    sizes = dict(zip(Arm, block, strict=True))
    right, seen = np.zeros(2), np.zeros(2)
    log_value, now = 0.0, NOTHING_YET
    for arm, is_right in outcomes:
        waiting[arm].append(is_right)
        if all(len(waiting[each]) >= sizes[each] for each in Arm):
            counts = np.array([sum(waiting[each][: sizes[each]]) for each in Arm], dtype=np.float64)
            for each in Arm:
                del waiting[each][: sizes[each]]
            log_value += float(log_block_evidence(counts, np.array(block), learned_rates(right, seen)))
            right, seen = right + counts, seen + np.array(block)
            verdict = now.verdict
            if verdict is Verdict.UNDECIDED and log_value >= -log(alpha):
                control, treatment = right / seen
                verdict = Verdict.TREATMENT if treatment > control else Verdict.CONTROL
            now = Evidence(_told(log_value), max(now.highest, _told(log_value)), int(seen.sum()), verdict)
        yield now


def _told(log_value: float) -> float:
    return exp(min(log_value, _MOST_LOG))


def _last(path: Iterable[Evidence]) -> Evidence:
    ends = deque(path, maxlen=1)
    return ends[0] if ends else NOTHING_YET


def learned_rates(right: NDArray[np.float64], seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rates to bet on, by arm along the last axis, from what was seen before."""
    return np.asarray((right + PRIOR) / (seen + 2 * PRIOR))


def log_block_evidence(
    right: NDArray[np.float64], block: NDArray[np.int64], rates: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the logarithm of a block's evidence; `right` and `rates` have the arms along the last axis."""
    common = (rates @ block / block.sum())[..., None]
    gained = right * np.log(rates / common) + (block - right) * np.log((1 - rates) / (1 - common))
    return np.asarray(gained.sum(axis=-1))


def block_of(share: float) -> tuple[int, int]:
    """Return the block that suits a treatment's share: as many of each arm as come in together, one of the rarer."""
    rarer = min(share, 1 - share)
    if rarer <= 0:
        raise ValueError("both arms need a share")
    others = max(1, round((1 - rarer) / rarer))
    return (others, 1) if share <= 0.5 else (1, others)


def rate_interval(right: int, judged: int, *, alpha: float = 0.05) -> tuple[float, float]:
    """Return an interval for an arm's rate that holds at all times together with probability 1 - alpha.

    It keeps the rates whose beta-binomial mixture evidence has not reached 1 / alpha (H. Robbins, 1970).
    """
    if not judged:
        return 0.0, 1.0
    mean = right / judged

    def is_refuted(rate: float) -> bool:
        likelihood = _times_log(right, rate) + _times_log(judged - right, 1 - rate)
        return _log_beta(1 + right, 1 + judged - right) - likelihood >= -log(alpha)

    def edge(outside: float) -> float:
        inside = mean
        for _ in range(_HALVINGS):
            middle = (outside + inside) / 2
            outside, inside = (middle, inside) if is_refuted(middle) else (outside, middle)
        return outside

    return (edge(0.0) if is_refuted(0.0) else 0.0), (edge(1.0) if is_refuted(1.0) else 1.0)


def difference_interval(
    control: tuple[int, int], treatment: tuple[int, int], *, alpha: float = 0.05
) -> tuple[float, float]:
    """Return an interval for the treatment's rate less the control's, from (right, judged) of each; valid at all times.

    It joins the arms' intervals at half of alpha each, so it is a little wide.
    """
    low_control, high_control = rate_interval(*control, alpha=alpha / 2)
    low_treatment, high_treatment = rate_interval(*treatment, alpha=alpha / 2)
    return low_treatment - high_control, high_treatment - low_control


def paired_difference_interval(wins: int, losses: int, judged: int, *, alpha: float = 0.05) -> tuple[float, float]:
    """Return such an interval for documents that both arms typed.

    Of those judged the treatment alone was right on `wins`, the control alone on `losses`. The difference is
    q (2 p - 1): q the share of documents that differ, p the treatment's share of those. It joins the intervals of both
    at half of alpha each.
    """
    low_share, high_share = rate_interval(wins + losses, judged, alpha=alpha / 2)
    edges = [2 * rate - 1 for rate in rate_interval(wins, wins + losses, alpha=alpha / 2)]
    found = [share * edge for share in (low_share, high_share) for edge in edges]
    return min(found), max(found)


def tally(outcomes: Sequence[tuple[Arm, bool]]) -> dict[Arm, tuple[int, int]]:
    """Return (right, judged) of each arm."""
    return {
        arm: (sum(right for each, right in outcomes if each is arm), sum(each is arm for each, _ in outcomes))
        for arm in Arm
    }


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)


def _times_log(times: int, value: float) -> float:
    if not times:
        return 0.0
    return times * log(value) if value > 0 else -np.inf
