"""Exact binomial probabilities and bounds, in plain Python so that no page needs SciPy for them."""

import math

_HALVINGS = 60


def at_most(errors: int, trials: int, rate: float) -> float:
    """Return P(X <= errors) for X binomial in `trials` with `rate`; sums in logarithms, so small tails are exact."""
    if errors >= trials or rate <= 0:
        return 1.0
    if errors < 0 or rate >= 1:
        return 0.0
    log_rate, log_rest = math.log(rate), math.log1p(-rate)
    whole = math.lgamma(trials + 1)
    terms = (
        whole
        - math.lgamma(count + 1)
        - math.lgamma(trials - count + 1)
        + count * log_rate
        + (trials - count) * log_rest
        for count in range(errors + 1)
    )
    return min(1.0, math.fsum(map(math.exp, terms)))


def upper_bound(errors: int, trials: int, alpha: float) -> float:
    """Return the one-sided Clopper-Pearson bound: the least rate that is refuted at level `alpha`; 1 for no trials.

    C. J. Clopper, E. S. Pearson: The use of confidence or fiducial limits illustrated in the case of the binomial,
    Biometrika 26 (1934).
    """
    if errors >= trials:
        return 1.0
    low, high = errors / trials, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if at_most(errors, trials, middle) > alpha:
            low = middle
        else:
            high = middle
    return high


def lower_bound(errors: int, trials: int, alpha: float) -> float:
    """Return the lower one-sided Clopper-Pearson bound; 0 for no trials."""
    return 1.0 - upper_bound(trials - errors, trials, alpha) if trials else 0.0


def clean_trials(rate: float, alpha: float) -> int:
    """Return how many trials without an error refute "the rate is above `rate`": 59, 149, 299 for 5, 2, 1 % at .05."""
    return math.ceil(math.log(alpha) / math.log1p(-rate))
