"""The parent's side: reads files through a guarded process that is started when needed and replaced when it dies."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Self, TypeVar

import msgspec

from apps.extraction.engine import operations
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.guard.limits import Limits
from apps.extraction.engine.guard.process import ChildProcess
from apps.extraction.engine.guard.protocol import (
    Answer,
    AskGuards,
    FindTables,
    Open,
    Perform,
    ReadRange,
    Recognise,
    Render,
    Request,
)
from apps.extraction.engine.ocr import OcrOptions
from apps.extraction.engine.types import DocumentInfo, FoundTables, PageReading, ReadPages

_Result = TypeVar("_Result")
_CHILD = "apps.extraction.engine.guard.child"


class GuardedReader:
    """Reads untrusted files. Reusable, one for each worker, not thread-safe; every method may raise ReadingError.

    After an error of the kinds timed_out, out_of_memory and crashed the next call gets a fresh process.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        ocr_languages: Sequence[str] = ("eng", "deu", "fra"),
        tessdata: Path | str | None = None,
        ocr_accurate: bool = True,
    ) -> None:
        self.limits = limits or Limits()
        self._deadline: float | None = None
        self._process: ChildProcess | None = None
        extra = Path(tessdata) if tessdata else None
        self._ocr = OcrOptions.of(languages=ocr_languages, extra=extra, accurate=ocr_accurate)
        self.languages = list(self._ocr.data)
        self.missing_languages = [language for language in ocr_languages if language not in self._ocr.data]

    def start(self) -> None:
        """Start the process, if none runs: it takes a moment that the caller may have other use for."""
        self._ready()

    def open(self, path: Path | str, *, name: str | None = None, password: str | None = None) -> DocumentInfo:
        """Identify and open a file; `name` is what its sender called it."""
        size = Path(path).stat().st_size
        if size > self.limits.max_file_mb << 20:
            raise ReadingError(ErrorCode.TOO_LARGE)
        return self._ask(Open(name=name or Path(path).name, **self._file(path, "", password)), DocumentInfo)

    def read_pages(
        self, path: Path | str, *, media_type: str, first: int, last: int, password: str | None = None
    ) -> ReadPages:
        """Return the text layers of pages `first` to `last`, both included."""
        return self._ask(ReadRange(first=first, last=last, **self._file(path, media_type, password)), ReadPages)

    def recognise_page(
        self, path: Path | str, *, media_type: str, number: int, password: str | None = None
    ) -> PageReading:
        """Return a page with its text recognised from its picture."""
        return self._ask(Recognise(number=number, **self._file(path, media_type, password)), PageReading)

    def find_tables(
        self,
        path: Path | str,
        *,
        media_type: str,
        first: int,
        last: int,
        password: str | None = None,
        readings: Sequence[PageReading] = (),
    ) -> FoundTables:
        """Find the tables of pages `first` to `last`; `readings` are pages known already."""
        request = FindTables(first=first, last=last, readings=list(readings), **self._file(path, media_type, password))
        return self._ask(request, FoundTables)

    def render_page(
        self, path: Path | str, *, media_type: str, number: int, width_px: int, password: str | None = None
    ) -> bytes:
        """Return a page as a WebP image of that width."""
        return self._ask(Render(number=number, width_px=width_px, **self._file(path, media_type, password)), bytes)

    def perform(
        self,
        operation: ModuleType,
        path: Path | str,
        *,
        media_type: str,
        arguments: msgspec.Struct,
        result: type[_Result],
        password: str | None = None,
    ) -> _Result:
        """Do one of `engine.operations` in the reading process, which gives a `result`."""
        request = Perform(
            operation=operations.name_of(operation),
            arguments=msgspec.Raw(msgspec.msgpack.encode(arguments)),
            **self._file(path, media_type, password),
        )
        return self._ask(request, result)

    def guards(self) -> dict[str, bool]:
        """Which guards hold in the reading process on this system, by name."""
        return self._ask(AskGuards(), dict[str, bool])

    def set_deadline(self, seconds: float | None) -> None:
        """Let all requests from now on together take at most that long; None takes the bound away."""
        self._deadline = None if seconds is None else time.monotonic() + seconds

    def close(self) -> None:
        """End the process."""
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _file(self, path: Path | str, media_type: str, password: str | None) -> dict[str, Any]:
        """Return what every request about a file says."""
        return {
            "path": os.fsencode(Path(path).absolute()),
            "media_type": media_type,
            "password": password,
            "max_pages": self.limits.max_pages,
            "cpu_s": self.limits.timeout_s,
        }

    def _ask(self, request: Request, kind: type[_Result]) -> _Result:
        timeout_s = self.limits.timeout_s
        if self._deadline is not None:
            timeout_s = min(timeout_s, self._deadline - time.monotonic())
        if timeout_s <= 0:
            raise ReadingError(ErrorCode.TIMED_OUT)
        process = self._ready()
        try:
            answer = msgspec.msgpack.decode(process.ask(msgspec.msgpack.encode(request), timeout_s), type=Answer)
            if answer.failure is None:
                return msgspec.msgpack.decode(answer.result, type=kind)
        except ReadingError:
            self._end()
            raise
        except msgspec.MsgspecError as error:  # only a broken or hijacked process answers like that
            self._end()
            raise ReadingError(ErrorCode.CRASHED, detail=str(error)) from error
        failure = answer.failure
        if failure.code in {ErrorCode.OUT_OF_MEMORY, ErrorCode.CRASHED}:
            self._end()
        raise ReadingError(failure.code, failure.message, detail=failure.detail, media_type=failure.media_type)

    def _ready(self) -> ChildProcess:
        if self._process is not None and self._process.is_worn:
            self._end()
        if self._process is None:
            options = {"memory_mb": self.limits.memory_mb, "ocr": self._ocr}
            self._process = ChildProcess(_CHILD, options, limits=self.limits)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None
