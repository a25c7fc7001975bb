"""From scores to values: one candidate a field, no words for two fields, and sums that add up where they can."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import numpy as np
import numpy.typing as npt

from apps.extraction.engine.fields.ranking.candidates import Candidate, Kind
from apps.extraction.engine.fields.ranking.features import Ranked
from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema

Scores = Mapping[str, npt.NDArray[np.float64]]
_SUMS = ("net_total", "tax_total", "grand_total")
_TRIED = 4  # of the best candidates of each sum
_FITS = 2.0  # what sums that add up count beside the scores, which are logarithms of odds
_SUMMED_FITS = 6.0  # the same where the tax is a total of several rates: it is one because net and total prove it
_FLOOR = -6.0  # a field without any candidate counts as one of this score
_CENTS = Decimal("0.02")
_PARTIES = ("seller_name", "buyer_name")


@dataclass(frozen=True)
class Choice:
    """The best candidate of a field: its score, its lead before the best other value, and the values next to it."""

    candidate: Candidate
    score: float
    lead: float
    others: list[tuple[Candidate, float]]


def choose(
    schema: Schema, ranked: Mapping[Kind, Ranked], scores: Scores, *, alternatives: int = 2
) -> dict[str, Choice]:
    """Return a choice for every field that has candidates."""
    kinds = FIELDS[schema]
    fixed = _fitting_sums(ranked, scores) if schema == "invoice" else {}
    given_up = _given_up(ranked, scores)

    def barred(key: str, candidate: Candidate) -> bool:
        return _is_rate(candidate) or given_up == (key, candidate.value)

    # The surest field takes its words first.
    order = sorted(scores, key=lambda key: -float(scores[key].max()))
    taken: list[tuple[Candidate, str]] = []
    found: dict[str, Choice] = {}
    for key in order:
        candidates = ranked[kinds[key]].candidates
        own = scores[key].copy()
        if key in fixed:
            own[fixed[key]] = max(own[fixed[key]], float(own.max()) + 0.01)
        for place, candidate in enumerate(candidates):
            if barred(key, candidate) or any(_clash(candidate, other) for other, _ in taken):
                own[place] = -np.inf
        if not np.isfinite(own).any():
            continue
        choice = _choice(candidates, own, scores[key], alternatives)
        found[key] = choice
        if choice.score > 0:
            taken.append((choice.candidate, key))
    return found


def _choice(
    candidates: Sequence[Candidate], own: npt.NDArray[np.float64], plain: npt.NDArray[np.float64], alternatives: int
) -> Choice:
    order = np.argsort(-own, kind="stable")
    best = int(order[0])
    others: list[tuple[Candidate, float]] = []
    seen = {candidates[best].value}
    for place in order[1:]:
        candidate = candidates[int(place)]
        if candidate.value not in seen and np.isfinite(own[place]):
            seen.add(candidate.value)
            others.append((candidate, float(plain[place])))
        if len(others) > alternatives:
            break
    second = others[0][1] if others else _FLOOR
    score = float(plain[best])
    return Choice(candidates[best], score, score - max(second, _FLOOR), others[:alternatives])


def _is_rate(candidate: Candidate) -> bool:
    """Whether a number is a percentage and so no sum of money; 0 % tells that the tax is 0."""
    return bool(candidate.facts.get("percent")) and candidate.number != 0


def _given_up(ranked: Mapping[Kind, Ranked], scores: Scores) -> tuple[str, str] | None:
    """Return the side, and the name it must not have, where one name is the best for seller and buyer.

    Nobody buys from themselves: of the two ways to give one side its next best name the one with more points is taken.
    """
    if any(key not in scores for key in _PARTIES):
        return None
    values = np.array([candidate.value for candidate in ranked["name"].candidates])
    best = {key: values[int(scores[key].argmax())] for key in _PARTIES}
    name = best["seller_name"]
    others = values != name
    if name != best["buyer_name"] or not others.any():
        return None
    costs = {key: float(scores[key].max() - scores[key][others].max()) for key in _PARTIES}
    return min(_PARTIES, key=lambda key: costs[key]), str(name)


def _clash(left: Candidate, right: Candidate) -> bool:
    """Whether two candidates of one kind stand on the same words; a date and a number may."""
    return left.kind == right.kind and left.piece is right.piece and left.first < right.last and right.first < left.last


def _fitting_sums(ranked: Mapping[Kind, Ranked], scores: Scores) -> dict[str, int]:
    """Return the best candidates for net, tax and total if some add up that are hardly worse than the best ones."""
    if any(key not in scores for key in _SUMS):
        return {}
    candidates = ranked["amount"].candidates
    rates = [_is_rate(each) for each in candidates]
    tried = {
        key: [each for each in np.argsort(-scores[key], kind="stable") if not rates[each]][:_TRIED] for key in _SUMS
    }
    best, most = {}, sum(float(scores[key].max()) for key in _SUMS)
    for places in product(*(tried[key] for key in _SUMS)):
        net, tax, gross = (candidates[int(place)].number for place in places)
        score = sum(float(scores[key][place]) for key, place in zip(_SUMS, places, strict=True))
        fits = _SUMMED_FITS if len(candidates[int(places[1])].parts) > 1 else _FITS
        if abs(net + tax - gross) <= _CENTS and score + fits > most:
            best, most = {key: int(place) for key, place in zip(_SUMS, places, strict=True)}, score + fits
    return best
