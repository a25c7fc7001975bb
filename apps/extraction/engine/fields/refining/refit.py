"""A workspace's refinement fitted to what people decided, kept only where documents held out are better read by it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from apps.extraction.engine.fields.refining.figures import figures_of
from apps.extraction.engine.fields.refining.fitting import STRENGTHS, fit_key, fit_trust, hits, losses
from apps.extraction.engine.fields.refining.material import Material, Outcome, Rows
from apps.extraction.engine.fields.refining.second_stage import Floats, KeyWeights, Refinement, Trust, log_odds

FEWEST_DOCUMENTS: Final = 5  # of at least as many groups as there are folds
_FOLDS: Final = 3
_FEWEST_OF_KEY: Final = 5
_ERRORS: Final = 1.0  # standard errors by which the mean loss must fall
Beat = Callable[[], None]


@dataclass(frozen=True)
class Refitted:
    """A refinement, whether documents held out speak for it, and the figures before and after, of these documents."""

    refinement: Refinement
    is_better: bool
    metrics: dict[str, Any]


@dataclass(frozen=True)
class _Held:
    """A key's fits: of everything, and by fold of the other folds'."""

    whole: KeyWeights
    by_fold: Mapping[int, KeyWeights]


def refit(materials: Sequence[Material], *, base: str, keys: Sequence[str], least: float, beat: Beat) -> Refitted:
    """Fit and judge; `least` is the probability from which on values are given, `beat` is called between two fits."""
    folds = folds_of([each.group for each in materials])
    if len(materials) < FEWEST_DOCUMENTS or len(set(folds)) < _FOLDS:
        return Refitted(Refinement(base), is_better=False, metrics={"too_few": True})
    held = {key: found for key in keys if (found := _held(materials, folds, key, beat)) is not None}
    plain = Refinement(base)
    before = [each.outcomes(plain) for each in materials]
    after = [each.outcomes(_of_fold(base, held, fold)) for each, fold in zip(materials, folds, strict=True)]
    if not _is_as_right(before, after):  # a key that gains may take the words of another one
        held, after = {}, before
    trust, trusts = _trust(after, folds)
    refinement = Refinement(base, {key: own.whole for key, own in held.items()}, trust)
    read_before = figures_of(materials, before, [Trust()] * len(before), least)
    read_after = figures_of(materials, after, trusts, least)
    metrics = {
        "documents": len(materials),
        "groups": len({each.group for each in materials}),
        "folds": _FOLDS,
        "ranked_anew": sorted(held),
        "before": read_before,
        "after": read_after,
    }
    is_better = bool(held or trust != Trust()) and read_after["f1"] >= read_before["f1"]
    return Refitted(refinement, is_better=is_better, metrics=metrics)


def folds_of(groups: Sequence[str], count: int = _FOLDS) -> list[int]:
    """Return a fold for each document: groups as wholes, the largest first, each where the fewest documents are."""
    sizes = Counter(groups)
    load = [0] * min(count, len(sizes))
    places: dict[str, int] = {}
    for group in sorted(sizes, key=lambda group: (-sizes[group], group)):
        places[group] = load.index(min(load))
        load[places[group]] += sizes[group]
    return [places[group] for group in groups]


def _held(materials: Sequence[Material], folds: Sequence[int], key: str, beat: Beat) -> _Held | None:
    """Fit a key, None where no strength is better than the shipped ranker on documents held out.

    Better: the loss falls by more than its standard error, and no fewer documents are right.
    """
    found = [(rows, fold) for each, fold in zip(materials, folds, strict=True) if (rows := each.rows(key)) is not None]
    if len(found) < _FEWEST_OF_KEY or not _is_in_all_folds(found):
        return None
    before = _out_of_fold(found, {})
    best: tuple[float, float, Mapping[int, KeyWeights]] | None = None
    for strength in STRENGTHS:
        beat()
        by_fold = {fold: fit_key([rows for rows, own in found if own != fold], strength) for fold in sorted({*folds})}
        gains = before[0] - _out_of_fold(found, by_fold)[0]
        error = float(gains.std()) / np.sqrt(len(gains))
        if gains.mean() > _ERRORS * error and _out_of_fold(found, by_fold)[1] >= before[1]:
            best = max(best or (0.0, 0.0, {}), (float(gains.mean()), strength, by_fold), key=lambda each: each[0])
    if best is None:
        return None
    return _Held(fit_key([rows for rows, _ in found], best[1]), best[2])


def _is_in_all_folds(found: Sequence[tuple[Rows, int]]) -> bool:
    return len({fold for rows, fold in found if rows.right.any()}) == _FOLDS


def _out_of_fold(found: Sequence[tuple[Rows, int]], by_fold: Mapping[int, KeyWeights]) -> tuple[Floats, int]:
    """Return the loss of each document by fits that had not seen it, and how many are right; without: as shipped."""
    parts = [(losses([rows], by_fold.get(fold)), hits([rows], by_fold.get(fold))) for rows, fold in found]
    return np.concatenate([loss for loss, _ in parts]), sum(hit for _, hit in parts)


def _of_fold(base: str, held: Mapping[str, _Held], fold: int) -> Refinement:
    return Refinement(base, {key: own.by_fold[fold] for key, own in held.items()})


def _is_as_right(before: Sequence[Sequence[Outcome]], after: Sequence[Sequence[Outcome]]) -> bool:
    def right(outcomes: Sequence[Sequence[Outcome]]) -> int:
        return sum(each.is_right for document in outcomes for each in document)

    return right(after) >= right(before)


def _trust(outcomes: Sequence[Sequence[Outcome]], folds: Sequence[int]) -> tuple[Trust, list[Trust]]:
    """Fit probabilities, and for each document those of the other folds; the shipped ones where these are no worse."""
    places = sorted(set(folds))
    by_fold = {}
    for fold in places:
        others = [each for document, own in zip(outcomes, folds, strict=True) if own != fold for each in document]
        by_fold[fold] = fit_trust(others) if others else Trust()
    gains = np.array(
        [
            sum(_log_loss(Trust(), each) - _log_loss(by_fold[fold], each) for each in document)
            for document, fold in zip(outcomes, folds, strict=True)
        ]
    )
    if gains.mean() <= _ERRORS * float(gains.std()) / np.sqrt(len(gains)):
        return Trust(), [Trust()] * len(outcomes)
    every = [each for document in outcomes for each in document]
    return fit_trust(every), [by_fold[fold] for fold in folds]


def _log_loss(trust: Trust, outcome: Outcome) -> float:
    odds = log_odds(trust.probability(outcome.key, outcome.share))
    return float(np.logaddexp(0, -odds if outcome.is_right else odds))
