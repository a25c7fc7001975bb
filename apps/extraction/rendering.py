"""Pictures of pages for people who look at them: rendered by guarded children, kept on disk, safe with many threads."""

import os
import queue
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from apps.core.errors import TransientError
from apps.documents import storage
from apps.documents.models import Blob
from apps.extraction.engine.guard import GuardedReader, Limits
from apps.extraction.readers import told_as_ours

# Few widths, so that a page has few pictures: a thumbnail, a screen, a magnified screen.
WIDTHS_PX = (160, 1200, 2000)
READERS = 2
WAIT_S = 15.0
RENDER_TIMEOUT_S = 20.0
CACHE_MB = 1_024
WRITES_BETWEEN_PRUNINGS = 200


class RendererBusyError(TransientError):
    """All renderers are at work on other pages."""

    code = "renderer_busy"
    message = "The server is busy drawing other pages. Try again in a moment."


_pools: dict[int, "queue.LifoQueue[GuardedReader]"] = {}
_lock = threading.Lock()
_writes = 0


def _pool() -> "queue.LifoQueue[GuardedReader]":
    """Give this process's readers, last used first, so that a quiet server has one child; a fork makes its own."""
    with _lock:
        if os.getpid() not in _pools:
            _pools.clear()
            limits = Limits(
                memory_mb=settings.CHILD_MEMORY_MB, timeout_s=RENDER_TIMEOUT_S, max_pages=settings.MAX_PAGES
            )
            pool: queue.LifoQueue[GuardedReader] = queue.LifoQueue()
            for _ in range(READERS):
                pool.put(GuardedReader(limits=limits, ocr_languages=()))
            _pools[os.getpid()] = pool
        return _pools[os.getpid()]


@contextmanager
def _reader() -> Iterator[GuardedReader]:
    """Borrow a reader for one thread; raises RendererBusyError when none comes free in time."""
    pool = _pool()
    try:
        reader = pool.get(timeout=WAIT_S)
    except queue.Empty:
        raise RendererBusyError from None
    try:
        yield reader
    finally:
        pool.put(reader)


def close_renderers() -> None:
    """End the children of this process; the next picture starts one again."""
    pool = _pool()
    with suppress(queue.Empty):
        while True:
            pool.get_nowait().close()
    with _lock:
        _pools.clear()


def page_image(*, blob: Blob, media_type: str, number: int, width_px: int) -> bytes:
    """Return a page as a WebP picture; raises UnreadableFileError, ReaderLostError or RendererBusyError."""
    kept = storage.derived_path(blob, f"{number}-{width_px}.webp")
    with suppress(OSError):
        return kept.read_bytes()
    with storage.local_path(blob) as path, _reader() as reader, told_as_ours():
        picture = reader.render_page(path, media_type=media_type, number=number, width_px=width_px)
    with suppress(OSError):  # a full disk must not keep anybody from seeing the page
        _keep(kept, picture)
    return picture


def _keep(target: Path, picture: bytes) -> None:
    global _writes  # noqa: PLW0603  (a process's own count)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as partial:
        partial.write(picture)
    Path(partial.name).replace(target)
    _writes += 1
    if _writes % WRITES_BETWEEN_PRUNINGS == 0:
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
