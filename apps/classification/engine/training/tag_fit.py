"""Heads of tags fitted to what people said of documents: one tag against the rest, all at once.

What is learned is learned from people's words alone, and they count differently. That a tag belongs, and that it does
not, are decisions. Where somebody said that a document has all the tags it shall have, the others are a weak no; where
somebody only put some tags, a weaker one. Documents of which nobody spoke teach nothing.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from threadpoolctl import threadpool_limits

from apps.classification.engine.features import FeatureMatrix
from apps.classification.engine.tags import TagHeads
from apps.classification.engine.training.examples import unit_rows
from apps.classification.engine.training.tag_calibration import platt, threshold
from apps.classification.engine.training.tag_figures import HeldOut, TagFigures, figures
from apps.classification.engine.training.tag_objective import TagObjective

FEWEST: Final = 5  # documents with a tag, and as many without, below which nothing is learned of it
MOST: Final = 1000  # documents: the newest of each tag, so that a fit takes about a second however many there are
_FOLDS: Final = 3
_ITERATIONS: Final = 25
# Penalties of the head of types, whose features these are.
_VECTORS, _WORDS = 1e-4, 3e-4
_NEAR_DUPLICATE_COSINE: Final = 0.95
# How clear a proposal is: its least score between the bias and the tag's median, and the documents without the tag from
# which on less will do. Measured on 882 real documents, tags being their types, sources, length and recognition: with 6
# documents of each of 2 and of 5 tags and no others, precision on all other documents .68 and .59 became .82 and .74.
_CLEAR: Final = 0.75
_ENOUGH_WITHOUT: Final = 40


class Said(IntEnum):
    """What is known of a tag on a document."""

    UNKNOWN = 0
    YES = 1
    NO = 2
    CONFIRMED_WITHOUT = 3
    TAGGED_WITHOUT = 4


# How much each counts beside the others on its side: yes and no have half of a tag's loss each.
_WEIGHTS: Final = np.array([0.0, 1.0, 1.0, 0.5, 0.2], dtype=np.float32)
# A probability is fitted to what people decided; where they only put some tags, they decided nothing of the others.
_OUTCOMES: Final = (Said.YES, Said.NO, Said.CONFIRMED_WITHOUT)


@dataclass(frozen=True, slots=True)
class SaidOfTags:
    """Documents (n), oldest word first, and what is known of T tags on them: `said` (n, T) as in `Said`."""

    documents: FeatureMatrix
    said: NDArray[np.int8]
    tags: tuple[str, ...]


def learnable(said: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return which tags (T,) have enough documents on both sides for anything to be learned of them."""
    yes = (said == Said.YES).sum(axis=0)
    return np.asarray((yes >= FEWEST) & (_without(said) >= FEWEST))


def _without(said: NDArray[np.int8]) -> NDArray[np.int64]:
    """Count the documents that somebody spoke of and that do not have each tag (T,)."""
    return np.asarray(((said != Said.UNKNOWN) & (said != Said.YES)).sum(axis=0), dtype=np.int64)


def chosen(said: NDArray[np.int8], *, most: int = MOST) -> NDArray[np.int64]:
    """Return the rows to fit to, in order: of each tag the newest that have it and that were refused it, alike many.

    Documents that have none of the tags take their turn as if that were a tag.
    """
    documents = len(said)
    rank = np.full(documents, documents, dtype=np.int64)
    decided = [said == Said.YES, said == Said.NO]
    decided.append(~np.logical_or(*decided).any(axis=1, keepdims=True))
    for is_one in np.concatenate(decided, axis=1).T:
        rows = np.flatnonzero(is_one)[::-1]
        rank[rows] = np.minimum(rank[rows], np.arange(len(rows)))
    return np.sort(np.lexsort((-np.arange(documents), rank))[:most])


def fit(known: SaidOfTags, inverse_frequencies: NDArray[np.float64]) -> tuple[TagHeads, TagFigures]:
    """Fit the heads of tags, all of them `learnable`, and what tells how good they are, by documents held out."""
    # The matrices are small: BLAS threads only wait for each other.
    with threadpool_limits(limits=1):
        vectors = known.documents.vectors.astype(np.float32)
        words = unit_rows(known.documents.words, inverse_frequencies)
        alike = (words @ words.T).toarray()
        kernel = (vectors @ vectors.T).astype(np.float64) / _VECTORS + alike / _WORDS
        shares, bias = _solve(kernel, known.said)
        folds = _folds(known.said, alike)
        held_out = _held_out(kernel, known.said, folds)
    floors = _floors(held_out, known.said, bias)
    thresholds, slopes, intercepts, fitted = _told_by(held_out, known.said)
    heads = TagHeads(
        tags=known.tags,
        vectors=(vectors.T @ shares / _VECTORS).astype(np.float32),
        words=np.asarray(csr_matrix(words.T) @ shares / _WORDS, dtype=np.float32),
        bias=bias.astype(np.float32),
        thresholds=np.maximum(thresholds, floors.astype(np.float32)),
        slopes=slopes,
        intercepts=intercepts,
        fitted=fitted,
    )
    wanted, is_spoken = known.said == Said.YES, known.said != Said.UNKNOWN
    is_decided = np.isin(known.said, _OUTCOMES)
    return heads, figures(heads, HeldOut(held_out, folds, floors, is_spoken, is_decided, wanted))


def _solve(kernel: NDArray[np.float64], said: NDArray[np.int8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    truth = np.where(said == Said.YES, 1, -1).astype(np.float32)
    weights = _WEIGHTS[said]
    for side in (truth > 0, truth < 0):
        weights[side] = (weights / np.maximum(2 * (weights * side).sum(axis=0), 1e-9))[side]
    return TagObjective(kernel, truth, weights).solve(iterations=_ITERATIONS)


def _folds(said: NDArray[np.int8], alike: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the fold (n,) in which each document is held out: near-duplicates together, those with a tag spread.

    A group that holds more than half of a tag's documents is dealt out one by one, for without it nothing would be left
    to learn the tag from: such a tag is one template, and so are the documents that will come.
    """
    groups = connected_components(csr_matrix(alike >= _NEAR_DUPLICATE_COSINE), directed=False)[1].astype(np.int64)
    yes = said == Said.YES
    counts = np.stack([np.bincount(groups, weights=column) for column in yes.T], axis=1)
    is_most = (2 * counts > counts.sum(axis=0)).any(axis=1)[groups]
    groups[is_most] = groups.max() + 1 + np.arange(is_most.sum())
    sizes = np.where(yes, yes.sum(axis=0), len(said) + 1)
    rarest = np.where(yes.any(axis=1), sizes.argmin(axis=1), -1)
    found, firsts, which = np.unique(groups, return_index=True, return_inverse=True)
    turns = np.empty(len(found), dtype=np.int64)
    turns[np.lexsort((firsts, rarest[firsts], sizes.min(axis=1)[firsts]))] = np.arange(len(found))
    return np.asarray(turns[which] % _FOLDS, dtype=np.int64)


def _held_out(kernel: NDArray[np.float64], said: NDArray[np.int8], folds: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return scores (n, T) from fits that did not see the document."""
    scores = np.zeros(said.shape)
    for fold in range(_FOLDS):
        inside, outside = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        if len(inside) and len(outside):
            shares, bias = _solve(kernel[np.ix_(outside, outside)], said[outside])
            scores[inside] = kernel[np.ix_(inside, outside)] @ shares + bias
    return scores


def _floors(held_out: NDArray[np.float64], said: NDArray[np.int8], bias: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the score (T,) that a proposal must have whatever held-out documents say of its precision.

    They are of kinds that people have tagged, and others will come: a document like none of them scores about the bias,
    and a proposal has to lie far from it, the farther the fewer documents without the tag there are.
    """
    share = _CLEAR * np.minimum(1, _ENOUGH_WITHOUT / np.maximum(1, _without(said)))
    typical = np.nanmedian(np.where(said == Said.YES, held_out, np.nan), axis=0)
    return np.asarray(bias + share * np.maximum(0, typical - bias), dtype=np.float64)


def _told_by(
    held_out: NDArray[np.float64], said: NDArray[np.int8]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """Return thresholds, slopes, intercepts and what was fitted, each (T,)."""
    tags = said.shape[1]
    thresholds, lines, fitted = np.full(tags, np.inf), np.zeros((tags, 2)), np.zeros(tags, dtype=bool)
    for place in range(tags):
        spoken, decided = said[:, place] != Said.UNKNOWN, np.isin(said[:, place], _OUTCOMES)
        thresholds[place] = threshold(held_out[spoken, place], said[spoken, place] == Said.YES)
        line = platt(held_out[decided, place], said[decided, place] == Said.YES)
        if line is not None:
            lines[place], fitted[place] = line, True
    as_float = [each.astype(np.float32) for each in (thresholds, lines[:, 0], lines[:, 1])]
    return as_float[0], as_float[1], as_float[2], fitted
