"""Text encoder: chunks and unit-length embeddings from a local transformer; torch loads with `Encoder.load`."""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from apps.classification.runtime.chunking import Span, cut_spans
from apps.classification.runtime.model_files import DEFAULT_ENCODER, ModelFiles, find_model

if TYPE_CHECKING:
    from torch.nn import Module

    from apps.classification.runtime.device import Device
    from apps.classification.runtime.torch_backend import Embedded, TorchBackend

# Padded tokens in one forward pass. On one thread larger batches gain no speed and cost memory (measured over 2,048 to
# 16,384 tokens: 5.0 to 5.3 k tokens/s all the same, peak 460 to 550 MB).
TOKENS_PER_BATCH = 2048
# Texts tokenised together, while those before them are computed; bounds the memory that token lists take.
_TEXTS_PER_BLOCK = 512


class Beside(Protocol):
    """What takes part in a pass of the encoder; it may be called from several threads at once."""

    @property
    def lower(self) -> int:
        """Of how many of the encoder's first layers it wants to see what passed through them."""

    def take(self, numbers: Sequence[int], batch: "Embedded") -> None:
        """Take texts by their numbers; `batch` holds them in the same order."""


class Encoder:
    """A loaded encoder; get one with `Encoder.load`."""

    def __init__(self, files: ModelFiles, backend: "TorchBackend", threads: int = 1) -> None:
        self._files = files
        self._backend = backend
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="encoder")
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="tokenizer")
        self._counting = threading.Lock()
        self._tokens, self._seconds = 0, 0.0

    @classmethod
    def load(cls, name: str = DEFAULT_ENCODER, *, threads: int = 1, device: str = "auto") -> Self:
        """Load the default encoder, a local folder or a model of the local Hugging Face cache; never from the network.

        `threads` batches are computed side by side, each on one core; on a card one, and the others are made ready.
        `device` is as `device.chosen` says. Raises `ModelFilesError` when the files are missing or not the pinned ones,
        `DeviceError` where the device does not compute, and `DeviceFullError` where it has no room.
        """
        files = find_model(name)
        stay_offline()
        from apps.classification.runtime.device import chosen  # noqa: PLC0415 - torch: 2 s, only when used
        from apps.classification.runtime.torch_backend import TorchBackend  # noqa: PLC0415 - as above

        place = chosen(device)
        return cls(files, place.loaded(lambda: TorchBackend(files.folder, place)), threads)

    @property
    def model(self) -> str:
        """Identity of the vectors: name and hash prefix of the weights.

        Vectors of one text in two number formats have a cosine of .998 and more, so they may be compared.
        """
        return f"{self._files.name}@{self._files.sha256[:8]}"

    @property
    def number_format(self) -> str:
        """How it computes: `int8`, `bf16`, `fp16` or `fp32`."""
        return self._backend.number_format

    @property
    def device(self) -> "Device":
        """What it computes on; other models of the same weights compute there too."""
        return self._backend.device

    @property
    def files(self) -> ModelFiles:
        """Where it was loaded from."""
        return self._files

    @property
    def word_vectors(self) -> "Module":
        """The table of word vectors, to be shared with other models of the same weights."""
        return self._backend.word_vectors

    @property
    def layers(self) -> "Sequence[Module]":
        """The layers in their order, to be shared with other models of the same weights."""
        return self._backend.layers

    @property
    def dimensions(self) -> int:
        """Length of one embedding."""
        return self._backend.dimensions

    def chunks(self, text: str, *, max_tokens: int | None = None, overlap: int = 0) -> list[Span]:
        """Cut a text into spans that fit the encoder; see `cut_spans`. Blank text has none.

        `max_tokens` is the content of a chunk, by default all the encoder reads beside its special tokens.
        """
        if not text.strip():
            return []
        budget = self._backend.max_tokens - self._backend.special_tokens
        starts, ends = self._backend.offsets(text)
        return cut_spans(text, starts, ends, max_tokens=min(max_tokens or budget, budget), overlap=overlap)

    def encode(self, texts: Sequence[str], beside: "Beside | None" = None) -> NDArray[np.float32]:
        """Embed texts in order, shape (n, dimensions), unit length. What exceeds the encoder's input is cut off.

        `beside` takes part in the pass: it is given what passed through the lower layers.
        """
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        began = time.perf_counter()
        for start, token_ids in self._tokenised(texts):
            vectors[start : start + len(token_ids)] = self._encoded(token_ids, start, beside)
        with self._counting:
            self._seconds += time.perf_counter() - began
        return vectors

    def _tokenised(self, texts: Sequence[str]) -> Iterator[tuple[int, list[list[int]]]]:
        """Give the token ids of blocks of texts with the number of their first one, the next block's made meanwhile."""
        starts = range(0, len(texts), _TEXTS_PER_BLOCK)
        blocks = [texts[start : start + _TEXTS_PER_BLOCK] for start in starts]
        if len(blocks) <= 1:  # a query needs no thread
            yield from zip(starts, map(self._backend.token_ids, blocks), strict=True)
            return
        coming = self._ahead.submit(self._backend.token_ids, blocks[0])
        for start, following in zip(starts, [*blocks[1:], None], strict=True):
            token_ids = coming.result()
            if following is not None:
                coming = self._ahead.submit(self._backend.token_ids, following)
            yield start, token_ids

    def _encoded(self, token_ids: list[list[int]], start: int, beside: "Beside | None") -> NDArray[np.float32]:
        """Embed a block of texts by their token ids; its first one is number `start` of all."""
        vectors = np.zeros((len(token_ids), self.dimensions), dtype=np.float32)

        def embed(rows: Sequence[int]) -> None:
            batch = [token_ids[row] for row in rows]
            embedded = self._backend.embed(batch, beside.lower if beside else 0)
            vectors[rows] = embedded.vectors  # again, where the tagger beside it found no room the first time
            if beside:
                beside.take([start + row for row in rows], embedded)

        batches = list(batches_by_length([len(ids) for ids in token_ids], self.device.tokens_per_batch()))
        compute = self._pool.map if len(batches) > 1 else map  # a single one, such as a query, waits for nobody
        list(compute(partial(self.device.halved, embed), batches))
        with self._counting:
            self._tokens += sum(map(len, token_ids))
        return vectors

    def counted(self) -> tuple[int, float]:
        """Return how many tokens were encoded in how many seconds since the last time this was asked."""
        with self._counting:
            counted = self._tokens, self._seconds
            self._tokens, self._seconds = 0, 0.0
        return counted


_OFFLINE_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
}


def stay_offline() -> None:
    """Keep the libraries of models quiet and off the network; to be called before they are imported."""
    for variable, value in _OFFLINE_ENVIRONMENT.items():
        os.environ.setdefault(variable, value)


def batches_by_length(lengths: Sequence[int], tokens: int = TOKENS_PER_BATCH) -> Iterator[list[int]]:
    """Group indices of similar length so that each group's padded size stays within a number of tokens."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if batch and (len(batch) + 1) * lengths[batch[0]] > tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
