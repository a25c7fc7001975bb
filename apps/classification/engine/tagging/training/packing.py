"""Texts to learn from: neighbouring sentences of a corpus together, on lines of their own or not."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from apps.classification.engine.tagging.training.corpus import Corpus, Sentence, TaggedSpan
from apps.classification.engine.tagging.training.variation import Names, varied

# In characters, of which a token has 3.6 in the mean over the corpora of the shipped tagger. Texts of all lengths:
# documents have single lines as well as full windows.
_LENGTHS: Final = (60, 120, 240, 400)
LONG_LENGTHS: Final = (*_LENGTHS, 800)
"""For taggers that read whole passages at once."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to learn from or to be scored on, with its mentions; `source` is its corpus, `weight` what it counts."""

    source: str
    text: str
    spans: tuple[TaggedSpan, ...]
    weight: float = 1.0


def drawn_passages(
    corpora: Sequence[Corpus], names: Names, chance: random.Random, lengths: Sequence[int] = _LENGTHS
) -> list[Passage]:
    """Return the passages of one epoch: drawn, varied and packed anew; `lengths` in characters, ascending."""
    passages: list[Passage] = []
    for corpus in corpora:
        for _ in range(corpus.rules.repeats):
            sentences = [
                varied(sentence, names, chance)
                for sentence in corpus.sentences
                if chance.random() < (corpus.rules.share if sentence.spans else corpus.rules.empty_share)
            ]
            passages += _packed(corpus, sentences, chance, lengths)
    return passages


def plain_passages(corpora: Sequence[Corpus], lengths: Sequence[int] = _LENGTHS) -> list[Passage]:
    """Return the sentences as they are, a line each, in passages of full length."""
    return [passage for corpus in corpora for passage in _packed(corpus, corpus.sentences, None, lengths)]


def _packed(
    corpus: Corpus, sentences: Sequence[Sentence], chance: random.Random | None, lengths: Sequence[int]
) -> Iterator[Passage]:
    pack: list[Sentence] = []
    room = lengths[-1]
    for sentence in sentences:
        if pack and sum(len(each.text) for each in pack) + len(sentence.text) > room:
            yield _joined(corpus, pack, chance)
            pack = []
            room = chance.choice(lengths) if chance else lengths[-1]
        pack.append(sentence)
    if pack:
        yield _joined(corpus, pack, chance)


def _joined(corpus: Corpus, pack: Sequence[Sentence], chance: random.Random | None) -> Passage:
    mark = " " if chance is not None and chance.random() < 0.5 else "\n"
    text = ""
    spans: list[TaggedSpan] = []
    for sentence in pack:
        text += mark if text else ""
        spans += [TaggedSpan(kind, start + len(text), end + len(text)) for kind, start, end in sentence.spans]
        text += sentence.text
    return Passage(corpus.name, text, tuple(spans), corpus.rules.weight)
