"""Layers of an encoder in 8-bit integers, with the ranges of their inputs as seen on sample texts.

One core with AVX-512 VNNI computes about 11,000 tokens a second of MiniLM's six layers so, in bfloat16 6,900. The
vectors of passages keep a cosine of .998 to those in float32.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

import torch
from torch import Tensor, nn

from apps.classification.runtime.attention import Chosen, Span, Spans, attend, attend_from
from apps.classification.runtime.int8_linear import MARGIN, MIDDLE, Channels, Int8Linear

# The least that a GELU returns is -.17.
_GELU_FLOOR: Final = 0.17
_LEVELS: Final = 255
# A GELU's output is one byte with one step for all channels. Those that reach further are continued in a channel more:
# it begins where the first one's byte is full. Over 2 to 8 on texts of papers, 4 and 6 lost least.
_GELU_REACH: Final = 6.0


class Ranges:
    """The least and the greatest value of each channel that passed, of one place in a layer."""

    def __init__(self) -> None:
        self.low = self.high = torch.empty(0)

    def see(self, hidden: Tensor) -> None:
        """Take in values of the shape (..., channels)."""
        rows = hidden.detach().float().reshape(-1, hidden.shape[-1])
        low, high = rows.amin(dim=0), rows.amax(dim=0)
        self.low = torch.minimum(self.low, low) if len(self.low) else low
        self.high = torch.maximum(self.high, high) if len(self.high) else high


class LayerRanges:
    """What passes through one layer of an encoder."""

    def __init__(self) -> None:
        self.given, self.attended, self.between, self.activated = Ranges(), Ranges(), Ranges(), Ranges()

    @contextmanager
    def watched(self, layer: Any) -> Iterator[None]:  # noqa: ANN401 - transformers has no common type for them
        """Watch a layer while texts without padding pass through it."""
        places = (
            (layer.attention.self.query, self.given),
            (layer.attention.output.dense, self.attended),
            (layer.intermediate.dense, self.between),
            (layer.output.dense, self.activated),
        )
        hooks = [
            module.register_forward_pre_hook(lambda _, given, ranges=ranges: ranges.see(given[0]))
            for module, ranges in places
        ]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()


class Int8Attention(nn.Module):
    """Stands for a layer's `attention`: query, key and value in one product, then the output's."""

    def __init__(self, attention: Any, ranges: LayerRanges) -> None:  # noqa: ANN401 - see above
        super().__init__()
        inner, output = attention.self, attention.output
        parts = (inner.query, inner.key, inner.value)
        weight = torch.cat([part.weight for part in parts])
        self._given = Channels(ranges.given.low, ranges.given.high, weight)
        self._projected = self._given.linear(weight, torch.cat([part.bias for part in parts]))
        self._attended = Channels(ranges.attended.low, ranges.attended.high, output.dense.weight)
        self._output = self._attended.linear(output.dense.weight, output.dense.bias)
        self._heads = int(inner.num_attention_heads)
        self.norm = output.LayerNorm

    def forward(
        self, hidden: Tensor, attention_mask: Tensor | Spans | Chosen | None = None, **_: object
    ) -> tuple[Tensor, None]:
        """Map float32 (texts, tokens, width) to the same shape.

        In the mask's place may be said where texts stand that were put one after the other, see `Packed`; or which of
        their rows are wanted, then the shape is (1, chosen rows, width).
        """
        texts, tokens, width = hidden.shape
        rows = hidden.view(-1, width)
        projected = self._projected(self._given.bytes(rows), 1.0, MIDDLE, torch.bfloat16)
        projected = projected.view(len(rows), 3, self._heads, -1)
        if isinstance(attention_mask, Chosen):
            attended = attend_from(projected, attention_mask)
            rows = rows[attention_mask.rows]
        else:
            attended = attend(projected, _spans(attention_mask, texts, tokens))
        output = self._output(self._attended.bytes(attended.view(-1, width)), 1.0, MIDDLE, torch.float32)
        return self.norm(output.add_(rows)).view(texts, -1, width), None


def _spans(mask: Tensor | Spans | None, texts: int, tokens: int) -> Spans:
    """Return where texts stand; a mask of padded ones is true where a key may be seen, (texts, 1, any, tokens)."""
    if isinstance(mask, tuple):
        return mask
    lengths = [tokens] * texts if mask is None else mask[:, 0, 0].sum(dim=-1).tolist()
    return tuple(Span(text * tokens, length) for text, length in enumerate(lengths))


class Int8Intermediate(nn.Module):
    """Stands for a layer's `intermediate`: to bytes of the wide middle, after the GELU."""

    def __init__(self, dense: nn.Linear, ranges: LayerRanges, middle: "Middle") -> None:
        super().__init__()
        self._given = Channels(ranges.between.low, ranges.between.high, dense.weight)
        bias = dense.bias.detach().float()[middle.channels] - middle.begins
        self._dense = self._given.linear(dense.weight.detach()[middle.channels], bias)
        self._middle = middle

    def forward(self, hidden: Tensor) -> Tensor:
        """Map float32 (texts, tokens, width) to bytes (texts times tokens, channels of the middle)."""
        rows = self._given.bytes(hidden.view(-1, hidden.shape[-1]))
        return self._dense.gelu(rows, self._middle.step, self._middle.zero)


class Int8Output(nn.Module):
    """Stands for a layer's `output`: from the middle's bytes back to the width, and the sum with what came in."""

    def __init__(self, output: Any, middle: "Middle") -> None:  # noqa: ANN401 - see above
        super().__init__()
        self._dense = Int8Linear(output.dense.weight.detach()[:, middle.channels], output.dense.bias)
        self._middle = middle
        self.norm = output.LayerNorm

    def forward(self, activated: Tensor, hidden: Tensor) -> Tensor:
        """Map bytes and the float32 (texts, tokens, width) before them to float32 of that shape."""
        rows = self._dense(activated, self._middle.step, self._middle.zero, torch.float32)
        return cast("Tensor", self.norm(rows.add_(hidden.view(rows.shape))).view(hidden.shape))


class Middle:
    """The channels between a layer's two wide products, those of great reach more than once.

    A few channels of a trained encoder reach ten times as far as the others, and with one step for all the others
    would be rounded away: cosines fell to .990. A channel that reaches further than a byte is split, as often as its
    reach needs: gelu(x) is about gelu(x) cut off at `end` plus gelu(x - end), for a byte stops at 255 by itself.
    """

    def __init__(self, highest: Tensor) -> None:
        reach = min(_GELU_REACH, float(highest.max()) * MARGIN)
        self.step = (reach + _GELU_FLOOR) / _LEVELS
        self.zero = round(_GELU_FLOOR / self.step)
        end = (_LEVELS - self.zero) * self.step
        copies = torch.ceil(highest * MARGIN / end).clamp_min(1).long()
        numbers = torch.arange(len(highest)).repeat_interleave(copies)
        before = torch.cumsum(copies, 0) - copies
        self.channels = numbers
        self.begins = (torch.arange(len(numbers)) - before[numbers]) * end
