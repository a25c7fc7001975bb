"""Any model for sequence classification of the Hugging Face kind. Importing this module loads torch."""

import threading
from collections.abc import Sequence
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from apps.classification.runtime.attention import padded
from apps.classification.runtime.chunking import Span, cut_spans
from apps.classification.runtime.device import Device, fetched
from apps.classification.runtime.model_files import ModelFiles, ModelFilesError
from apps.classification.runtime.quantisation import beginnings, loading_dtype, settle
from apps.classification.runtime.torch_backend import longest_input

Row = dict[str, list[int]]
"""One tokenised text or pair: `input_ids`, and `token_type_ids` where the model wants them."""


class SequenceCheckpoint:
    """Scores texts, or pairs of them, for the model's labels. Safe to share between threads."""

    def __init__(self, files: ModelFiles, device: Device) -> None:
        torch.set_num_threads(1)
        self._tokenizer = AutoTokenizer.from_pretrained(files.folder, local_files_only=True, use_fast=True)
        self._model = AutoModelForSequenceClassification.from_pretrained(
            files.folder, local_files_only=True, use_safetensors=True, dtype=loading_dtype(files.folder, device)
        ).eval()
        config = self._model.config
        self.labels = [str(config.id2label[number]) for number in range(config.num_labels)]
        if len(self.labels) < 2:
            raise ModelFilesError(f"{files.name} has {len(self.labels)} label; a model of types needs two or more")
        self._max_tokens = min(longest_input(files.folder, config), int(self._tokenizer.model_max_length))
        self._special_tokens = int(self._tokenizer.num_special_tokens_to_add())
        # A fast tokenizer keeps its truncation setting between calls, so two threads may not interleave.
        self._lock = threading.Lock()
        self.device = device
        settle(self._model, self._beginnings, device)

    def windows(self, text: str) -> list[Span]:
        """Cut a text into spans that fit the model, preferring the ends of sentences and lines."""
        if not text.strip():
            return []
        with self._lock:
            encoded = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        pairs = [pair for pair in encoded["offset_mapping"] if pair[1] > pair[0]]
        starts, ends = [start for start, _ in pairs], [end for _, end in pairs]
        return cut_spans(text, starts, ends, max_tokens=self._max_tokens - self._special_tokens, overlap=0)

    def tokenised(self, texts: Sequence[str], seconds: Sequence[str] | None = None) -> list[Row]:
        """Tokenise texts or pairs; of one that is too long the longer text is cut."""
        if not texts:
            return []
        with self._lock:
            encoded = self._tokenizer(
                list(texts),
                None if seconds is None else list(seconds),
                truncation=True,
                max_length=self._max_tokens,
                return_attention_mask=False,
                verbose=False,
            )
        return [{name: list(encoded[name][number]) for name in encoded} for number in range(len(texts))]

    def logits(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        """Return scores, shape (rows, labels)."""
        found: list[NDArray[np.float32]] = []
        self.device.halved(lambda some: found.append(self._logits(some)), rows)
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _logits(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        self.device.check((row["input_ids"] for row in rows), self._model.get_input_embeddings())
        longest = max(len(row["input_ids"]) for row in rows)
        width = max(longest, min(padded(longest), self._max_tokens))
        mask = torch.tensor([[int(place < len(row["input_ids"])) for place in range(width)] for row in rows])
        inputs = {name: self._filled([row[name] for row in rows], name, width) for name in rows[0]}
        with self.device.turn, torch.inference_mode():
            there = {name: self.device.put(tensor) for name, tensor in (*inputs.items(), ("attention_mask", mask))}
            return fetched(self._model(**there).logits)

    def _filled(self, lists: Sequence[Sequence[int]], name: str, width: int) -> Tensor:
        filling = int(self._tokenizer.pad_token_id or 0) if name == "input_ids" else 0
        return torch.tensor([[*each, *[filling] * (width - len(each))] for each in lists])

    def _beginnings(self, texts: Sequence[str]) -> Tensor:
        """Return the scores of the beginnings of texts, shape (texts, labels)."""
        ids = self.device.put(torch.tensor(beginnings([row["input_ids"] for row in self.tokenised(texts)])))
        return cast("Tensor", self._model(input_ids=ids).logits)
