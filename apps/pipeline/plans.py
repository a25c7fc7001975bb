"""Which parts each step has for a run, decided when the steps before it have ended. No handler is imported here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from apps.documents.models import Source
from apps.pipeline.models import PipelineRun
from apps.pipeline.table import Step, parts

WITHOUT_TABLES: Final = frozenset({"text/plain", "application/json"})
CUTTABLE: Final = frozenset({"application/pdf", "image/tiff"})
MOST_BUNDLE_PAGES: Final = 1_000
Input = dict[str, Any]

# One statement for all plans: steps end often, and most of them have several followers.
FACTS: Final = """
    SELECT document.source, reading.media_type, coalesce(reading.page_count, 0),
           coalesce(jsonb_array_length(reading.metadata -> 'children'), 0),
           page.count > 0, page.first, page.last, page.to_recognise
    FROM documents_reading AS reading
    JOIN documents_documentversion AS version ON version.id = reading.version_id
    JOIN documents_document AS document ON document.id = version.document_id
    CROSS JOIN LATERAL (
        SELECT count(*), min(number) FILTER (WHERE text <> '') AS first, max(number) FILTER (WHERE text <> '') AS last,
               coalesce(array_agg(number ORDER BY number) FILTER (WHERE needs_ocr), '{}') AS to_recognise
        FROM documents_page WHERE reading_id = reading.id
    ) AS page
    WHERE reading.id = %s
"""


@dataclass(frozen=True)
class Facts:
    """What a reading holds, as far as plans depend on it; pages count from 1, the pages with text from first to last.

    A document without any text has neither a first nor a last page with text.
    """

    source: str
    media_type: str
    page_count: int
    child_count: int
    has_pages: bool
    first_with_text: int | None
    last_with_text: int | None
    to_recognise: list[int]


def facts_of(*, reading_id: UUID) -> Facts:
    """Look up what a reading holds now."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [reading_id])
        return Facts(*cursor.fetchone())


def first_parts(step: Step) -> list[Input]:
    """Lay out the first pages; only opening the file tells how many there are."""
    return [{"first": 1, "last": step.pages_per_part}]


def _ocr(run: PipelineRun, facts: Facts, step: Step) -> list[Input]:
    """Lay out the pages that the reader marked as needing recognition."""
    return [{"first": number, "last": number} for number in facts.to_recognise]


def _children(run: PipelineRun, facts: Facts, step: Step) -> list[Input]:
    """Lay out the files inside that become documents, counted from 0; those over the limit are left out.

    A reading beside the current one makes none.
    """
    count = 0 if run.is_beside else min(facts.child_count, settings.PARTS_COUNT)
    return parts(step, first=0, last=count - 1)


def _bundle(run: PipelineRun, facts: Facts, step: Step) -> list[Input]:
    """Lay out files of several pages that came in by themselves and can be cut."""
    is_whole = facts.source != Source.PART and not run.is_beside  # which asks nobody
    can_be_cut = facts.media_type in CUTTABLE and 1 < facts.page_count <= MOST_BUNDLE_PAGES
    return [{"first": 1, "last": facts.page_count}] if is_whole and can_be_cut else []


def _pages_with_text(run: PipelineRun, facts: Facts, step: Step) -> list[Input]:
    """Lay out all pages if any has text."""
    if facts.first_with_text is None or facts.last_with_text is None:
        return []
    return parts(step, first=facts.first_with_text, last=facts.last_with_text)


def _tables(run: PipelineRun, facts: Facts, step: Step) -> list[Input]:
    """Lay out the pages with text, unless it is plain."""
    return [] if facts.media_type in WITHOUT_TABLES else _pages_with_text(run, facts, step)


def _fields(run: PipelineRun, facts: Facts, step: Step) -> list[Input]:
    """Lay out the whole document once if it has pages: a picture of a code says something without any text."""
    return [{"first": 1, "last": facts.page_count or 1}] if facts.has_pages else []


PLANS: Final[dict[str, Callable[[PipelineRun, Facts, Step], list[Input]]]] = {
    "ocr": _ocr,
    "children": _children,
    "bundle": _bundle,
    "tables": _tables,
    "layout": _pages_with_text,
    "embed": _pages_with_text,
    "type": _pages_with_text,
    "entities": _pages_with_text,
    "fields": _fields,
}
