"""What tells a right value of a contract from a wrong one once it is taken: the signs that make its probability."""

import math
import re
from collections.abc import Sequence
from typing import Final

from apps.extraction.engine.fields.contracts import effective_dates, parties
from apps.extraction.engine.fields.contracts.candidates import Candidate

REPEATABLE: Final = frozenset({parties.KEY})
SIGNS: Final = (
    *("score", "only", "beyond_two", "likely_beyond_two", "likely_short_of_two"),
    *("begins_like_another", "part_of_longer", "mentions", "is_person", "worded_day"),
)
_CUES: Final = {  # of candidates that say more of a value once it is taken, by key
    parties.KEY: {name: parties.FEATURES.index(name) for name in ("part_of_longer", "mentions", "is_person")},
    effective_dates.KEY: {"worded_day": effective_dates.FEATURES.index("worded_day")},
}
_SIDES: Final = 2  # of a contract
_MOST: Final = 3.0  # parties too many; more say no more
_WORD: Final = re.compile(r"\w+")
Scored = tuple[float, Candidate]


def signs_of(key: str, taken: Sequence[Scored], scored: Sequence[Scored]) -> list[dict[str, float]]:
    """Return the signs of every value that was taken of a key; `scored` are all candidates, from 0 to 1.

    - score: how well it fits, as a logit;
    - only, beyond_two: whether one party was taken, and how many more than the two sides that a contract has;
    - likely_beyond_two, likely_short_of_two: the same of the sum of all names' scores;
    - begins_like_another: an affiliate of another party, as a rule, of which people name one;
    - part_of_longer, mentions, is_person, worded_day: see the cues of parties and dates.
    """
    return [_signs(key, place, taken, scored) for place in range(len(taken))]


def _signs(key: str, place: int, taken: Sequence[Scored], scored: Sequence[Scored]) -> dict[str, float]:
    score, candidate = taken[place]
    cues = {name: candidate.cues[index] for name, index in _CUES.get(key, {}).items()}
    found = {**dict.fromkeys(SIGNS, 0.0), "score": logit(score), **cues}
    if key not in REPEATABLE:
        return found
    others = [other for number, (_, other) in enumerate(taken) if number != place]
    likely = sum(share for share, _ in scored) - _SIDES
    first = _first_word(candidate.value)
    return found | {
        "only": float(not others),
        "beyond_two": float(max(0, len(taken) - _SIDES)),
        "likely_beyond_two": min(_MOST, max(0.0, likely)),
        "likely_short_of_two": max(0.0, -likely),
        "begins_like_another": float(any(_first_word(other.value) == first for other in others)),
    }


def _first_word(name: str) -> str:
    words = _WORD.findall(name.casefold())
    return next((word for word in words if word != "the"), "")


def logit(share: float) -> float:
    """Return the logarithm of the odds of a share, which may be 0 or 1."""
    bounded = min(max(share, 1e-9), 1 - 1e-9)
    return math.log(bounded / (1 - bounded))
