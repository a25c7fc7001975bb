"""Where labels stand on a page: its words are made bare once, and each label is looked for once.

A workspace remembers hundreds of places, and most of them stand beside the same few labels.
"""

from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from apps.extraction.engine.fields.memory.places import on_one_line
from apps.extraction.engine.fields.support import bare, box_of
from apps.extraction.engine.types import PageReading

Run = tuple[int, ...]  # indices of neighbouring words
_ALIKE: Final = 0.85  # of two labels' letters: recognition errs, and plurals differ
_FEWEST: Final = 5  # letters up to which a label must be the same
_LONGER: Final = 2  # letters that one may have more than the other


class SearchedPage:
    """A page with an index of its labels and of what stands beside them."""

    def __init__(self, reading: PageReading) -> None:
        self.reading = reading
        self._texts = [bare(word.text) for word in reading.words]
        self._said: dict[int, dict[str, list[int]]] = {}  # by number of words: their letters, and where they begin
        self._alike: dict[int, dict[str, list[str]]] = {}  # by number of words: their letters by the first one
        self._found: dict[tuple[str, ...], list[Run]] = {}
        self._beside: dict[tuple[tuple[str, ...], bool], list[tuple[Run, int]]] = {}

    def labels(self, words: Sequence[str]) -> list[Run]:
        """Return where bare words stand on the page, one after the other, from the top."""
        key = tuple(words)
        if key not in self._found:
            said = self._runs(len(key))
            texts = self._texts_like("".join(key), len(key))
            starts = sorted(start for text in texts for start in said.get(text, ()))
            self._found[key] = [tuple(range(start, start + len(key))) for start in starts]
        return self._found[key]

    def beside(self, words: Sequence[str], *, is_left: bool) -> list[tuple[Run, int]]:
        """Return where a label stands, each with the first word to its right or, unless it is left of values, below."""
        key = (tuple(words), is_left)
        if key not in self._beside:
            find = self._right_of if is_left else self._below
            pairs = ((label, find(label)) for label in self.labels(words))
            self._beside[key] = [(label, start) for label, start in pairs if start is not None]
        return self._beside[key]

    def _right_of(self, label: Run) -> int | None:
        """Return the next word on a label's line."""
        last = self.reading.words[label[-1]]
        line = [
            (word.x0, index)
            for index, word in enumerate(self.reading.words)
            if word.x0 >= last.x1 - 1e-6 and index not in label and on_one_line(word, last) and self._texts[index]
        ]
        return min(line)[1] if line else None

    def _below(self, label: Run) -> int | None:
        """Return the first word of the line right below a label."""
        x0, _, x1, y1 = box = box_of(self.reading.words[index] for index in label)
        height = y1 - box[1]
        near = [
            (round(word.y0 - y1, 4), word.x0, index)
            for index, word in enumerate(self.reading.words)
            if -0.3 * height < word.y0 - y1 < 2.5 * height and word.x0 < x1 and word.x1 > x0 and self._texts[index]
        ]
        return min(near)[2] if near else None

    def _runs(self, size: int) -> dict[str, list[int]]:
        """Return the letters of all runs of so many words, with the places where they begin."""
        if size not in self._said:
            said: dict[str, list[int]] = defaultdict(list)
            for start in range(len(self._texts) - size + 1):
                said["".join(self._texts[start : start + size])].append(start)
            self._said[size] = said
            alike: dict[str, list[str]] = defaultdict(list)
            for text in said:
                alike[text[:1]].append(text)
            self._alike[size] = alike
        return self._said[size]

    def _texts_like(self, wanted: str, size: int) -> set[str]:
        found = {wanted}
        if len(wanted) > _FEWEST:
            matcher = SequenceMatcher(None, "", wanted, autojunk=False)
            for text in self._alike[size].get(wanted[:1], ()):
                if abs(len(text) - len(wanted)) <= _LONGER:
                    matcher.set_seq1(text)
                    if matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE:
                        found.add(text)
        return found
