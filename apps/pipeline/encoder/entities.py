"""Step `entities`: names, places, dates, sums and identifiers in the text of many documents' pages at once."""

from collections.abc import Sequence

from apps.documents.selectors import reading_get
from apps.extraction.engine.entities import find_entities
from apps.extraction.engine.entities.types import MentionModel
from apps.extraction.engine.types import PageReading
from apps.extraction.entities.services import entities_store
from apps.extraction.selectors import page_readings
from apps.pipeline.encoder.mentions import mentions_of
from apps.pipeline.outcome import Lease, Outcome

Mentions = Sequence[Sequence[tuple[str, int, int, float | None]]]


def execute(leases: Sequence[Lease]) -> list[Outcome]:
    """Ask for the names of all parts' pages at once: a model that works by itself is fastest with full batches."""
    parts = [
        page_readings(reading_id=lease.reading_id, first=lease.input["first"], last=lease.input["last"])
        for lease in leases
    ]
    mentions = mentions_of([page.text for pages in parts for page in pages])
    outcomes, at = [], 0
    for lease, pages in zip(leases, parts, strict=True):
        outcomes.append(_outcome(lease, pages, mentions[at : at + len(pages)]))
        at += len(pages)
    return outcomes


def _outcome(lease: Lease, pages: list[PageReading], mentions: Mentions) -> Outcome:
    found = find_entities(pages, _known([page.text for page in pages], mentions))

    def store() -> None:
        reading = reading_get(reading_id=lease.reading_id)
        first, last = lease.input["first"], lease.input["last"]
        entities_store(reading=reading, first=first, last=last, rows=found)

    return Outcome(store=store)


def _known(texts: list[str], mentions: Mentions) -> MentionModel:
    """Stand for the model with what it said of these texts; of others, such as shortened ones, it is asked anew."""

    def model(asked: Sequence[str]) -> Mentions:
        return mentions if list(asked) == texts else mentions_of(asked)

    return model
