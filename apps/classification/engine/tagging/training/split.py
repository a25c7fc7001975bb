"""Which sentences are held out of training: the last of every corpus, so that no document is on both sides."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from apps.classification.engine.tagging.training.corpus import Corpus

_SHARE: Final = 0.08
# Corpora that are small give more, so that their score says something, but never more than a fifth.
_FEWEST: Final = 100
_LARGEST_SHARE: Final = 0.2


def split(corpora: Sequence[Corpus]) -> tuple[list[Corpus], list[Corpus]]:
    """Return what is learned from and what is held out, each in the order of the corpora."""
    learned, held_out = [], []
    for corpus in corpora:
        count = len(corpus.sentences)
        held = max(1, int(max(_SHARE * count, min(_FEWEST, _LARGEST_SHARE * count))))
        learned.append(replace(corpus, sentences=corpus.sentences[:-held]))
        held_out.append(replace(corpus, sentences=corpus.sentences[-held:]))
    return learned, held_out
