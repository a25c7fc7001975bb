"""Models that score words for entities: our own taggers, and any checkpoint for token classification."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModel, AutoModelForTokenClassification, AutoTokenizer

from apps.classification.engine.tagging.artifact import Calibration, TaggerError, read_tagger
from apps.classification.engine.tagging.labels import OUTSIDE, LabelScheme
from apps.classification.runtime.chunking import Span, cut_spans
from apps.classification.runtime.device import Device, fetched
from apps.classification.runtime.encoder import Encoder
from apps.classification.runtime.model_files import ModelFiles, find_model
from apps.classification.runtime.packing import Packed
from apps.classification.runtime.quantisation import beginnings, loading_dtype, settle
from apps.classification.runtime.tagger_network import TaggerNetwork, keep_layers, lend_layers
from apps.classification.runtime.torch_backend import Embedded, longest_input
from apps.classification.runtime.word_tokens import (
    Batch,
    WordTokens,
    batched,
    leads_of,
    packed_leads,
    packed_shapes,
    shapes_of,
    tokenised,
)

# Our taggers learn on texts of at most about as many tokens. On longer ones one without a trunk found less: F1 .677
# and .662 with 256 tokens at once, .693 and .674 with 128.
_TAGGER_TOKENS: Final = 128
_TRUNK_TOKENS: Final = 256  # those with a trunk read passages as the default encoder does


def tagger_tokens(trunk: int) -> int:
    """Return how many tokens a tagger of our own reads at once, special ones included."""
    return _TRUNK_TOKENS if trunk else _TAGGER_TOKENS


class WordScorer(ABC):
    """Scores the words of texts for the labels of a scheme. Safe to share between threads."""

    def __init__(
        self,
        tokenizer: Any,  # noqa: ANN401 - transformers has no types
        scheme: LabelScheme,
        *,
        version: str,
        max_tokens: int,
        device: Device,
        calibration: Mapping[str, Calibration],
    ) -> None:
        self.scheme = scheme
        self.version = version
        self.calibration = calibration
        self.device = device
        self._max_tokens = max_tokens
        self._tokenizer = tokenizer
        self._special_tokens = int(tokenizer.num_special_tokens_to_add())
        # A fast tokenizer keeps its truncation setting between calls, so two threads may not interleave.
        self._lock = threading.Lock()

    def windows(self, text: str) -> list[Span]:
        """Cut a text into spans that fit the model, preferring the ends of sentences and lines."""
        if not text.strip():
            return []
        with self._lock:
            encoded = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        pairs = [pair for pair in encoded["offset_mapping"] if pair[1] > pair[0]]
        starts, ends = [start for start, _ in pairs], [end for _, end in pairs]
        return cut_spans(text, starts, ends, max_tokens=self._max_tokens - self._special_tokens, overlap=0)

    def tokenised(self, texts: Sequence[str]) -> list[WordTokens]:
        """Tokenise texts, cut where the model's input ends."""
        with self._lock:
            return tokenised(self._tokenizer, texts, self._max_tokens)

    def token_logits(self, rows: Sequence[WordTokens]) -> Tensor:
        """Return scores of shape (texts, tokens, labels) of texts side by side, on the device."""
        return self._logits(*map(self.device.put, self._batch(rows)))

    def scores(self, rows: Sequence[WordTokens]) -> list[NDArray[np.float32]]:
        """Return log probabilities for the words of each text, shape (words, labels)."""
        found: list[NDArray[np.float32]] = []
        self.device.halved(lambda some: found.extend(self._scores(some)), rows)
        return found

    def _scores(self, rows: Sequence[WordTokens]) -> list[NDArray[np.float32]]:
        self.device.check((row.ids for row in rows), self._word_vectors)
        batch = self._batch(rows)
        with self.device.turn, torch.inference_mode():
            return _of_rows(self._logits(*map(self.device.put, batch)), rows)

    @property
    @abstractmethod
    def _word_vectors(self) -> nn.Module:
        """The table of word vectors."""

    def _batch(self, rows: Sequence[WordTokens]) -> Batch:
        return batched(rows, int(self._tokenizer.pad_token_id or 0), self._max_tokens)

    def _token_scores(self, texts: Sequence[str]) -> Tensor:
        """Return the scores of the tokens at the beginnings of texts, shape (texts, tokens, labels)."""
        rows = self.tokenised(texts)
        ids = torch.tensor(beginnings([row.ids for row in rows]))
        shapes = torch.tensor(beginnings([row.shapes for row in rows]))
        ids, mask, shapes = map(self.device.put, (ids, torch.ones_like(ids), shapes))
        return self._logits(ids, mask, shapes, None)

    @abstractmethod
    def _logits(self, ids: Tensor, mask: Tensor, shapes: Tensor, leads: Tensor | None) -> Tensor:
        """Return scores of shape (texts, tokens, labels), see `Batch`; without `leads` no token is left out."""


class OwnTagger(WordScorer):
    """A tagger made by `manage.py train_entities`: its adapter merged into a copy of the encoder's layers.

    Word vectors, half of the weights, and the trunk are shared with `encoder` where it is the one that the tagger
    belongs to; `trunk` is after how many of its layers the tagger can go on. Raises `TaggerError` for files that are
    damaged or do not belong to the encoder. It computes on `device`, or on that of the encoder that lends it something.
    """

    def __init__(self, folder: Path, device: Device, encoder: Encoder | None = None) -> None:
        config, tensors = read_tagger(folder)
        lent = encoder if encoder is not None and encoder.files.sha256 == config.encoder_sha256 else None
        device = device if lent is None else lent.device
        files = find_model(config.encoder) if lent is None else lent.files
        if files.sha256 != config.encoder_sha256:
            raise TaggerError(f"{folder} was made for other weights of {config.encoder} than those in {files.folder}")
        body = AutoModel.from_pretrained(
            files.folder,
            local_files_only=True,
            use_safetensors=True,
            dtype=loading_dtype(files.folder, device),
            add_pooling_layer=False,
        )
        if config.labels[0] != OUTSIDE:
            raise TaggerError(f"The first label in {folder} is not {OUTSIDE}")
        try:
            keep_layers(body, config.layers)
            self._network = TaggerNetwork(body, len(config.labels), trunk=config.trunk).eval()
            self._network.load_own({name: torch.from_numpy(tensor) for name, tensor in tensors.items()}, config.scale)
        except (KeyError, RuntimeError, AttributeError, IndexError) as error:
            raise TaggerError(f"The tensors in {folder} do not fit {config.encoder}: {error}") from error
        if lent is not None:
            body.set_input_embeddings(lent.word_vectors)
        self._network.to(device.place)
        super().__init__(
            AutoTokenizer.from_pretrained(files.folder, local_files_only=True, use_fast=True),
            LabelScheme(config.labels, config.outside_bias),
            version=config.version,
            max_tokens=min(tagger_tokens(config.trunk), longest := longest_input(files.folder, body.config)),
            device=device,
            calibration=config.calibration,
        )
        number_format = settle(body, self._token_scores, device)
        # Only where both compute alike, and where a passage is no longer than what the tagger reads at once.
        is_alike = lent is not None and lent.number_format == number_format and longest <= tagger_tokens(config.trunk)
        self.trunk = config.trunk if is_alike else 0
        if lent is not None and self.trunk:
            lend_layers(body, lent.layers[: self.trunk])

    def continued_scores(self, rows: Sequence[WordTokens], batch: Embedded) -> list[NDArray[np.float32]]:
        """Return what `scores` does, from what passed through the trunk, see `Embedded`."""
        places = batch.places
        if isinstance(places, Packed):
            with torch.inference_mode():
                shapes, leads = packed_shapes(rows, places.rows), packed_leads(rows, places.spans, places.rows)
                logits = self._network.continued(batch.below, places.spans, shapes, leads)
                texts = zip(rows, places.spans, strict=True)
                return _of_words(logits[0], [_shifted(row.firsts, span.start) for row, span in texts])
        width = places.shape[1]
        shapes, leads = shapes_of(rows, width), leads_of(rows, width)
        with self.device.turn, torch.inference_mode():
            shapes, leads = self.device.put(shapes), self.device.put(leads)
            return _of_rows(self._network.continued(batch.below, places, shapes, leads), rows)

    def before_the_gate(self, rows: Sequence[WordTokens]) -> tuple[Tensor, Tensor]:
        """Return what the gate is given for the words of texts, (words, width), and their scores.

        The scores, (words, labels), are those of the network when every token goes on.
        """
        ids, mask, shapes, _ = map(self.device.put, self._batch(rows))
        hidden, scores = self._network.at_the_gate(ids, mask, shapes), self._network(ids, mask, shapes)
        return _at_words(hidden, rows), _at_words(scores, rows)

    @property
    def _word_vectors(self) -> nn.Module:
        return self._network.encoder.get_input_embeddings()

    def _logits(self, ids: Tensor, mask: Tensor, shapes: Tensor, leads: Tensor | None) -> Tensor:
        return cast("Tensor", self._network(ids, mask, shapes, leads))


class Checkpoint(WordScorer):
    """Any model for token classification of the Hugging Face kind; its probabilities were fitted to nothing here."""

    def __init__(self, files: ModelFiles, device: Device) -> None:
        tokenizer = AutoTokenizer.from_pretrained(files.folder, local_files_only=True, use_fast=True)
        self._model = AutoModelForTokenClassification.from_pretrained(
            files.folder, local_files_only=True, use_safetensors=True, dtype=loading_dtype(files.folder, device)
        ).eval()
        config = self._model.config
        super().__init__(
            tokenizer,
            LabelScheme([str(config.id2label[number]) for number in range(config.num_labels)]),
            version=f"{files.name}@{files.sha256[:8]}",
            max_tokens=min(longest_input(files.folder, config), int(tokenizer.model_max_length)),
            device=device,
            calibration={},
        )
        settle(self._model, self._token_scores, device)

    @property
    def _word_vectors(self) -> nn.Module:
        return cast("nn.Module", self._model.get_input_embeddings())

    def _logits(self, ids: Tensor, mask: Tensor, shapes: Tensor, leads: Tensor | None) -> Tensor:
        return cast("Tensor", self._model(input_ids=ids, attention_mask=mask).logits)


def _at_words(of_tokens: Tensor, rows: Sequence[WordTokens]) -> Tensor:
    """Return float32 (words, numbers) of all texts from (texts, tokens, numbers)."""
    return torch.cat([of_tokens[number, row.firsts] for number, row in enumerate(rows)]).float()


def _of_rows(logits: Tensor, rows: Sequence[WordTokens]) -> list[NDArray[np.float32]]:
    """Return log probabilities for the words of each text, shape (words, labels), from (texts, tokens, labels)."""
    tokens = logits.shape[1]
    firsts = [_shifted(row.firsts, number * tokens) for number, row in enumerate(rows)]
    return _of_words(logits.flatten(end_dim=1), firsts)


def _of_words(logits: Tensor, firsts: Sequence[NDArray[np.int64]]) -> list[NDArray[np.float32]]:
    """Return log probabilities for the words of each text from (rows, labels), by the rows of their first tokens."""
    scores = fetched(logits.float().log_softmax(dim=-1))
    return [scores[of_text] for of_text in firsts]


def _shifted(numbers: Sequence[int], by: int) -> NDArray[np.int64]:
    return np.asarray(numbers, dtype=np.int64) + by
