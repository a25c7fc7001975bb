"""Whether a text layer says what the page shows, told from its characters alone.

All figures here were taken on the first eight pages of each PDF of dev T1 to T4, T6 and T7 (1,983 pages).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from apps.extraction.engine.readers.pdf import characters as kind

_MOST_CODES = 0.3  # private use, controls and the replacement character, of all characters

# Letters a to z per thousand, the mean of English, French, German, Spanish and Italian.
_USUAL = (91, 15, 35, 43, 136, 14, 19, 25, 75, 3, 5, 49, 27, 74, 69, 21, 6, 66, 69, 65, 38, 14, 9, 2, 6, 6)
_ROOTS = np.sqrt(np.array(_USUAL) / sum(_USUAL))
# A font whose codes are mapped to the wrong letters gives text in which rare letters are frequent. Likeness is the
# Bhattacharyya coefficient. Text of 1,423 pages has at least .871, but for a page of HTML tags (.72) and pages that
# repeat one line (fewer than 14 letters). Django's own texts in 57 languages of Latin script have at least .919
# (Vietnamese); of their pieces of 400 letters 1 in 1,283 is below .85, of those of 150 letters 67 in 3,407 are, and 6
# below .8: the bounds for few letters were set by these pieces, so no language is left that had no say. With .85 from
# 400 letters on, 92 to 99 % of pages with shifted codes were caught.
_LEAST_LIKENESS, _LEAST_LIKENESS_OF_FEW = 0.85, 0.8
_MANY_LETTERS, _FEWEST_LETTERS = 400, 150
_FEWEST_DIFFERENT = 14
# How often a page's words come on average, counted in letters, above which they are no sample of a language. A bound of
# caution: prose of a page has less than two, a bill of thirty lines of one article eight.
_LEAST_REPEATED = 3

# Marks that are neither letter nor digit, without the commonest one (dots that lead to a page number, lines of
# underscores). The most on a page of text is .26; shifted codes that leave few letters behind have .4 to .6.
_MOST_MARKS = 0.35
_FEWEST_CHARACTERS = 200
_MARKS = np.array([33 <= code < 127 and not chr(code).isalnum() for code in range(128)])


def is_garbage(units: NDArray[np.uint16], kinds: NDArray[np.uint8], words: Sequence[str] = ()) -> bool:
    """Whether a page's text is codes that stand for no letter, or letters that stand for others.

    `words` are the page's, where they are known: a long table may repeat a few words, whose letters say nothing.
    """
    characters = np.count_nonzero((kinds & kind.BLANK) == 0)
    if not characters:
        return False
    if np.count_nonzero(kinds & kind.GARBAGE) > _MOST_CODES * characters:
        return True
    if characters < _FEWEST_CHARACTERS:
        return False
    counts = np.bincount(units[units < 128], minlength=128)
    letters = _letters(counts)
    if _can_be_told(letters):
        return _are_unlike(letters) and not _is_repeated(words, int(letters.sum()))
    marks = counts[_MARKS]
    commonest = int(marks.max())
    others = characters - commonest
    return bool(others >= _FEWEST_CHARACTERS and marks.sum() - commonest > _MOST_MARKS * others)


def _letters(counts: NDArray[np.intp]) -> NDArray[np.intp]:
    return counts[97:123] + counts[65:91]


def _can_be_told(letters: NDArray[np.intp]) -> bool:
    return bool(letters.sum() >= _FEWEST_LETTERS and np.count_nonzero(letters) >= _FEWEST_DIFFERENT)


def _are_unlike(letters: NDArray[np.intp]) -> bool:
    total = int(letters.sum())
    likeness = float(np.sqrt(letters / total) @ _ROOTS)
    return likeness < (_LEAST_LIKENESS if total >= _MANY_LETTERS else _LEAST_LIKENESS_OF_FEW)


def _is_repeated(words: Sequence[str], total: int) -> bool:
    """Whether a page's letters are those of few words again and again, so that they are no sample of a language."""
    once = np.frombuffer("".join(set(words)).encode("ascii", "ignore"), dtype=np.uint8)
    return bool(words) and _LEAST_REPEATED * int(_letters(np.bincount(once, minlength=128)).sum()) < total
