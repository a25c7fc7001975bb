"""Words divided at the ends of lines."""

import re

LINE_HYPHEN = "\ufffe"  # pdfium's mark for a hyphen at a line's end; it takes the line break away
# Each word is tried once, from its start to its end: trying each of its parts as well takes .3 ms a page more.
_WORD = r"(?<![^\W\d_])[^\W\d_]++"
_HYPHENATED = re.compile(f"({_WORD}){LINE_HYPHEN}([^\\W\\d_]+)")
_LETTERS = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(rf"{_WORD}-[^\W\d_]+")
# Halves of English compounds that are written with a hyphen far more often than they end or begin a divided word.
_COMPOUND_STARTS = frozenset(
    {"cross", "cutting", "data", "end", "full", "high", "in", "large", "long", "low", "machine", "near", "non", "off"}
    | {"one", "open", "self", "short", "small", "third", "time", "two", "three", "user", "well"}
)
_COMPOUND_ENDS = frozenset(
    {"aware", "based", "compatible", "dimensional", "driven", "formatted", "free", "friendly", "independent", "level"}
    | {"oriented", "quality", "related", "scale", "source", "speaking", "specific", "term", "time", "to", "type"}
    | {"wide"}
)
_SHORTEST_WORD = 4


def join_hyphenated(text: str) -> str:
    """Words divided at a line's end made whole again.

    A real hyphen ("high-level") is kept: told by the same page writing it so or using both halves as words, or by
    halves that usually make compounds.
    """
    if LINE_HYPHEN not in text:
        return text
    vocabulary = {word.lower() for word in _LETTERS.findall(_HYPHENATED.sub(" ", text))}
    compounds = {word.lower() for word in _COMPOUND.findall(text)}

    def joined(found: re.Match[str]) -> str:
        left, right = found[1], found[2]
        whole, compound = (left + right).lower(), f"{left}-{right}".lower()
        if compound in compounds:
            return f"{left}-{right}"
        halves_are_words = (left.lower() in vocabulary and right.lower() in vocabulary) or _is_compound(left, right)
        divided = right.islower() and (whole in vocabulary or not halves_are_words)
        return left + right if divided else f"{left}-{right}"

    return _HYPHENATED.sub(joined, text).replace(LINE_HYPHEN, "-")


def _is_compound(left: str, right: str) -> bool:
    """Whether two halves look like a compound: "high-dimensional", but not "high-est"."""
    return right.lower() in _COMPOUND_ENDS or (left.lower() in _COMPOUND_STARTS and len(right) > _SHORTEST_WORD)
