"""Step `read`: what the file is, its pages with text and words, and their place in the search index."""

from pathlib import Path

from apps.documents import services as documents
from apps.documents.models import Reading
from apps.extraction import services as extraction
from apps.extraction.engine.types import DocumentInfo, ReadPages
from apps.extraction.readers import UnreadableFileError, guarded_reader
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.steps.source import opened, told
from apps.pipeline.table import BY_NAME, parts
from apps.search import services as search


def execute(lease: Lease) -> Outcome:
    """Read one range of pages; the first part also opens the file and lays out the parts for its further pages."""
    with opened(lease) as (reading, path), guarded_reader() as reader:
        if lease.part:
            found = reader.read_pages(path, media_type=reading.media_type, **lease.input)
            return Outcome(store=lambda: _store(lease, reading, found), problems=told(found.problems))
        return _first(lease, reading, path)


def _first(lease: Lease, reading: Reading, path: Path) -> Outcome:
    with guarded_reader() as reader:
        info = _open(reading, path)
        last = min(lease.input["last"], info.page_count)
        found = reader.read_pages(path, media_type=info.media_type, first=1, last=last)

    def store() -> None:
        _describe(reading, info)
        _store(lease, reading, found)

    more = parts(BY_NAME["read"], first=last + 1, last=info.page_count)
    return Outcome(store=store, problems=told(found.problems), more=tuple(more))


def _open(reading: Reading, path: Path) -> DocumentInfo:
    """Open the file; one that cannot be read is at least shown as what it is."""
    try:
        with guarded_reader() as reader:
            return reader.open(path, name=reading.version.document.file_name)
    except UnreadableFileError as error:
        if error.media_type:
            documents.reading_describe(reading=reading, media_type=error.media_type, page_count=None, metadata={})
        raise


def _describe(reading: Reading, info: DocumentInfo) -> None:
    documents.reading_describe(
        reading=reading, media_type=info.media_type, page_count=info.page_count, metadata=info.facts()
    )


def _store(lease: Lease, reading: Reading, found: ReadPages) -> None:
    pages = extraction.pages_store(reading=reading, pages=found.pages)
    search.index_pages(document_id=lease.document_id, reading=reading, pages=pages)
