"""What every reading step begins with: the reading's row and the bytes on disk."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from apps.core.prepared import Given, Prepared
from apps.documents import storage
from apps.documents.models import Reading
from apps.extraction.engine.types import Problem as EngineProblem
from apps.pipeline.outcome import Lease, Problem

_READING = Prepared(
    lambda: Reading.objects.select_related("version__blob", "version__document").filter(pk=Given("reading_id"))
)


@contextmanager
def opened(lease: Lease) -> Iterator[tuple[Reading, Path]]:
    """Give the reading of a part and a path to its document's bytes."""
    reading = reading_of(lease)
    with bytes_of(reading) as path:
        yield reading, path


def reading_of(lease: Lease) -> Reading:
    """Return the reading of a part with its version, document and blob."""
    return _READING.one(reading_id=lease.reading_id)


def bytes_of(reading: Reading) -> AbstractContextManager[Path]:
    """Give a path to the bytes that a reading is of."""
    return storage.local_path(reading.version.blob)


def told(problems: list[EngineProblem]) -> tuple[Problem, ...]:
    """Translate the engine's problems into the pipeline's."""
    return tuple(Problem(code=each.code, message=each.message, page=each.page) for each in problems)
