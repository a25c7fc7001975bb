"""The transformer itself: tokenizer and forward pass with mean pooling. Importing this module loads torch."""

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import AutoModel, AutoTokenizer

from apps.classification.runtime.attention import padded
from apps.classification.runtime.device import Device, fetched
from apps.classification.runtime.packing import Packed, pack, side_by_side
from apps.classification.runtime.quantisation import beginnings, loading_dtype, settle

# Longest input where a model's folder does not say; BERT's usual limit.
_FALLBACK_MAX_TOKENS = 512
# Designs whose positions are counted from the number of the padding token on, so that 514 of them serve 512 tokens.
_COUNTED_FROM_PADDING: Final = frozenset(
    {
        *("camembert", "data2vec-text", "ibert", "longformer", "luke", "mpnet"),
        *("roberta", "roberta-prelayernorm", "xlm-roberta", "xlm-roberta-xl", "xmod"),
    }
)


class Embedded(NamedTuple):
    """A batch that passed: its vectors (texts, dimensions), and what went into the lower layers and came out of each.

    Each of `below` has the shape (texts, tokens, dimensions), and `places` (texts, tokens) is 1 where there is a token,
    both on the device; or the texts stand one after the other in (1, rows, dimensions), and `places` says where.
    """

    vectors: NDArray[np.float32]
    below: tuple[Tensor, ...]
    places: Tensor | Packed


class TorchBackend:
    """One loaded model in evaluation mode. Safe to share between threads, each of which computes on one core.

    On a card they have their turns; what each does before and after runs beside it.
    """

    def __init__(self, folder: Path, device: Device) -> None:
        # Batches side by side beat one batch spread over cores, whose threads wait for each other at every step
        # (measured on two cores, one of them partly busy: 11.7 k against 3.4 k tokens/s; 5.8 k on one).
        torch.set_num_threads(1)
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, use_fast=True)
        self._model = AutoModel.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            dtype=loading_dtype(folder, device),
            add_pooling_layer=False,
        ).eval()
        # The fast tokenizer keeps its truncation setting between calls, so two threads may not interleave.
        self._lock = threading.Lock()
        self.max_tokens = longest_input(folder, self._model.config)
        self.special_tokens = int(self._tokenizer.num_special_tokens_to_add())
        self.device = device
        self.number_format = settle(self._model, self._hidden, device)
        if self.number_format == "fp32":  # and what goes on from these layers computes so too
            self.device = replace(device, dtype=torch.float32)
        # Other designs give their positions other numbers.
        self._packs = self.number_format == "int8" and self._model.config.model_type == "bert"

    @property
    def dimensions(self) -> int:
        """Length of one embedding."""
        return int(self._model.config.hidden_size)

    @property
    def word_vectors(self) -> torch.nn.Module:
        """The table of word vectors; other models of the same encoder may share it."""
        return cast("torch.nn.Module", self._model.get_input_embeddings())

    @property
    def layers(self) -> Sequence[torch.nn.Module]:
        """The layers in their order; other models of the same encoder may share the lower ones."""
        return cast("Sequence[torch.nn.Module]", self._model.encoder.layer)

    def offsets(self, text: str) -> tuple[list[int], list[int]]:
        """Return start and end character offsets of the text's tokens, without special tokens."""
        with self._lock:
            encoded = self._tokenizer(
                text, add_special_tokens=False, return_offsets_mapping=True, return_attention_mask=False, verbose=False
            )
        pairs = [pair for pair in encoded["offset_mapping"] if pair[1] > pair[0]]
        return [start for start, _ in pairs], [end for _, end in pairs]

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Tokenise with special tokens, truncated to `max_tokens`."""
        with self._lock:
            encoded = self._tokenizer(
                list(texts), truncation=True, max_length=self.max_tokens, return_attention_mask=False, verbose=False
            )
        return [list(ids) for ids in encoded["input_ids"]]

    def embed(self, batch: Sequence[Sequence[int]], lower: int = 0) -> Embedded:
        """Return unit-length mean-pooled vectors and what passes through the `lower` first layers, see `Embedded`."""
        if self._packs:
            with torch.inference_mode():
                return self._embed_packed(batch, lower)
        return self._embed_padded(batch, lower)

    @property
    def _pad_id(self) -> int:
        return int(self._tokenizer.pad_token_id or 0)

    def _embed_packed(self, batch: Sequence[Sequence[int]], lower: int) -> Embedded:
        packed = pack(batch, self._pad_id)
        hidden = self._model.embeddings(input_ids=packed.ids, position_ids=packed.positions)
        below = [hidden]  # no more than is asked for, so that the space of the others is used again
        for layer in self.layers:
            hidden = layer(hidden, packed.spans)
            if len(below) <= lower:
                below.append(hidden)
        pooled = torch.stack([hidden[0, start : start + length].mean(dim=0) for start, length in packed.spans])
        return Embedded(_unit_length(pooled), tuple(below) if lower else (), packed)

    def _embed_padded(self, batch: Sequence[Sequence[int]], lower: int) -> Embedded:
        self.device.check(batch, self.word_vectors)
        longest = max(map(len, batch))
        width = min(padded(longest), max(longest, self.max_tokens))  # positions end at max_tokens
        ids, mask = side_by_side(batch, width, self._pad_id)
        with self.device.turn, torch.inference_mode():
            ids, mask = self.device.put(ids), self.device.put(mask)
            output = self._model(input_ids=ids, attention_mask=mask, output_hidden_states=lower > 0)
            weights = mask.unsqueeze(-1).float()
            pooled = (output.last_hidden_state.float() * weights).sum(dim=1) / weights.sum(dim=1)
            return Embedded(_unit_length(pooled), output.hidden_states[: lower + 1] if lower else (), mask)

    def _hidden(self, texts: Sequence[str]) -> Tensor:
        """Return the last layer of the beginnings of texts, shape (texts, tokens, dimensions)."""
        ids = self.device.put(torch.tensor(beginnings(self.token_ids(texts))))
        return cast("Tensor", self._model(input_ids=ids).last_hidden_state)


def _unit_length(vectors: Tensor) -> NDArray[np.float32]:
    return fetched(torch.nn.functional.normalize(vectors, dim=1))


def longest_input(folder: Path, config: object) -> int:
    """Return the number of tokens a model was made for, special ones included; never more than it has positions."""
    positions = _positions(config)
    settings = folder / "sentence_bert_config.json"
    if settings.is_file():
        trained_length = json.loads(settings.read_text(encoding="utf-8")).get("max_seq_length")
        if trained_length:
            return min(int(trained_length), positions or int(trained_length))
    return positions or _FALLBACK_MAX_TOKENS


def _positions(config: object) -> int:
    """Return how many tokens have a position in a model's table; 0 where it has no table of them."""
    positions = int(getattr(config, "max_position_embeddings", None) or 0)
    if getattr(config, "model_type", "") in _COUNTED_FROM_PADDING:
        positions -= int(getattr(config, "pad_token_id", None) or 0) + 1
    return max(positions, 0)
