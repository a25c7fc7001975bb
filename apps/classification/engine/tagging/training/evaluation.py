"""Held-out passages with the scores of their words: which bias suits them, how well mentions are found, every guess."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.tagging.labels import LabelScheme, Tagged
from apps.classification.engine.tagging.training.corpus import IGNORED
from apps.classification.engine.tagging.training.packing import Passage
from apps.classification.engine.tagging.training.scoring import Guess, Score, letters, score

_ALL: Final = "all"
_BIASES: Final = (-0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


class ScoredPassage(NamedTuple):
    """A passage, the offsets of its words, and their log probabilities for the labels, shape (words, labels)."""

    passage: Passage
    words: Sequence[tuple[int, int]]
    scores: NDArray[np.float32]


_STANDARD_ERROR: Final = (
    0.02  # of a mean F1 of six corpora with 27 to 345 mentions, by repeated draws of their passages
)


def best_bias(labels: Sequence[str], scored: Sequence[ScoredPassage]) -> float:
    """Return one `outside_bias` for all corpora: the one nearest to 0 of those with the best F1 in their mean.

    Those within a standard error of the best are as good: some corpora have few mentions to be held out.
    """

    def mean_f1(bias: float) -> float:
        by_corpus, _ = evaluated(LabelScheme(labels, bias), scored)
        return sum(scores[_ALL].f1 for scores in by_corpus.values()) / len(by_corpus)

    by_bias = {bias: mean_f1(bias) for bias in _BIASES}
    least = max(by_bias.values()) - _STANDARD_ERROR
    return min((bias for bias, f1 in by_bias.items() if f1 >= least), key=abs)


def evaluated(scheme: LabelScheme, scored: Sequence[ScoredPassage]) -> tuple[dict[str, dict[str, Score]], list[Guess]]:
    """Return the scores by corpus and kind, and every mention found with whether it stands in the truth.

    The guesses are dealt out passage by passage, so that both halves of their list hold every corpus.
    """
    scores: dict[str, dict[str, Score]] = {}
    halves: tuple[list[Guess], list[Guess]] = ([], [])
    for number, each in enumerate(scored):
        truth = _truth(each.passage)
        tagged = _tagged(scheme, each)
        found = [(mention.kind, text) for mention, text in tagged]
        of_corpus = scores.setdefault(each.passage.source, {_ALL: Score(0, 0, 0)})
        of_corpus[_ALL] += score(truth, found)
        for kind in {kind for kind, _ in (*truth, *found)}:
            part = score([pair for pair in truth if pair[0] == kind], [pair for pair in found if pair[0] == kind])
            of_corpus[kind] = of_corpus.get(kind, Score(0, 0, 0)) + part
        halves[number % 2].extend(_guesses(truth, tagged))
    return scores, [*halves[0], *halves[1]]


def _tagged(scheme: LabelScheme, scored: ScoredPassage) -> list[tuple[Tagged, str]]:
    words, text = scored.words, scored.passage.text
    return [(each, text[words[each.first][0] : words[each.last - 1][1]]) for each in scheme.mentions(scored.scores)]


def _guesses(truth: Sequence[tuple[str, str]], tagged: Sequence[tuple[Tagged, str]]) -> list[Guess]:
    left = [(kind, letters(text)) for kind, text in truth]
    guesses: list[Guess] = []
    for each, text in tagged:
        pair = (each.kind, letters(text))
        guesses.append(Guess(each.kind, pair in left, each.log_probability))
        if pair in left:
            left.remove(pair)
    return guesses


def _truth(passage: Passage) -> list[tuple[str, str]]:
    """Return the mentions of a passage in our words for their kinds."""
    kinds = LabelScheme([f"B-{span.kind}" for span in passage.spans]).kinds
    return [
        (kind, passage.text[span.start : span.end])
        for kind, span in zip(kinds, passage.spans, strict=True)
        if span.kind != IGNORED
    ]
