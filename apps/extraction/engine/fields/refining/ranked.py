"""The second stage at work on the candidates of an invoice or receipt."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.extraction.engine.fields.ranking.candidates import Kind
from apps.extraction.engine.fields.ranking.features import Ranked
from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema
from apps.extraction.engine.fields.refining.label_words import words_beside
from apps.extraction.engine.fields.refining.second_stage import Floats, Refinement


def ranked_anew(
    refinement: Refinement, schema: Schema, ranked: Mapping[Kind, Ranked], scores: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Return the scores of a document's candidates by what a workspace learned."""
    found = dict(scores)
    for key, weights in refinement.keys.items():
        own = ranked.get(FIELDS[schema][key])
        if own is not None and key in found:
            found[key] = weights.rescored(found[key], own.matrix, _Beside(own))
    return found


@dataclass(frozen=True)
class _Beside:
    """The words beside candidates, looked for when they are asked for."""

    ranked: Ranked

    def __call__(self, place: int) -> tuple[int, ...]:
        return words_beside(self.ranked.candidates[place])
