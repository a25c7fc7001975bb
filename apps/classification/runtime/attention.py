"""Attention by groups of texts of about one length: their scores fit the cache, and padding costs nothing.

PyTorch's fused attention, whose tiles suit wider heads than MiniLM's 32, takes 13.2 ms for 2,048 tokens in texts of 240
on one core (bfloat16), this 8.7 ms; in texts of 48 tokens, 3.5 ms.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

import torch
from torch import Tensor

_STEP: Final = 16
# Scores of a group, over all heads. Twice as many no longer fit the cache, a single short text is mostly overhead.
_MOST_SCORES: Final = 400_000
_LOG2_E: Final = math.log2(math.e)
# Of weights, within which their products with values up to 512 are numbers too. MiniLM's scores are large: in 500
# passages of papers and contracts, each in six layers, sums pass 2**100 in 235 cases, 2**118 in six, and reach 2**121.
_LEAST_SUM: Final = 2.0**-100
_GREATEST_SUM: Final = 2.0**118


class Span(NamedTuple):
    """The rows of one text: its first one, and how many tokens it has."""

    start: int
    length: int


Spans = tuple[Span, ...]


class Chosen(NamedTuple):
    """Rows that shall attend to all rows of their text: where the texts stand, their numbers, how many of each text.

    The numbers, shape (rows,), are in their order. Behind those of the last text there may be more, of no text.
    """

    spans: Spans
    rows: Tensor
    counts: Sequence[int]


def attend(projected: Tensor, spans: Sequence[Span]) -> Tensor:
    """Attend within each text by itself.

    `projected` has the shape (rows, 3, heads, head width) with query, key and value; the spans, none of them empty, are
    in their order. Returns float32 (rows, heads, head width), zeros where no text is.

    A softmax takes off each row's greatest score first. Here that would be a pass more over the largest of all tensors,
    while powers of two reach to 127. It is done for those texts whose weights come near the ends.
    """
    attended = _empty(projected, spans)
    heads, width = attended.shape[1:]
    for group, size in _groups(spans, len(projected), heads):
        query, key, value = _parts(projected, group, size)
        weighted = _weighted(query, key, value, group).view(len(group), heads, size, width)
        for span, found in zip(group, weighted, strict=True):
            attended[span.start : span.start + span.length] = found[:, : span.length].transpose(0, 1)
    return attended


def attend_from(projected: Tensor, chosen: Chosen) -> Tensor:
    """Attend as `attend` does, but from the chosen rows alone.

    Returns float32 (chosen rows, heads, head width), zeros for those of no text.
    """
    heads, width = projected.shape[2:]
    attended = torch.zeros((len(chosen.rows), heads, width))
    by_text = zip(
        torch.split(projected[chosen.rows, 0][: sum(chosen.counts)], list(chosen.counts)),
        torch.split(attended[: sum(chosen.counts)], list(chosen.counts)),
        strict=True,
    )
    for group, size in _groups(chosen.spans, len(projected), heads):
        queries, spaces = zip(*islice(by_text, len(group)), strict=True)
        most = padded(max(map(len, queries)))
        if not most:
            continue
        query = projected.new_zeros((len(group), most, heads, width))
        for padded_query, of_text in zip(query, queries, strict=True):
            padded_query[: len(of_text)] = of_text
        key, value = _parts(projected[:, 1:], group, size)
        weighted = _weighted(query.transpose(1, 2).reshape(-1, most, width), key, value, group)
        for space, found in zip(spaces, weighted.view(len(group), heads, most, width), strict=True):
            space.copy_(found[:, : len(space)].transpose(0, 1))
    return attended


def _weighted(query: Tensor, key: Tensor, value: Tensor, group: Sequence[Span]) -> Tensor:
    """Return the values weighted by the scores, each of the three (texts times heads, tokens, width)."""
    query.mul_(query.shape[-1] ** -0.5 * _LOG2_E)
    weights = _scores(query, key, group).exp2_()
    summed = weights.sum(dim=-1, keepdim=True)
    weighted = torch.bmm(weights, value).div_(summed)
    heads = len(query) // len(group)
    for place in _near_the_ends(summed.view(len(group), -1)):
        of_text = slice(place * heads, (place + 1) * heads)
        scores = _scores(query[of_text], key[of_text], group[place : place + 1])
        weighted[of_text] = torch.bmm(torch.softmax(scores * math.log(2), dim=-1), value[of_text])
    return weighted


def _near_the_ends(sums: Tensor) -> list[int]:
    """Return which texts have sums of weights, (texts, sums), that may have left the range of numbers on the way."""
    least, greatest = torch.aminmax(sums, dim=1)
    return [
        place
        for place, (low, high) in enumerate(zip(least.tolist(), greatest.tolist(), strict=True))
        if not (low > _LEAST_SUM and high < _GREATEST_SUM)
    ]


def _empty(projected: Tensor, spans: Sequence[Span]) -> Tensor:
    """Return space for what is attended, with zeros where no text is."""
    rows, _, heads, width = projected.shape
    space = torch.empty((rows, heads, width))
    end = 0
    for start, length in (*spans, Span(rows, 0)):
        space[end:start] = 0
        end = start + length
    return space


def _parts(projected: Tensor, group: Sequence[Span], size: int) -> Tensor:
    """Return each part of texts as if each had `size` tokens, shape (parts, texts times heads, size, width)."""
    parts, heads, width = projected.shape[1:]
    rows = [projected[span.start : span.start + size] for span in group]
    together = torch.stack(rows) if len(rows) > 1 else rows[0].unsqueeze(0)
    return together.permute(2, 0, 3, 1, 4).contiguous().view(parts, len(group) * heads, size, width)


def _scores(query: Tensor, key: Tensor, group: Sequence[Span]) -> Tensor:
    scores = torch.bmm(query, key.transpose(1, 2))
    size = scores.shape[-1]
    for place, span in zip(scores.view(len(group), -1, *scores.shape[1:]), group, strict=True):
        if span.length < size:
            place[:, :, span.length :] = -torch.inf
    return scores


def _groups(spans: Sequence[Span], rows: int, heads: int) -> Iterator[tuple[Sequence[Span], int]]:
    """Put neighbours of one padded length together, as many as the cache takes: the texts, and that length."""
    sizes = [min(padded(span.length), rows - span.start) for span in spans]
    first = 0
    while first < len(sizes):
        size = sizes[first]
        most = first + max(1, _MOST_SCORES // (heads * size * size))
        end = first + 1
        while end < min(most, len(sizes)) and sizes[end] == size:
            end += 1
        yield spans[first:end], size
        first = end


def padded(length: int) -> int:
    """Round a number of tokens up, so that there are few sizes: oneDNN keeps code and buffers for each one it meets.

    Without it the process grew from 455 to 890 MB over a thousand texts of all lengths; with it to 557 MB.
    """
    return -(-length // _STEP) * _STEP
