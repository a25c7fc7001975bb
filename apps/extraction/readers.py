"""The worker's guarded reader: one child process for each worker process, its errors told as the product's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from apps.core.errors import TransientError, UserError
from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.guard import GuardedReader, Limits


class UnreadableFileError(UserError):
    """The file itself is the reason; its code is one of the engine's catalogue."""

    media_type: str | None = None  # known when the file was identified before it failed


class ReaderLostError(TransientError):
    """The reading child crashed, ran out of time or of memory: it may go well another time."""


_readers: dict[int, GuardedReader] = {}


def _reader() -> GuardedReader:
    """Give this process's reader; a forked process makes its own."""
    if os.getpid() not in _readers:
        _readers.clear()
        limits = Limits(
            memory_mb=settings.CHILD_MEMORY_MB, timeout_s=settings.FILE_TIMEOUT_S, max_pages=settings.MAX_PAGES
        )
        _readers[os.getpid()] = GuardedReader(
            limits=limits,
            ocr_languages=tuple(settings.OCR_LANGUAGES),
            tessdata=settings.TESSDATA or None,
            ocr_accurate=settings.OCR_ACCURATE,
        )
    return _readers[os.getpid()]


@contextmanager
def guarded_reader() -> Iterator[GuardedReader]:
    """Use the reader; raises UnreadableFileError or ReaderLostError in place of the engine's own error."""
    with told_as_ours():
        yield _reader()


@contextmanager
def told_as_ours() -> Iterator[None]:
    """Raise UnreadableFileError or ReaderLostError in place of the engine's own error."""
    try:
        yield
    except ReadingError as error:
        if error.is_transient:
            raise ReaderLostError(error.message, code=error.code) from error
        unreadable = UnreadableFileError(error.message, code=error.code)
        unreadable.media_type = error.media_type
        raise unreadable from error
