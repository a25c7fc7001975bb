"""Labels of words: `B-PER` begins a mention, `I-PER` goes on with it, `O` is none. From scores to mentions."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

OUTSIDE: Final = "O"
_NEVER: Final = -1e9
_CERTAIN: Final = 15.0  # by how much `O` is likelier than all else, in logarithms: no neighbour changes that
# What label sets call the kinds that have a name of their own here; any other is called what it is, in lower case.
_KINDS: Final = {
    "per": "person",
    "person": "person",
    "org": "organization",
    "organisation": "organization",
    "organization": "organization",
    "loc": "location",
    "gpe": "location",
    "location": "location",
}


class Mention(NamedTuple):
    """A mention at start:end of a text; `confidence` is a probability fitted to outcomes, or None."""

    kind: str
    start: int
    end: int
    confidence: float | None


class Tagged(NamedTuple):
    """A mention over the words first:last, and the mean logarithm of its words' probabilities."""

    kind: str
    first: int
    last: int
    log_probability: float


class LabelScheme:
    """The labels of a model in their order, with or without `B-` and `I-` (also `E-`, `L-`, `S-` and `U-`).

    `outside_bias` is taken off the score of `O` before the labels are chosen: above 0 more mentions are found.
    """

    def __init__(self, labels: Sequence[str], outside_bias: float = 0.0) -> None:
        self.labels = tuple(labels)
        self._bias = np.array([outside_bias if label == OUTSIDE else 0.0 for label in labels], dtype=np.float32)
        parts = [_parts(label) for label in labels]
        self.kinds = tuple(kind for _, kind in parts)
        self._begins = [prefix in "BSU" and bool(kind) for prefix, kind in parts]
        self._has_begins = any(self._begins)
        self._is_outside = np.array([not kind for kind in self.kinds])

    @cached_property
    def _transitions(self) -> NDArray[np.float64]:
        """0 where the second label may follow the first, else nearly minus infinity; shape (labels, labels)."""
        return np.array(
            [[0.0 if self._may_follow(after, before) else _NEVER for after in self._all] for before in self._all]
        )

    @cached_property
    def _starts(self) -> NDArray[np.float64]:
        return np.array([0.0 if self._may_start(label) else _NEVER for label in self._all])

    @property
    def _all(self) -> range:
        return range(len(self.labels))

    def _may_start(self, label: int) -> bool:
        return not self.kinds[label] or self._begins[label] or not self._has_begins

    def _may_follow(self, after: int, before: int) -> bool:
        return self._may_start(after) or self.kinds[after] == self.kinds[before]

    def best_path(self, scores: NDArray[np.float32]) -> list[int]:
        """Return the likeliest sequence of labels that makes sense; `scores` are log probabilities (words, labels).

        Mostly the best label of every word makes sense already. Where it does not, the words between two that are
        outside for certain are looked at by themselves.
        """
        if not len(scores):
            return []
        best = scores.argmax(axis=1)
        is_wrong = np.empty(len(best), dtype=np.bool_)
        is_wrong[0] = self._starts[best[0]] != 0
        is_wrong[1:] = self._transitions[best[:-1], best[1:]] != 0
        if is_wrong.any():
            for first, last in self._uncertain(scores):
                if is_wrong[first:last].any():
                    best[first:last] = self._likeliest(scores[first:last])
        path: list[int] = best.tolist()
        return path

    def _uncertain(self, scores: NDArray[np.float32]) -> list[tuple[int, int]]:
        """Return the runs of words, first and end, between those that are outside for certain."""
        others = np.where(self._is_outside, -np.inf, scores).max(axis=1)
        outside = np.where(self._is_outside, scores, -np.inf).max(axis=1)
        edges = np.diff(np.concatenate([[0], outside - others < _CERTAIN, [0]]).astype(np.int8))
        return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))

    def _likeliest(self, scores: NDArray[np.float32]) -> list[int]:
        """Return what `best_path` does, by Viterbi's algorithm."""
        total = scores[0] + self._starts
        backwards: list[NDArray[np.int64]] = []
        for row in scores[1:]:
            reached = total[:, None] + self._transitions
            backwards.append(reached.argmax(axis=0))
            total = reached.max(axis=0) + row
        path = [int(total.argmax())]
        for origins in reversed(backwards):
            path.append(int(origins[path[-1]]))
        return path[::-1]

    def mentions(self, scores: NDArray[np.float32]) -> list[Tagged]:
        """Return the mentions of a text whose words have these log probabilities, shape (words, labels)."""
        path = self.best_path(scores - self._bias)
        found: list[Tagged] = []
        first = 0
        while first < len(path):
            last = first + 1
            kind = self.kinds[path[first]]
            while kind and last < len(path) and self.kinds[path[last]] == kind and not self._begins[path[last]]:
                last += 1
            if kind:
                chosen = [float(scores[word, path[word]]) for word in range(first, last)]
                found.append(Tagged(kind, first, last, sum(chosen) / len(chosen)))
            first = last
        return found


def _parts(label: str) -> tuple[str, str]:
    """Return a label's prefix (`B`, `I` or none for `O`) and its kind in our words."""
    if label == OUTSIDE:
        return "", ""
    prefix, mark, name = label.partition("-")
    if not mark or len(prefix) != 1:
        prefix, name = "I", label
    return prefix, _KINDS.get(name.lower(), name.lower())
