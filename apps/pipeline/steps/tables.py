"""Step `tables`: the tables of a range of pages."""

from apps.extraction import services as extraction
from apps.extraction.readers import guarded_reader
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.steps.source import opened, told


def execute(lease: Lease) -> Outcome:
    """Find the tables of some pages."""
    first, last = lease.input["first"], lease.input["last"]
    with opened(lease) as (reading, path), guarded_reader() as reader:
        found = reader.find_tables(path, media_type=reading.media_type, first=first, last=last)

    def store() -> None:
        extraction.tables_store(reading=reading, first=first, last=last, tables=found.tables)

    return Outcome(store=store, problems=told(found.problems))
