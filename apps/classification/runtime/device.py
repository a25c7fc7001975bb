"""What models compute on, an NVIDIA card or the CPU, in which number format, and how much at once. Loads torch."""

import re
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, TypeVar, cast

import numpy as np
import torch
from numpy.typing import NDArray
from structlog import get_logger
from torch import Tensor, nn

from apps.classification.runtime.device_errors import DeviceError, DeviceFullError, DeviceLostError
from apps.classification.runtime.encoder import TOKENS_PER_BATCH
from apps.classification.runtime.int8_linear import has_int8

log = get_logger(__name__)
_T = TypeVar("_T")
_NAME: Final = re.compile(r"auto|cpu|cuda(?::(\d+))?")
_DRIVER: Final = Path("/dev/nvidiactl")  # there where a driver for cards is loaded and may be used
# Calculated, not measured: BERT-large in float32 with plain attention over 512 tokens holds about 200 kB a token at the
# widest place of a pass, MiniLM in bfloat16 about 20. Half of what is free is used: what goes into the layers of a
# tagger stays on the card while the next batch is computed.
_BYTES_A_TOKEN: Final = 256 * 1024
_MOST_TOKENS: Final = 32_768
_PAUSES_S: Final = (1.0, 4.0, 15.0)
# How it is said when memory is missing that PyTorch does not take by itself: pinned memory, the workspace of cuBLAS.
_FULL: Final = ("CUDA error: out of memory", "STATUS_ALLOC_FAILED")
_FORMATS: Final = {torch.bfloat16: "bf16", torch.float16: "fp16", torch.float32: "fp32"}


@dataclass(frozen=True, slots=True, eq=False)
class Device:
    """Where a model's tensors lie and in which format its weights are loaded or brought to; get one with `chosen`.

    `card` is what a card calls itself, empty for the CPU. Whoever computes on a card holds `turn`: one batch at a time
    is there, and others are made ready meanwhile. `passed_over` says why no card computes where one seems to be wanted.
    """

    place: torch.device
    dtype: torch.dtype
    card: str = ""
    passed_over: str = ""
    turn: AbstractContextManager[object] = field(default_factory=nullcontext)

    def __str__(self) -> str:
        if self.place.type == "cpu":
            return f"CPU, in {'int8 where a design allows it, else ' * has_int8()}{self.number_format}"
        free, total = (size / 1e9 for size in torch.cuda.mem_get_info(self.place))
        return f"{self.place}, {self.card}, {free:.1f} of {total:.1f} GB free, in {self.number_format}"

    @property
    def number_format(self) -> str:
        """Name of the format of numbers, `bf16`, `fp16` or `fp32`."""
        return _FORMATS[self.dtype]

    def check(self, rows: Iterable[Sequence[int]], table: nn.Module) -> None:
        """Raise IndexError for a token that a table of word vectors has no row for, as the CPU does by itself.

        A card that meets one fails, and nothing in the process can use it any more.
        """
        if not self.card:
            return
        most, size = max(map(max, filter(None, rows)), default=0), len(cast("Tensor", table.weight))
        if most >= size:
            raise IndexError(f"The tokenizer knows a token {most}, the model's table ends at {size - 1}")

    def put(self, tensor: Tensor) -> Tensor:
        """Bring a tensor from the CPU's memory here; nobody waits for the copy but what computes with it."""
        if self.place.type == "cpu":
            return tensor
        return tensor.pin_memory().to(self.place, non_blocking=True)

    def tokens_per_batch(self) -> int:
        """Return how many padded tokens are computed at once; on a card by the memory that is free just now.

        Raises `DeviceLostError` where the card has failed.
        """
        if not self.card:
            return TOKENS_PER_BATCH
        with self._failures_told():
            return min(_MOST_TOKENS, max(TOKENS_PER_BATCH, _free_bytes(self.place) // 2 // _BYTES_A_TOKEN))

    def memory_bytes(self) -> int:
        """Return how many bytes of a card's memory this process holds tensors in."""
        return torch.cuda.memory_allocated(self.place) if self.place.type == "cuda" else 0

    def halved(self, act: Callable[[Sequence[_T]], None], items: Sequence[_T]) -> None:
        """Act on items; where the card has no room for them together, on each half by itself, in their order.

        What `act` does must come to the same where it failed before. A single item that finds no room waits for it;
        raises `DeviceFullError` if there is none after that, and `DeviceLostError` where the card itself fails.
        """
        if self._has_room(act, items):
            return
        if len(items) > 1:
            middle = len(items) // 2
            self.halved(act, items[:middle])
            self.halved(act, items[middle:])
            return
        for pause_s in _PAUSES_S:
            time.sleep(pause_s)
            if self._has_room(act, items):
                return
        raise DeviceFullError

    def loaded(self, load: Callable[[], _T]) -> _T:
        """Return a model that is loaded to here; it waits for room, and raises, as a single item does in `halved`."""
        models: list[_T] = []
        self.halved(lambda _: models.append(load()), ("model",))
        return models[0]

    def _has_room(self, act: Callable[[Sequence[_T]], None], items: Sequence[_T]) -> bool:
        try:
            with self._failures_told():
                act(items)
        except DeviceFullError:
            log.warning("card_full", device=str(self.place), items=len(items))
        else:
            return True
        # Only here the tensors are let go of: until its block ends an error holds the frames that it came through.
        if self.place.type == "cuda":
            with self._failures_told():
                torch.cuda.empty_cache()
        return False

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        """Raise `DeviceFullError` where memory of the card is missing, and `DeviceLostError` where the card fails."""
        try:
            yield
        except RuntimeError as error:
            if _is_full(error):
                raise DeviceFullError from error
            if isinstance(error, torch.AcceleratorError):
                raise DeviceLostError(f"{self.place} failed: {error}") from error
            raise


def fetched(tensor: Tensor) -> NDArray[np.float32]:
    """Return numbers as float32 in the CPU's memory, without a copy where they are that already."""
    return cast("NDArray[np.float32]", tensor.float().cpu().numpy())


@cache
def chosen(asked: str = "auto") -> Device:
    """Return what is asked for: `cpu`, `cuda`, `cuda:NUMBER`, or by `auto` a card that works, else the CPU.

    Raises `DeviceError` for a card that does not work and for other names.
    """
    if asked == "cpu":
        return Device(torch.device("cpu"), cpu_dtype())
    try:
        return _card(asked)
    except DeviceError as error:
        if asked != "auto":
            raise
        wanted = torch.version.cuda is not None or _DRIVER.exists()
        if wanted:
            log.warning("card_passed_over", reason=error.message)
        return Device(torch.device("cpu"), cpu_dtype(), passed_over=error.message if wanted else "")


def cpu_dtype() -> torch.dtype:
    """Return bfloat16 where the CPU multiplies it in hardware (AVX-512 BF16, AMX or Arm BF16), else float32."""
    capabilities = torch.cpu.get_capabilities()
    has_bf16 = any("bf16" in str(name) and bool(present) for name, present in capabilities.items())
    return torch.bfloat16 if has_bf16 else torch.float32


def _card(asked: str) -> Device:
    """Return a card after it has shown that it computes; raises `DeviceError`."""
    name = _NAME.fullmatch(asked)
    if name is None:
        raise DeviceError(f"{asked} is no device: auto, cpu, cuda or cuda:NUMBER", code="device_unknown")
    if torch.version.cuda is None:
        raise DeviceError(
            f"PyTorch {torch.__version__} computes on CPUs only; `make setup TORCH=cuda` installs its build for cards"
        )
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        is_there = torch.cuda.is_available()
    if not is_there:
        why = " ".join(str(warning.message).strip() for warning in said) or "no card, or no driver for it"
        raise DeviceError(f"PyTorch {torch.__version__} finds no card that it can use: {why}")
    place = torch.device("cuda", int(name[1] or 0))
    if place.index >= torch.cuda.device_count():
        raise DeviceError(f"{place} is not there: PyTorch finds {torch.cuda.device_count()} card(s), counted from 0")
    try:
        dtype = _card_dtype(place)
        _show(place, dtype)
        return Device(place, dtype, card=torch.cuda.get_device_name(place), turn=threading.RLock())
    except Exception as error:  # drivers fail in ways of their own
        raise DeviceError(f"{place} does not compute: {error}") from error


def _card_dtype(place: torch.device) -> torch.dtype:
    """Return bfloat16 from Ampere on, float16 from Volta on, whose matrix units multiply them, else float32."""
    capability = torch.cuda.get_device_capability(place)
    if capability >= (8, 0):
        return torch.bfloat16
    return torch.float16 if capability >= (7, 0) else torch.float32


def _show(place: torch.device, dtype: torch.dtype) -> None:
    """Have a card multiply; raises RuntimeError where it cannot, as one PyTorch has no code for."""
    ones = torch.ones((64, 64), device=place, dtype=dtype)
    if float((ones @ ones).float().sum()) != 64.0**3:
        raise RuntimeError("a product of matrices came out wrong")


def _free_bytes(place: torch.device) -> int:
    """Return how much memory of a card is free, with what this process holds there and does not use."""
    free, _ = torch.cuda.mem_get_info(place)
    return int(free) + torch.cuda.memory_reserved(place) - torch.cuda.memory_allocated(place)


def _is_full(error: RuntimeError) -> bool:
    """Tell whether memory of a card, or the pinned memory beside it, was all that was missing."""
    return isinstance(error, torch.OutOfMemoryError) or any(words in str(error) for words in _FULL)
