"""Step `tables`: the tables of a range of pages, by their words as they are stored."""

from apps.extraction import services as extraction
from apps.extraction.readers import guarded_reader
from apps.extraction.selectors import page_words
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.steps.source import opened, told


def execute(lease: Lease) -> Outcome:
    """Find the tables of some pages."""
    first, last = lease.input["first"], lease.input["last"]
    with opened(lease) as (reading, path), guarded_reader() as reader:
        # The page before tells whether a table goes on with one of it.
        known = page_words(reading_id=lease.reading_id, first=max(1, first - 1), last=last)
        found = reader.find_tables(path, media_type=reading.media_type, first=first, last=last, readings=known)

    def store() -> None:
        extraction.tables_store(reading=reading, first=first, last=last, tables=found.tables)

    return Outcome(store=store, problems=told(found.problems))
