"""Pictures of pages and searchable copies of scans: made by guarded children, safe with many threads."""

import itertools
import os
import tempfile
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from apps.core.errors import TransientError
from apps.documents import storage
from apps.documents.models import Blob, Reading
from apps.extraction.engine.guard import GuardedReader, Limits
from apps.extraction.engine.operations import searchable_pdf
from apps.extraction.engine.types import PageReading
from apps.extraction.readers import told_as_ours
from apps.extraction.selectors import recognised_pages

# Few widths, so that a page has few pictures: a thumbnail, a screen, a magnified screen.
WIDTHS_PX = (160, 1200, 2000)
READERS = 2
WAIT_S = 30.0
RENDER_TIMEOUT_S = 20.0
CACHE_MB = 1_024
WRITES_BETWEEN_PRUNINGS = 200


class RendererBusyError(TransientError):
    """All renderers are at work on other pages."""

    code = "renderer_busy"
    message = "The server is busy drawing other pages. Try again in a moment."


class Renderers:
    """Two threads, each with a guarded reader of its own, for all the threads of a web process.

    The threads live as long as the process: a child is killed when the thread that started it ends.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="renderer")
        self._own = threading.local()
        self._readers: list[GuardedReader] = []

    def _reader(self) -> GuardedReader:
        if not hasattr(self._own, "reader"):
            limits = Limits(
                memory_mb=settings.CHILD_MEMORY_MB, timeout_s=RENDER_TIMEOUT_S, max_pages=settings.MAX_PAGES
            )
            self._own.reader = GuardedReader(limits=limits, ocr_languages=())
            self._readers.append(self._own.reader)
        reader: GuardedReader = self._own.reader
        return reader

    def _draw(self, path: Path, media_type: str, number: int, width_px: int) -> bytes:
        return self._reader().render_page(path, media_type=media_type, number=number, width_px=width_px)

    def _add_text(self, path: Path, media_type: str, readings: list[PageReading]) -> bytes:
        arguments = searchable_pdf.Arguments(readings=readings)
        return self._reader().perform(searchable_pdf, path, media_type=media_type, arguments=arguments, result=bytes)

    def render(self, path: Path, *, media_type: str, number: int, width_px: int) -> bytes:
        """Draw a page; raises RendererBusyError when no thread comes free in time."""
        return _in_time(self._executor.submit(self._draw, path, media_type, number, width_px))

    def searchable(self, path: Path, *, media_type: str, readings: list[PageReading]) -> bytes:
        """Make a PDF with the recognised words as invisible text; raises RendererBusyError as `render` does."""
        return _in_time(self._executor.submit(self._add_text, path, media_type, readings))

    def close(self) -> None:
        """End threads and children."""
        self._executor.shutdown(wait=True, cancel_futures=True)
        for reader in self._readers:
            reader.close()


def _in_time(work: "Future[bytes]") -> bytes:
    try:
        return work.result(timeout=WAIT_S)
    except TimeoutError:
        work.cancel()
        raise RendererBusyError from None


_renderers: dict[int, Renderers] = {}
_lock = threading.Lock()
_writes = itertools.count(1)


def _ours() -> Renderers:
    """Give this process's renderers; a forked process makes its own."""
    with _lock:
        if os.getpid() not in _renderers:
            _renderers.clear()
            _renderers[os.getpid()] = Renderers()
        return _renderers[os.getpid()]


def close_renderers() -> None:
    """End the children of this process; the next picture starts one again."""
    with _lock:
        ours = _renderers.pop(os.getpid(), None)
    if ours is not None:
        ours.close()


def page_image(*, blob: Blob, media_type: str, number: int, width_px: int) -> bytes:
    """Return a page as a WebP picture; raises UnreadableFileError, ReaderLostError or RendererBusyError."""
    kept = storage.derived_path(blob, f"{number}-{width_px}.webp")
    with suppress(OSError):
        return kept.read_bytes()
    with storage.local_path(blob) as path, told_as_ours():
        picture = _ours().render(path, media_type=media_type, number=number, width_px=width_px)
    with suppress(OSError):  # a full disk must not keep anybody from seeing the page
        _keep(kept, picture)
    return picture


def searchable_copy(*, blob: Blob, reading: Reading) -> bytes:
    """Return a PDF of a scan in which its recognised words can be searched and copied; raises as `page_image` does."""
    readings = recognised_pages(reading_id=reading.pk, first=1, last=reading.page_count or 0)
    with storage.local_path(blob) as path, told_as_ours():
        return _ours().searchable(path, media_type=reading.media_type, readings=readings)


def _keep(target: Path, picture: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as partial:
        partial.write(picture)
    Path(partial.name).replace(target)
    if next(_writes) % WRITES_BETWEEN_PRUNINGS == 0:
        prune(folder=settings.DATA_DIR / "cache", most_bytes=CACHE_MB << 20)


def prune(*, folder: Path, most_bytes: int, older_than_s: float = 7 * 24 * 3600) -> None:
    """Delete pictures that are old, then the oldest ones until the folder fits."""
    found = []
    for path in folder.rglob("*.webp"):
        with suppress(OSError):
            status = path.stat()
            found.append((status.st_mtime, status.st_size, path))
    total = sum(size for _, size, _ in found)
    for modified_at, size, path in sorted(found):
        if total <= most_bytes and time.time() - modified_at < older_than_s:
            break
        with suppress(OSError):
            path.unlink()
        total -= size
