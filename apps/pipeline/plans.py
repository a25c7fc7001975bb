"""Which parts each step has for a run, decided when the steps before it have ended. No handler is imported here."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings

from apps.documents.models import Page, Source
from apps.pipeline.models import PipelineRun
from apps.pipeline.table import Step, parts

WITHOUT_TABLES: Final = frozenset({"text/plain", "application/json"})
CUTTABLE: Final = frozenset({"application/pdf", "image/tiff"})
MOST_BUNDLE_PAGES: Final = 1_000
Input = dict[str, Any]


def _read(run: PipelineRun, step: Step) -> list[Input]:
    """Lay out the first pages; only opening the file tells how many there are."""
    return [{"first": 1, "last": step.pages_per_part}]


def _ocr(run: PipelineRun, step: Step) -> list[Input]:
    """Lay out the pages that the reader marked as needing recognition."""
    pages = Page.objects.filter(reading_id=run.reading_id, needs_ocr=True)
    return [{"first": number, "last": number} for number in pages.order_by("number").values_list("number", flat=True)]


def _children(run: PipelineRun, step: Step) -> list[Input]:
    """Lay out the files inside that become documents, counted from 0; those over the limit are left out.

    A reading beside the current one makes none.
    """
    if run.is_beside:
        return []
    files = run.reading.metadata.get("children", ())
    return parts(step, first=0, last=min(len(files), settings.PARTS_COUNT) - 1)


def _bundle(run: PipelineRun, step: Step) -> list[Input]:
    """Lay out files of several pages that came in by themselves and can be cut."""
    last = run.reading.page_count or 0
    is_whole = run.document.source != Source.PART and not run.is_beside  # which asks nobody
    can_be_cut = run.reading.media_type in CUTTABLE and 1 < last <= MOST_BUNDLE_PAGES
    return [{"first": 1, "last": last}] if is_whole and can_be_cut else []


def _pages_with_text(run: PipelineRun, step: Step) -> list[Input]:
    """Lay out all pages if any has text."""
    with_text = Page.objects.filter(reading_id=run.reading_id).exclude(text="").order_by("number")
    numbers = list(with_text.values_list("number", flat=True))
    return parts(step, first=numbers[0], last=numbers[-1]) if numbers else []


def _tables(run: PipelineRun, step: Step) -> list[Input]:
    """Lay out the pages with text, unless it is plain."""
    return [] if run.reading.media_type in WITHOUT_TABLES else _pages_with_text(run, step)


def _fields(run: PipelineRun, step: Step) -> list[Input]:
    """Lay out the whole document once if it has pages: a picture of a code says something without any text."""
    return [{"first": 1, "last": run.reading.page_count or 1}] if run.reading.pages.exists() else []


PLANS: Final[dict[str, Callable[[PipelineRun, Step], list[Input]]]] = {
    "read": _read,
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
