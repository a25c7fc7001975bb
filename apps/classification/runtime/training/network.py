"""A tagger's network that learns: the encoder frozen, low-rank adapters of peft beside all its linear layers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from peft import LoraConfig, inject_adapter_in_model
from torch import Tensor, nn
from transformers import AutoModel, PreTrainedModel

from apps.classification.engine.tagging.artifact import TaggerError
from apps.classification.runtime.device import cpu_dtype
from apps.classification.runtime.model_files import ModelFiles
from apps.classification.runtime.quantisation import FAMILIES
from apps.classification.runtime.tagger_network import LOW_RANK, TaggerNetwork, keep_layers

SCALE: Final = 2.0
"""What B A is multiplied by; the learning rate was chosen with it."""
_DROPOUT: Final = 0.1
_LAYER: Final = re.compile(r"\.layer\.(\d+)\.")
_DOWN, _UP = ".lora_A.default.weight", ".lora_B.default.weight"


def learning_network(
    files: ModelFiles, label_count: int, rank: int, layers: Sequence[int], trunk: int = 0
) -> TaggerNetwork:
    """Return a network whose adapters, tables and head can learn, the encoder's own numbers as they will be used.

    `layers` are those of the encoder to keep, none means all; the first `trunk` of them get no adapter.
    """
    encoder = AutoModel.from_pretrained(
        files.folder,
        local_files_only=True,
        use_safetensors=True,
        dtype=torch.float32,
        add_pooling_layer=False,
        # For texts this short the backward pass of the fused attention takes ten times as long as the plain one's.
        attn_implementation="eager",
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=_DROPOUT,
    )
    keep_layers(encoder, layers)
    for parameter in encoder.parameters():
        parameter.requires_grad_(requires_grad=False)
    if trunk and encoder.config.model_type not in FAMILIES:
        raise TaggerError(f"Encoders of the design {encoder.config.model_type} cannot be read from the middle")
    if trunk >= encoder.config.num_hidden_layers:
        raise TaggerError("Behind the trunk there has to be a layer")
    linear = [
        name
        for name, module in encoder.named_modules()
        if isinstance(module, nn.Linear) and _layer_number(name) >= trunk
    ]
    config = LoraConfig(r=rank, lora_alpha=round(SCALE * rank), target_modules=linear)
    inject_adapter_in_model(config, encoder)
    for name, module in encoder.named_modules():
        if isinstance(module, nn.Linear | nn.Embedding) and "lora_" not in name:
            module.to(cpu_dtype())
    network = TaggerNetwork(cast("PreTrainedModel", encoder), label_count, trunk=trunk, dropout=_DROPOUT)
    if network.gate is not None:
        network.gate.requires_grad_(requires_grad=False)  # it learns when all else is done, see `fit_gate`
    return network


def learned(network: TaggerNetwork) -> Iterator[tuple[str, nn.Parameter]]:
    """Give what learns."""
    return ((name, parameter) for name, parameter in network.named_parameters() if parameter.requires_grad)


def artefact_tensors(network: TaggerNetwork) -> dict[str, NDArray[np.generic]]:
    """Return what a tagger's file holds, in half precision; see `TaggerNetwork.load_own`."""
    tensors: dict[str, Tensor] = dict(network.own_tensors())
    for name, parameter in network.encoder.named_parameters():
        for ending, short in ((_DOWN, ".a"), (_UP, ".b")):
            if name.endswith(ending):
                tensors[f"{LOW_RANK}{name[: -len(ending)]}{short}"] = parameter
    return {name: tensor.detach().to(torch.float16).numpy() for name, tensor in tensors.items()}


def take(network: TaggerNetwork, tensors: Mapping[str, NDArray[np.generic]]) -> None:
    """Begin with the tensors of a tagger's file; raises `TaggerError` where they do not fit."""
    renamed = {_name_in_training(name): torch.from_numpy(tensor).float() for name, tensor in tensors.items()}
    names = {name for name, _ in learned(network)}
    if {name for name in renamed if not name.startswith("gate.")} != names:  # where it has no gate, all go on
        raise TaggerError("The tagger to begin with was made for another encoder")
    try:
        network.load_state_dict(renamed, strict=False)
    except RuntimeError as error:
        raise TaggerError(f"The tagger to begin with has another rank or other labels: {error}") from error


def at_layers(
    tensors: Mapping[str, NDArray[np.generic]], places: Sequence[int], trunk: int = 0
) -> dict[str, NDArray[np.generic]]:
    """Return a tagger's tensors without those of other layers than the ones at these places, numbered anew.

    The first `trunk` of the places have no adapter in what is returned; what goes into them is mixed too, a little.
    """
    chosen: dict[str, NDArray[np.generic]] = {}
    for name, tensor in tensors.items():
        layer = _LAYER.search(name)
        if name == "mix":
            kept = tensor[list(places)]
            chosen[name] = np.concatenate([kept[:1], kept]) if trunk else kept
        elif layer is None:
            chosen[name] = tensor
        elif int(layer[1]) in places[trunk:]:
            number = places.index(int(layer[1]))
            chosen[f"{name[: layer.start(1)]}{number}{name[layer.end(1) :]}"] = tensor
    return chosen


def _layer_number(name: str) -> int:
    """Return the layer that a module belongs to, -1 for one outside of them."""
    layer = _LAYER.search(f".{name}")
    return int(layer[1]) if layer else -1


def _name_in_training(name: str) -> str:
    """Return what peft calls a tensor of an artefact."""
    if not name.startswith(LOW_RANK):
        return name
    module, end = name[len(LOW_RANK) :].rsplit(".", 1)
    return f"encoder.{module}{_DOWN if end == 'a' else _UP}"
