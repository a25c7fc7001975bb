"""What tells a right choice from a wrong one once it is made: the second stage that makes probabilities of scores."""

import math
from collections.abc import Mapping
from decimal import Decimal

from apps.extraction.engine.fields.ranking.candidates import Kind
from apps.extraction.engine.fields.ranking.choosing import Choice
from apps.extraction.engine.fields.ranking.features import Ranked

SIGNS = (
    "score",
    "lead",
    "reading_text",
    "reading_other",
    "sums_hold",
    "sums_fail",
    "same_amount",
    "open_date",
)
_LOWEST, _HIGHEST = -6.0, 10.0  # of a score; beyond, it says no more
_LONGEST_LEAD = 12.0
_LIKELY = -1.0  # score from which on a choice takes part in a sum
_SUMS = ("net_total", "tax_total", "grand_total")
_CENTS = Decimal("0.05")
_TEXTS = frozenset({"name", "address"})


def signs_of(
    choices: Mapping[str, Choice], kinds: Mapping[str, Kind], ranked: Mapping[Kind, Ranked]
) -> dict[str, dict[str, float]]:
    """Return the signs of every choice by its key.

    - score and lead: how good it is, and how far before the best other value;
    - reading_text, reading_other: how surely its words were read (see `Candidate.reading`); a letter misread spoils a
      name, and hardly ever makes another date or sum of one;
    - sums_hold, sums_fail: whether net, tax and total are all chosen and add up;
    - same_amount: how often a sum is printed, as a logarithm;
    - open_date: day and month could change places, and nothing in the document proves which comes first.
    """
    fits = _fits(choices)
    return {key: _signs(key, choice, kinds[key], ranked[kinds[key]], fits) for key, choice in choices.items()}


def _signs(key: str, choice: Choice, kind: Kind, ranked: Ranked, fits: bool | None) -> dict[str, float]:
    candidate = choice.candidate
    is_text = kind in _TEXTS
    same = sum(each.value == candidate.value for each in ranked.candidates) if kind == "amount" else 0
    in_sum = key in _SUMS and fits is not None
    return {
        "score": max(_LOWEST, min(_HIGHEST, choice.score)),
        "lead": min(_LONGEST_LEAD, choice.lead),
        "reading_text": candidate.reading if is_text else 0.0,
        "reading_other": 0.0 if is_text else candidate.reading,
        "sums_hold": float(in_sum and bool(fits)),
        "sums_fail": float(in_sum and not fits),
        "same_amount": math.log1p(same),
        "open_date": candidate.facts.get("open", 0.0),
    }


def _fits(choices: Mapping[str, Choice]) -> bool | None:
    """Return whether the chosen net, tax and total add up; None where one of them is missing."""
    chosen = [choices.get(key) for key in _SUMS]
    net, tax, gross = (each.candidate.number if each and each.score > _LIKELY else None for each in chosen)
    if net is None or tax is None or gross is None:
        return None
    return abs(net + tax - gross) <= _CENTS
