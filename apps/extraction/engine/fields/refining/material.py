"""What a fit learns from: documents of which people decided values, as candidates with what speaks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from apps.extraction.engine.fields.refining.second_stage import Floats, Matrix, Refinement, best_places

Flags = npt.NDArray[np.bool_]
Decided = Mapping[str, Sequence[str]]  # values by key as people said them; none: it is not there


@dataclass(frozen=True)
class Rows:
    """The candidates of one key of one document that are weighed again, and which of them are right."""

    scores: Floats  # (n,) of the shipped ranker
    matrix: Matrix  # (n, features)
    words: list[tuple[int, ...]]  # buckets of the words beside each
    right: Flags  # (n,); none where the document has no such value
    are_alone: bool = False  # each candidate is right or wrong by itself, as the shipped model was fitted


@dataclass(frozen=True)
class Outcome:
    """What a refinement said of one key of one document; `share` is the probability before `Refinement.trust`."""

    key: str
    share: float
    is_right: bool
    is_taken: bool = True  # False: there was nothing to say, whatever the probability


class Material(Protocol):
    """A document with what people decided of it."""

    @property
    def group(self) -> str:
        """What must not be both learned from and measured on, such as the sender."""

    @property
    def decided(self) -> Decided:
        """Return what people said of it."""

    def rows(self, key: str) -> Rows | None:
        """Return the candidates of a key, None where nothing can be learned of it."""

    def outcomes(self, refinement: Refinement) -> list[Outcome]:
        """Return what would have been said of each decided key."""


def rows_of(
    scores: Floats,
    matrix: Matrix,
    words: Sequence[tuple[int, ...]],
    right: Flags,
    *,
    is_there: bool,
    are_alone: bool = False,
) -> Rows:
    """Return the rows of the candidates that are weighed again; one that is right and not among them teaches nothing.

    Raises LookupError where a value that is there is none of them.
    """
    best = best_places(scores)
    if is_there and not right[best].any():
        raise LookupError
    return Rows(scores[best], matrix[best], [words[int(place)] for place in best], right[best], are_alone)
