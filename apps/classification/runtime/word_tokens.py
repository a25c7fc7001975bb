"""Texts as a tagger reads them: tokens with the words they belong to, and batches of them."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from apps.classification.engine.tagging.shapes import SIZES, Shape, word_shapes
from apps.classification.runtime.attention import Span, padded

_NO_SHAPE = Shape(0, 0, 0, 0)


class WordTokens(NamedTuple):
    """One text: token ids with the special ones, the character offsets of its words, and each word's first token.

    `shapes` and `leads` have one entry a token; `words` and `firsts` one a word. `leads` has the place of the first
    token of each one's word, -1 for tokens of no word. Words beyond the longest input are left out.
    """

    ids: list[int]
    shapes: list[Shape]
    words: list[tuple[int, int]]
    firsts: list[int]
    leads: list[int]


class Batch(NamedTuple):
    """Texts side by side: ids and mask (texts, tokens), shapes (texts, tokens, features).

    `leads`, (texts, tokens), are those of `WordTokens`.
    """

    ids: Tensor
    mask: Tensor
    shapes: Tensor
    leads: Tensor


def tokenised(tokenizer: Any, texts: Sequence[str], max_tokens: int) -> list[WordTokens]:  # noqa: ANN401 - transformers has no types
    """Tokenise texts; `tokenizer` is a fast one of transformers, whose pre-tokenizer says what a word is."""
    encoded = tokenizer(list(texts), truncation=True, max_length=max_tokens, return_offsets_mapping=True, verbose=False)
    return [
        _word_tokens(text, ids, encoded.word_ids(row), offsets)
        for row, (text, ids, offsets) in enumerate(
            zip(texts, encoded["input_ids"], encoded["offset_mapping"], strict=True)
        )
    ]


def _word_tokens(
    text: str, ids: list[int], word_ids: Sequence[int | None], offsets: Sequence[tuple[int, int]]
) -> WordTokens:
    words: list[tuple[int, int]] = []
    firsts: list[int] = []
    word_of: list[int] = []
    last = None
    for position, (word, (start, end)) in enumerate(zip(word_ids, offsets, strict=True)):
        if word is None or end <= start:
            word_of.append(-1)
        elif word != last:
            # Some tokenizers count the blank before a word as part of it.
            words.append((start + len(text[start:end]) - len(text[start:end].lstrip()), end))
            firsts.append(position)
            word_of.append(len(words) - 1)
        else:
            words[-1] = (words[-1][0], end)
            word_of.append(len(words) - 1)
        last = word
    shapes = word_shapes(text, words)
    return WordTokens(
        list(ids),
        [shapes[word] if word >= 0 else _NO_SHAPE for word in word_of],
        words,
        firsts,
        [firsts[word] if word >= 0 else -1 for word in word_of],
    )


def batched(rows: Sequence[WordTokens], pad_id: int, longest: int) -> Batch:
    """Put texts side by side; the width is rounded up as `padded` says, but to no more than `longest`."""
    width = max(len(row.ids) for row in rows)
    width = max(width, min(padded(width), longest))
    ids = torch.full((len(rows), width), pad_id, dtype=torch.long)
    mask = torch.zeros((len(rows), width), dtype=torch.long)
    for number, row in enumerate(rows):
        size = len(row.ids)
        ids[number, :size] = torch.tensor(row.ids)
        mask[number, :size] = 1
    return Batch(ids, mask, shapes_of(rows, width), leads_of(rows, width))


def leads_of(rows: Sequence[WordTokens], width: int) -> Tensor:
    """Return the leads of texts side by side, (texts, width)."""
    leads = np.full((len(rows), width), -1, dtype=np.int64)
    for number, row in enumerate(rows):
        leads[number, : len(row.leads)] = row.leads
    return torch.from_numpy(leads)


def shapes_of(rows: Sequence[WordTokens], width: int) -> Tensor:
    """Return the shapes of texts side by side, (texts, width, features)."""
    shapes = np.zeros((len(rows), width, len(SIZES)), dtype=np.uint8)
    for number, row in enumerate(rows):
        shapes[number, : len(row.shapes)] = _as_array(row.shapes)
    return torch.from_numpy(shapes).long()


def packed_shapes(rows: Sequence[WordTokens], size: int) -> Tensor:
    """Return the shapes of texts one after the other in so many rows, (1, size, features)."""
    shapes = np.zeros((1, size, len(SIZES)), dtype=np.uint8)
    together = _as_array([shape for row in rows for shape in row.shapes])
    shapes[0, : len(together)] = together
    return torch.from_numpy(shapes).long()


def packed_leads(rows: Sequence[WordTokens], spans: Sequence[Span], size: int) -> Tensor:
    """Return the leads of texts one after the other, counted from the first one's beginning, (1, size)."""
    leads = np.full((1, size), -1, dtype=np.int64)
    for row, span in zip(rows, spans, strict=True):
        of_text = np.array(row.leads)
        leads[0, span.start : span.start + span.length] = np.where(of_text < 0, -1, of_text + span.start)
    return torch.from_numpy(leads)


def _as_array(shapes: Sequence[Shape]) -> NDArray[np.uint8]:
    flat = bytes(chain.from_iterable(shapes))  # five times as fast as an array of the tuples
    return np.frombuffer(flat, np.uint8).reshape(-1, len(SIZES))
