"""Brings a loaded encoder into the fastest number format in which its vectors stay what they were.

On a CPU these are 8-bit integers, on a card floating-point numbers of 16 bits.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import torch
from structlog import get_logger
from torch import Tensor, nn
from transformers import AutoConfig, PreTrainedModel
from transformers.activations import GELUActivation

from apps.classification.runtime.device import Device
from apps.classification.runtime.int8_layers import (
    Int8Attention,
    Int8Intermediate,
    Int8Output,
    LayerRanges,
    Middle,
)
from apps.classification.runtime.int8_linear import has_int8

log = get_logger(__name__)
# Encoders of one design: self-attention over all tokens without position biases, feed-forward of two linear layers.
FAMILIES: Final = frozenset({"bert", "camembert", "electra", "roberta", "xlm-roberta"})
LEAST_COSINE: Final = 0.98
"""Below it, on average over the sample texts, a model keeps its floating-point numbers."""
_Token = TypeVar("_Token")
_SAMPLE_TOKENS: Final = 64
_SAMPLES: Final = Path(__file__).with_name("sample_texts.txt")
Run = Callable[[Sequence[str]], Tensor]


@cache
def sample_texts() -> tuple[str, ...]:
    """Return texts of the kinds that are read: the ranges of what passes through a model are taken from them."""
    return tuple(_SAMPLES.read_text(encoding="utf-8").strip().split("\n\n"))


def loading_dtype(folder: Path, device: Device) -> torch.dtype:
    """Return the number format to load a model's weights in: float32 where `settle` makes others of them."""
    if device.card:
        return torch.float32
    kind = AutoConfig.from_pretrained(folder, local_files_only=True).model_type
    return torch.float32 if kind in FAMILIES and has_int8() else device.dtype


def settle(model: PreTrainedModel, run: Run, device: Device) -> str:
    """Bring a loaded model into the format it will compute in and name it: `int8`, `bf16`, `fp16` or `fp32`.

    `run` passes the beginnings of texts through the model, see `beginnings`, and returns what is made of them on the
    device, shape (texts, tokens, numbers).
    """
    if device.card:
        nn.Module.to(model, device.place)  # transformers' own says nothing of its types
        return device.number_format if shorten(model, run, device.dtype) else "fp32"
    if quantise(model, run):
        model.get_input_embeddings().to(device.dtype)  # half of all weights, and only looked up
        _let_go_of_file(model)
        return "int8"
    nn.Module.to(model, device.dtype)
    return "bf16" if model.dtype is torch.bfloat16 else "fp32"


def shorten(model: PreTrainedModel, run: Run, dtype: torch.dtype) -> bool:
    """Bring the float32 weights of a model into a shorter format and tell whether that was done.

    It is not done where what is made of the sample texts changes too much, or is no number any more. Tables that a
    design keeps beside its weights stay in float32, as transformers keeps them where it loads a model in a format.
    """
    if dtype is torch.float32:
        return False
    # What another model lends is in its format already.
    weights = [tensor for tensor in model.state_dict(keep_vars=True).values() if tensor.dtype is torch.float32]
    exact = [tensor.data for tensor in weights]
    with torch.inference_mode():
        before = run(sample_texts())
    for tensor in weights:
        tensor.data = tensor.data.to(dtype)
    if _says_the_same(model, run, before, otherwise="encoder_not_shortened"):
        return True
    for tensor, data in zip(weights, exact, strict=True):
        tensor.data = data
    return False


def _let_go_of_file(model: PreTrainedModel) -> None:
    """Copy what is left of the weights: each one is a view of the file, which stays in memory as a whole for it."""
    for parameter in model.parameters():
        parameter.data = parameter.data.clone()


def quantise(model: PreTrainedModel, run: Run) -> bool:
    """Change the layers of a float32 model in place and tell whether that was done.

    `run` is as `settle` says. It is not done on a CPU without fast 8-bit products, for models of another design, and
    where what is made of the sample texts changes too much.
    """
    layers = _layers(model)
    if not layers or not has_int8():
        return False
    ranges = [LayerRanges() for _ in layers]
    with torch.inference_mode(), ExitStack() as watching:
        for layer, seen in zip(layers, ranges, strict=True):
            watching.enter_context(seen.watched(layer))
        before = run(sample_texts())
    replaced = [_replaced(layer, seen) for layer, seen in zip(layers, ranges, strict=True)]
    if _says_the_same(model, run, before, otherwise="encoder_not_quantised"):
        return True
    for layer, modules in zip(layers, replaced, strict=True):
        for name, module in modules.items():
            setattr(layer, name, module)
    return False


def _layers(model: PreTrainedModel) -> list[Any]:
    """Return the layers of an encoder, or of the one in a checkpoint with a head; none where the design is another."""
    if model.config.model_type not in FAMILIES:
        return []
    layers: list[Any] = [module for module in model.modules() if hasattr(module, "feed_forward_chunk")]
    return layers if all(isinstance(layer.intermediate.intermediate_act_fn, GELUActivation) for layer in layers) else []


@torch.inference_mode()
def _replaced(layer: Any, seen: LayerRanges) -> dict[str, nn.Module]:  # noqa: ANN401 - transformers has no common type
    """Put 8-bit modules in the places of a layer's own, which are returned by name."""
    own: dict[str, nn.Module] = {name: getattr(layer, name) for name in ("attention", "intermediate", "output")}
    middle = Middle(seen.activated.high)
    layer.attention = Int8Attention(layer.attention, seen)
    layer.intermediate = Int8Intermediate(layer.intermediate.dense, seen, middle)
    layer.output = Int8Output(layer.output, middle)
    return own


def _says_the_same(model: PreTrainedModel, run: Run, before: Tensor, *, otherwise: str) -> bool:
    """Tell whether a changed model still makes of the sample texts what it made before; logs `otherwise` if not."""
    with torch.inference_mode():
        after = run(sample_texts())
    cosine = float(nn.functional.cosine_similarity(before.float(), after.float(), dim=-1).mean())
    if cosine >= LEAST_COSINE:
        return True
    log.warning(otherwise, model=model.name_or_path, cosine=round(cosine, 4))
    return False


def beginnings(rows: Sequence[Sequence[_Token]]) -> list[list[_Token]]:
    """Return the beginnings of texts' tokens, all of one length: padding would be seen, and each size costs memory."""
    shortest = min(_SAMPLE_TOKENS, *map(len, rows))
    return [list(row[:shortest]) for row in rows]
