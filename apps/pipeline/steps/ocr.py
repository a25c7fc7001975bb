"""Step `ocr`: pages without text in the file, or with text nobody can trust, are recognised."""

from apps.extraction import services as extraction
from apps.extraction.readers import guarded_reader
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.steps.source import opened
from apps.search import services as search


def execute(lease: Lease) -> Outcome:
    """Recognise one page and put its text in the place of what was there."""
    with opened(lease) as (reading, path), guarded_reader() as reader:
        page = reader.recognise_page(path, media_type=reading.media_type, number=lease.input["first"])

    def store() -> None:
        rows = extraction.pages_store(reading=reading, pages=[page])
        search.index_pages(document_id=lease.document_id, reading=reading, pages=rows)

    return Outcome(store=store)
