"""Step `layout`: blocks and languages of pages, and their text without what stands on their edges."""

from apps.documents.selectors import reading_get
from apps.extraction import services as extraction
from apps.extraction.engine.layout import PAGES_BEFORE, lay_out
from apps.extraction.selectors import page_readings, table_readings
from apps.pipeline.outcome import Lease, Outcome
from apps.search import services as search


def execute(lease: Lease) -> Outcome:
    """Lay out some pages by their words and tables; the pages before them tell what returns."""
    first, last = lease.input["first"], lease.input["last"]
    start = max(1, first - PAGES_BEFORE)
    known = page_readings(reading_id=lease.reading_id, first=start, last=last)
    tables = table_readings(reading_id=lease.reading_id, first=start, last=last)
    done = [page for page in lay_out(known, tables) if page.number >= first]
    before = [page for page in known if page.number >= first]

    def store() -> None:
        changed = extraction.layout_store(reading_id=lease.reading_id, before=before, pages=done)
        reading = reading_get(reading_id=lease.reading_id)
        search.index_pages(document_id=lease.document_id, reading=reading, pages=changed)

    return Outcome(store=store)
