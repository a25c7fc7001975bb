"""Invoices and receipts as what a fit learns from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from apps.extraction.engine.fields.ranking.candidates import Kind
from apps.extraction.engine.fields.ranking.choosing import choose
from apps.extraction.engine.fields.ranking.features import Ranked
from apps.extraction.engine.fields.ranking.ranker import Ranker
from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema
from apps.extraction.engine.fields.ranking.signs import signs_of
from apps.extraction.engine.fields.ranking.training.examples import is_same
from apps.extraction.engine.fields.refining.label_words import words_beside
from apps.extraction.engine.fields.refining.material import Decided, Outcome, Rows, rows_of
from apps.extraction.engine.fields.refining.second_stage import Floats, Refinement


@dataclass(frozen=True)
class Seen:
    """A document's candidates by kind, and the buckets of the words beside each."""

    ranked: Mapping[Kind, Ranked]
    words: Mapping[Kind, list[tuple[int, ...]]]


@dataclass(frozen=True)
class RankedMaterial:
    """A document as candidates with what people decided of it; see `Material`."""

    ranker: Ranker
    seen: Seen
    decided: Decided
    group: str

    @property
    def schema(self) -> Schema:
        """Return whether it is an invoice or a receipt."""
        return self.ranker.settings.schema

    def rows(self, key: str) -> Rows | None:
        """Return the candidates of a key, None where nobody decided it or the value is none of them."""
        kind = FIELDS[self.schema][key]
        own = self.seen.ranked.get(kind)
        forest = self.ranker.forests.get(key)
        if key not in self.decided or own is None or forest is None or not own.candidates:
            return None
        said = self.decided[key]
        right = np.array([_is_right(kind, each.value, said) for each in own.candidates], dtype=np.bool_)
        scores = forest.scores(own.matrix)
        try:
            return rows_of(scores, own.matrix, self.seen.words[kind], right, is_there=bool(said))
        except LookupError:
            return None

    def outcomes(self, refinement: Refinement) -> list[Outcome]:
        """Return what would have been said of each decided key that has probabilities."""
        settings = self.ranker.settings
        ranked, kinds = self.seen.ranked, FIELDS[self.schema]
        scores = {key: self._rescored(refinement, key, own) for key, own in self.ranker.scores(ranked).items()}
        choices = choose(self.schema, ranked, scores)
        signs = signs_of(choices, kinds, ranked)
        return [
            Outcome(
                key,
                settings.calibration.probability(key, signs[key]),
                is_right=_is_right(kinds[key], choices[key].candidate.value, said),
            )
            for key, said in self.decided.items()
            if key in choices and key not in settings.uncalibrated
        ]

    def _rescored(self, refinement: Refinement, key: str, scores: Floats) -> Floats:
        weights = refinement.keys.get(key)
        kind = FIELDS[self.schema][key]
        if weights is None:
            return scores
        return weights.rescored(scores, self.seen.ranked[kind].matrix, self.seen.words[kind].__getitem__)


def seen_of(ranked: Mapping[Kind, Ranked]) -> Seen:
    """Return a document's candidates with the words beside them."""
    return Seen(ranked, {kind: [words_beside(each) for each in own.candidates] for kind, own in ranked.items()})


def _is_right(kind: Kind, value: str, said: Sequence[str]) -> bool:
    return any(is_same(kind, value, each) for each in said)
