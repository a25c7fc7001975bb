"""Whether a document is of any known type at all: four signs, weighed by what types left out of training showed."""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

SIGNS = ("lead", "likeness", "title", "energy")


class Scores(NamedTuple):
    """What a model says of documents, each (..., labels), labels as in its configuration.

    `logits` decide; `likeness` is how much a document is like the examples of each label (0 to 1, 0 for labels without
    any), learned for one label against the rest; `titles` the weighed names in its title.
    """

    logits: NDArray[np.float64]
    likeness: NDArray[np.float64]
    titles: NDArray[np.float64]

    def take(self, columns: NDArray[np.int64] | list[int]) -> Self:
        """Return the scores of some labels."""
        return type(self)(*(part[..., columns] for part in self))

    def with_offset(self, offset: float, learned: int) -> Self:
        """Return the scores with the offset added to the labels without examples."""
        logits = self.logits.copy()
        logits[..., learned:] += offset
        return self._replace(logits=logits)


def signs(scores: Scores, own: int = 0) -> NDArray[np.float64]:
    """Return the signs that a document is of a known type, shape (..., len(SIGNS)).

    How far the best score lies above the mean of all; the likeness to the examples of any label; the names in the title
    of the best label; and the logarithm of the sum of all scores, which is high for long documents of whatever type.
    Of the last `own` labels, which people added, only the best label counts: the signs were weighed without them.
    """
    logits = np.asarray(scores.logits, dtype=np.float64)
    best = logits.argmax(axis=-1)[..., None]
    highest = logits.max(axis=-1)
    columns = np.arange(logits.shape[-1])
    counts = (columns < len(columns) - own) | (columns == best)
    return np.stack(
        [
            highest - logits.mean(axis=-1, where=counts),
            scores.likeness.max(axis=-1),
            np.take_along_axis(scores.titles, best, axis=-1)[..., 0],
            highest + np.log(np.exp(logits - highest[..., None]).sum(axis=-1, where=counts)),
        ],
        axis=-1,
    )


def knownness(scores: Scores, weights: NDArray[np.float64], own: int = 0) -> NDArray[np.float64]:
    """Return the weighed sum of the signs; small where nothing fits."""
    return np.asarray(signs(scores, own) @ weights, dtype=np.float64)
