"""Cutting pages out of a file for people who asked for it: in a guarded child of its own, ended afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from apps.extraction.engine.guard import GuardedReader, Limits
from apps.extraction.engine.operations import cut_pdf
from apps.extraction.engine.operations.cut_pdf import PagePick
from apps.extraction.readers import told_as_ours


class Cutter:
    """Cuts one file, part after part."""

    def __init__(self, reader: GuardedReader, path: Path, media_type: str) -> None:
        self._reader, self._path, self._media_type = reader, path, media_type

    def cut(self, pages: Sequence[PagePick]) -> bytes:
        """Return some pages as a PDF; raises UnreadableFileError or ReaderLostError."""
        arguments = cut_pdf.Arguments(pages=list(pages))
        with told_as_ours():
            return self._reader.perform(
                cut_pdf, self._path, media_type=self._media_type, arguments=arguments, result=bytes
            )


@contextmanager
def cutter(path: Path, *, media_type: str) -> Iterator[Cutter]:
    """Give a cutter of a file, whose child lasts as long as the block."""
    limits = Limits(memory_mb=settings.CHILD_MEMORY_MB, timeout_s=settings.FILE_TIMEOUT_S, max_pages=settings.MAX_PAGES)
    with GuardedReader(limits=limits, ocr_languages=()) as reader:
        yield Cutter(reader, path, media_type)
