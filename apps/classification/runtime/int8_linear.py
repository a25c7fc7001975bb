"""Linear layers in 8-bit integers: oneDNN multiplies them twice as fast as bfloat16 where the CPU has VNNI."""

from collections.abc import Callable
from typing import Final, cast

import torch
from torch import Tensor

# PyTorch's compiler calls these operators by name; they have no other public face, so a build may lack them.
_PACK, _LINEAR = "qlinear_prepack", "qlinear_pointwise"
_TYPICAL_ROWS: Final = 2048  # the packed layout is chosen for about as many, and used for any
_LARGEST: Final = 127
MIDDLE: Final = 128
"""The byte that stands for the middle of a channel."""
MARGIN: Final = 1.1
"""How much further than what was seen a channel reaches before it is cut off."""
_TINY: Final = 1e-5


def has_int8() -> bool:
    """Tell whether this CPU multiplies bytes without saturating and this build of PyTorch has the operators."""
    features = torch.cpu.get_capabilities()
    has_vnni = bool(features.get("avx512_vnni") or features.get("avx_vnni"))
    return has_vnni and all(hasattr(torch.ops.onednn, name) for name in (_PACK, _LINEAR))


class Int8Linear:
    """A linear layer with one scale for each of its outputs; multiply with `__call__`.

    `weight` has the shape (outputs, inputs). The inputs it is given are unsigned bytes.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        weight = weight.detach().float()
        self._scales = (weight.abs().amax(dim=1) / _LARGEST).clamp_min(torch.finfo(torch.float32).tiny)
        self._zeros = torch.zeros(len(weight), dtype=torch.int64)
        rounded = (weight / self._scales[:, None]).round().to(torch.int8)
        self._packed = _kernel(_PACK)(rounded.contiguous(), [_TYPICAL_ROWS, weight.shape[1]])
        self._bias = bias.detach().float().clone()  # a view would keep the whole file of weights in memory

    def __call__(self, given: Tensor, scale: float, zero: int, dtype: torch.dtype) -> Tensor:
        """Map (rows, inputs) bytes, of which `zero` means 0 and one step `scale`, to (rows, outputs) of a type."""
        return self._multiplied(given, scale, zero, (1.0, 0, dtype, "none", [], "none"))

    def gelu(self, given: Tensor, scale: float, zero: int) -> Tensor:
        """Map bytes (rows, inputs) in steps of 1 about 128 to bytes (rows, outputs) after a GELU."""
        return self._multiplied(given, 1.0, MIDDLE, (scale, zero, None, "gelu", [], "none"))

    def _multiplied(self, given: Tensor, scale: float, zero: int, output: tuple[object, ...]) -> Tensor:
        weights = (self._packed, self._scales, self._zeros, self._bias)
        return _kernel(_LINEAR)(given, scale, zero, *weights, *output)


class Channels:
    """Inputs of a layer as bytes, each channel with a centre and a step of its own, which its weights take over.

    A wide channel beside narrow weights gets larger steps, so that neither is rounded away (SmoothQuant, Xiao et al.
    2023, with half of the difference on either side). `low` and `high` are what was seen of each channel; `weight` has
    the shape (outputs, channels).
    """

    def __init__(self, low: Tensor, high: Tensor, weight: Tensor) -> None:
        centre = (low + high) / 2
        reach = ((high - low) / 2).clamp_min(_TINY) * MARGIN
        step = (reach / weight.detach().float().abs().amax(dim=0).clamp_min(_TINY)).sqrt()
        self.centre = centre
        self.step = step * (reach / step).max() / _LARGEST
        self._inverse = 1 / self.step
        self._shift = -centre * self._inverse

    def bytes(self, hidden: Tensor) -> Tensor:
        """Map float32 (rows, channels) to bytes in steps of 1 about 128; what lies beyond the ends is cut off."""
        steps = torch.addcmul(self._shift, hidden, self._inverse).round_().clamp_(-MIDDLE, _LARGEST)
        # From float to signed bytes is one instruction a vector, to unsigned ones a loop: eight times as long.
        return steps.to(torch.int8).view(torch.uint8).bitwise_xor_(MIDDLE)

    def linear(self, weight: Tensor, bias: Tensor) -> Int8Linear:
        """Return a layer for such bytes."""
        weight = weight.detach().float()
        return Int8Linear(weight * self.step, bias.detach().float() + weight @ self.centre)


def _kernel(name: str) -> Callable[..., Tensor]:
    return cast("Callable[..., Tensor]", getattr(torch.ops.onednn, name))
