"""A type known by a name and one sentence: what of the sentence its documents are looked through for.

A type of the catalogue comes with dozens of names; people say one sentence. Its words, without those that every text
has, stand in for names, each as much as it is rare.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from stop_words import AVAILABLE_LANGUAGES, get_stop_words

from apps.classification.engine.evidence import RARE_SHARE
from apps.classification.engine.words import token_bucket, tokens

_FEWEST_LETTERS: Final = 3
_FEWEST_CHARACTERS: Final = 2  # of scripts that do not space words


def described_as(name: str, sentence: str) -> str:
    """Return the text whose vector stands for the type."""
    return f"{name}: {sentence}"


def names_of(name: str, sentence: str) -> tuple[str, ...]:
    """Return what documents of the type may call themselves or speak of: its name first, then the sentence's words."""
    said, of_name = dict.fromkeys(tokens(sentence)), set(tokens(name))
    return (name.lower(), *(word for word in said if word not in of_name and _tells(word)))


def rarities(names: Sequence[str], inverse_frequencies: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return how much each of a type's names says, 0 to 1: the first in full, words by how few documents have them.

    The measure is that of `evidence.name_weights`, over all documents the head was trained on.
    """
    weights = [1.0]
    for name in names[1:]:
        buckets = [token_bucket(token, buckets=len(inverse_frequencies)) for token in tokens(name)]
        share = float(np.exp(1 - inverse_frequencies[buckets].max())) if buckets else 0.0
        weights.append(float(np.log(share + RARE_SHARE) / np.log(RARE_SHARE)))
    return np.array(weights, dtype=np.float32).clip(0, 1)


def _tells(word: str) -> bool:
    letters = _FEWEST_LETTERS if word.isascii() or word[0].lower() != word[0].upper() else _FEWEST_CHARACTERS
    return word[0].isalpha() and len(word) >= letters and word not in _stop_words()


@cache
def _stop_words() -> frozenset[str]:
    """Return those of all languages: in which one a sentence is said, few words do not tell."""
    return frozenset(word.lower() for language in AVAILABLE_LANGUAGES for word in get_stop_words(language))
