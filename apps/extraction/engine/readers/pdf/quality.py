"""How well the hidden text of a scan was recognised by whoever made the file."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

# Words as they are printed: letters in one case (or as in GmbH, eBay), numbers, codes and addresses, with the marks
# that stand before and after words.
_LETTERS = r"(?:[^\W\d_][^\W\d_A-ZÀ-ÖØ-Þ]*|[A-ZÀ-ÖØ-Þ]+s?|[A-Z]?[a-z]+[A-Z][a-z]*)"
_NUMBER = (
    r"[A-Z]{0,5}[-#]?[$€£¥]?[+-]?\d+(?:[.,:/x'\u2019-]\d+)*"
    r"(?:st|nd|rd|th|[-\u2013]\d+|%|[€$£]|[A-Z]{3}|[a-z]{1,2}|[AP]M)?"
)
_CODE = r"(?=[A-Z\d./-]*\d)[A-Z\d]+(?:[./-][A-Z\d]+)*"
_ADDRESS = r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|[\w.-]+\.[a-z]{2,4}(?:/\S*)?"
_PRINTED = re.compile(
    rf"[\[(\"'“\u2018«„¿¡#*•·\u2013—-]*"
    rf"(?:{_LETTERS}(?:[-'\u2019/&.][^\W\d_]+)*|{_NUMBER}|{_CODE}|{_ADDRESS})"
    rf"[\])\"'”\u2019».,;:!?%*…®™©°]*"
)
# Of 83 hidden text layers in dev T1 to T7 (receipts and tickets of T4 for the most part), 60 have a share of .1 to .92:
# words of the wrong script and marks within words on every line. The other 23 (.09 and less) read well.
_MOST_ODD = 0.1
_FEWEST_WORDS = 10
_LONGEST_WORD = 100  # also bounds what the expressions above may cost
_ONE_MARK = re.compile(r"([.\-\u2013—_=*•·…:|/&+,#%$€£°№§])\1*")
_LATIN = "LATIN"
_WITHOUT_CASE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI"})


def is_poor(words: Sequence[str]) -> bool:
    """Whether a page recognised by others is better recognised anew."""
    return len(words) >= _FEWEST_WORDS and odd_share(words) >= _MOST_ODD


def odd_share(words: Sequence[str]) -> float:
    """Return the share of words that no one prints like this: digits, cases or scripts mixed, marks within words."""
    if not words:
        return 0.0
    scripts = [_scripts_of(word) for word in words]
    counts = Counter(script for found in scripts for script in found)
    main = counts.most_common(1)[0][0] if counts else _LATIN
    odd = sum(_is_odd(word, found, main) for word, found in zip(words, scripts, strict=True))
    return odd / len(words)


def _is_odd(word: str, scripts: frozenset[str], main: str) -> bool:
    if scripts - {main, _LATIN} or len(word) > _LONGEST_WORD:
        return True
    if main in _WITHOUT_CASE or scripts == {main} != {_LATIN}:
        return False
    return len(scripts) > 1 or not (_PRINTED.fullmatch(word) or _ONE_MARK.fullmatch(word))


def _scripts_of(word: str) -> frozenset[str]:
    return frozenset() if word.isascii() and not word.isalpha() and not any(map(str.isalpha, word)) else _named(word)


@lru_cache(maxsize=4_096)
def _named(word: str) -> frozenset[str]:
    """Return the scripts of a word's letters and digits, as Unicode names them; digits of ours have none."""
    marked = (each for each in word if each.isalnum() and not ("0" <= each <= "9"))
    return frozenset(unicodedata.name(each, "OTHER").split(" ", 1)[0].split("-", 1)[0] for each in marked)
