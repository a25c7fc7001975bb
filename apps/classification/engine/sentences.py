"""A type known by a name and one sentence: what of the sentence its documents are looked through for.

A type of the catalogue comes with dozens of names; people say one sentence. Its words, without those that every text
has, stand in for names, each as much as it is rare.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest
from typing import Final

import numpy as np
from numpy.typing import NDArray
from stop_words import AVAILABLE_LANGUAGES, get_stop_words

from apps.classification.engine.evidence import rarity
from apps.classification.engine.words import token_bucket, tokens, without_accents

# What follows one of these in a part of a sentence is what such documents do not have.
_NEGATIONS: Final = frozenset(
    {
        "no", "not", "without", "never", "nor", "except", "kein", "keine", "keinen", "keiner", "ohne", "nicht",
        "sans", "pas", "aucun", "aucune", "sin", "ningún", "ninguna", "senza", "nessun", "nessuna", "zonder",
        "geen", "niet", "sem", "não", "bez", "nie", "utan", "inga", "inte", "uden", "ikke", "uten",
    }
)  # fmt: skip
_BUT: Final = frozenset({"only", "just", "nur", "seulement", "uniquement", "solo", "alleen", "apenas", "tylko", "bara"})
_PARTS: Final = re.compile(r"[,;.:()]")
_ENDING: Final = re.compile("[\u3040-\u309f]")
_FEWEST_LETTERS: Final = 3
_FEWEST_CHARACTERS: Final = 2  # of scripts that do not space words


def described_as(name: str, sentence: str) -> str:
    """Return the text whose vector stands for the type."""
    return f"{name}: {sentence}"


def names_of(name: str, sentence: str) -> tuple[str, ...]:
    """Return what documents of the type may call themselves or speak of: its name first, then the sentence's words.

    Not those that a part of the sentence denies: "quantities, no prices".
    """
    said = dict.fromkeys(word for part in _PARTS.split(sentence) for word in _affirmed(tokens(part)))
    of_name = set(tokens(name))
    return (name.lower(), *(word for word in said if word not in of_name and _tells(word)))


def rarities(names: Sequence[str], inverse_frequencies: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return how much each of a type's names says in a title and in the text, 0 to 1, shape (2, names).

    As much as few documents have it; the first of them, the type's own, in full where it stands in the title or has
    several words. The measure is that of `evidence.name_weights`, over all documents the head was trained on.
    """
    shares = np.array([_share(name, inverse_frequencies) for name in names])
    both = np.stack([rarity(shares)] * 2)
    both[: 1 if len(tokens(names[0])) == 1 else 2, 0] = 1
    return both


def _share(name: str, inverse_frequencies: NDArray[np.floating]) -> float:
    """Return the share of documents that have the rarest of a name's words."""
    buckets = [token_bucket(token, buckets=len(inverse_frequencies)) for token in tokens(name)]
    return float(np.exp(1 - inverse_frequencies[buckets].max())) if buckets else 0.0


def _affirmed(words: Sequence[str]) -> Iterator[str]:
    """Yield the words before a negation; "no" before a number and "not only" are none."""
    for word, behind in zip_longest(words, words[1:], fillvalue=""):
        if word in _NEGATIONS and behind not in _BUT and not behind.startswith("#"):
            return
        yield word


def _tells(word: str) -> bool:
    """Tell whether a word says what a document is: not one that every text has, nor an ending in Japanese."""
    if not word[0].isalpha() or _ENDING.search(word):
        return False
    is_cased = word.lower() != word.upper()
    return (
        len(word) >= (_FEWEST_LETTERS if is_cased else _FEWEST_CHARACTERS)
        and without_accents(word) not in _stop_words()
    )


@cache
def _stop_words() -> frozenset[str]:
    """Return those of all languages, without accents: in which one a sentence is said, few words do not tell."""
    return frozenset(
        without_accents(word.lower()) for language in AVAILABLE_LANGUAGES for word in get_stop_words(language)
    )
