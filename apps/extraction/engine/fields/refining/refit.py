"""A workspace's refinement fitted to what people decided, kept only where documents held out are better read by it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from apps.extraction.engine.fields.refining.figures import figures_of
from apps.extraction.engine.fields.refining.fitting import STRENGTHS, fit_key, fit_trust, judged
from apps.extraction.engine.fields.refining.material import Material, Outcome, Rows
from apps.extraction.engine.fields.refining.second_stage import Floats, KeyWeights, Refinement, Trust, log_odds

FEWEST_DOCUMENTS: Final = 8  # of at least as many groups as there are folds; with fewer, AUROC fell in one collection
_FOLDS: Final = 3
_FEWEST_OF_KEY: Final = 8
_GAIN_OF_SEVERAL: Final = 3  # values; with 0 or 1 contracts by unseen parties were read worse (Kleister NDA)
_ERRORS: Final = 1.5  # standard errors by which the mean loss of groups must fall
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
    are_alone: bool  # its candidates; see `Rows`


def refit(materials: Sequence[Material], *, base: str, keys: Sequence[str], least: float, beat: Beat) -> Refitted:
    """Fit and judge; `least` is the probability from which on values are given, `beat` is called between two fits."""
    folds = folds_of([each.group for each in materials])
    if len(materials) < FEWEST_DOCUMENTS or len(set(folds)) < _FOLDS:
        return Refitted(Refinement(base), is_better=False, metrics={"too_few": True})
    fits = ((key, _held(materials, folds, key, beat)) for key in keys)
    held: Mapping[str, _Held] = {key: found for key, found in fits if found is not None}
    plain = Refinement(base)
    before = [each.outcomes(plain) for each in materials]
    held, after = _without_worse(materials, folds, held, before)
    trust, trusts = _trust(after, folds, [each.group for each in materials])
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
    told = [(each.rows(key), fold, each.group) for each, fold in zip(materials, folds, strict=True)]
    found = [(rows, fold) for rows, fold, _ in told if rows is not None]
    groups = [group for rows, _, group in told if rows is not None]
    if len(found) < _FEWEST_OF_KEY or not _is_in_all_folds(found):
        return None
    before = _out_of_fold(found, {})
    better: list[tuple[float, float, dict[int, KeyWeights]]] = []
    for strength in STRENGTHS:
        beat()
        by_fold = {fold: fit_key([rows for rows, own in found if own != fold], strength) for fold in sorted({*folds})}
        after = _out_of_fold(found, by_fold)
        gains = before[0] - after[0]
        if _is_gain(gains, groups) and after[1] >= before[1]:
            better.append((float(gains.mean()), strength, by_fold))
    if not better:
        return None
    _, strength, by_fold = max(better, key=lambda each: each[0])
    return _Held(fit_key([rows for rows, _ in found], strength), by_fold, found[0][0].are_alone)


def _is_gain(gains: Floats, groups: Sequence[str]) -> bool:
    """Whether documents gain in all, and their groups by more than chance: a group's documents are alike."""
    by_group: dict[str, list[float]] = {}
    for gain, group in zip(gains.tolist(), groups, strict=True):
        by_group.setdefault(group, []).append(gain)
    means = np.array([np.mean(each) for each in by_group.values()])
    if len(means) < _FOLDS or gains.mean() <= 0:
        return False
    return bool(means.mean() > _ERRORS * means.std(ddof=1) / np.sqrt(len(means)))


def _is_in_all_folds(found: Sequence[tuple[Rows, int]]) -> bool:
    return len({fold for rows, fold in found if rows.right.any()}) == _FOLDS


def _out_of_fold(found: Sequence[tuple[Rows, int]], by_fold: Mapping[int, KeyWeights]) -> tuple[Floats, int]:
    """Return the loss of each document by fits that had not seen it, and how many are right; without: as shipped."""
    told = [judged(rows, by_fold.get(fold)) for rows, fold in found]
    return np.array([loss for loss, _ in told]), sum(is_right for _, is_right in told)


def _of_fold(base: str, held: Mapping[str, _Held], fold: int) -> Refinement:
    return Refinement(base, {key: own.by_fold[fold] for key, own in held.items()})


def _without_worse(
    materials: Sequence[Material], folds: Sequence[int], held: Mapping[str, _Held], before: list[list[Outcome]]
) -> tuple[Mapping[str, _Held], list[list[Outcome]]]:
    """Return the fits that make none of their keys worse, once all choose together, and what they say held out.

    A key that gains may take the words of another one, and thresholds may lie elsewhere than where a loss is least.
    """
    first = _balance(before)
    while held:
        after = [each.outcomes(_of_fold("", held, fold)) for each, fold in zip(materials, folds, strict=True)]
        second = _balance(after)
        worse = {key for key, own in held.items() if second[key] < first[key] + _asked(own)}
        if not worse:
            return (held, after) if second.total() >= first.total() else ({}, before)
        held = {key: own for key, own in held.items() if key not in worse}
    return {}, before


def _asked(held: _Held) -> int:
    """Return by how much a key's balance must rise: not at all where one value is chosen, which then is surer."""
    return _GAIN_OF_SEVERAL if held.are_alone else 0


def _balance(outcomes: Sequence[Sequence[Outcome]]) -> Counter[str]:
    """Return by key how many more values are right than wrong."""
    found: Counter[str] = Counter()
    for document in outcomes:
        for each in document:
            found[each.key] += 1 if each.is_right else -1
    return found


def _trust(
    outcomes: Sequence[Sequence[Outcome]], folds: Sequence[int], groups: Sequence[str]
) -> tuple[Trust, list[Trust]]:
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
    if not _is_gain(gains, groups):
        return Trust(), [Trust()] * len(outcomes)
    every = [each for document in outcomes for each in document]
    return fit_trust(every), [by_fold[fold] for fold in folds]


def _log_loss(trust: Trust, outcome: Outcome) -> float:
    odds = log_odds(trust.probability(outcome.key, outcome.share))
    return float(np.logaddexp(0, -odds if outcome.is_right else odds))
