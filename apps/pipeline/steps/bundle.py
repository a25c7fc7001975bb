"""Step `bundle`: whether a file of several pages holds several documents. It proposes and asks; a person splits."""

from pathlib import Path

from apps.documents.models import Document, Reading
from apps.extraction import services as extraction
from apps.extraction.engine.bundles.pages import PageView
from apps.extraction.engine.bundles.signs import PageSigns, separators
from apps.extraction.engine.bundles.splitter import Boundary, boundaries, is_alarming, shipped
from apps.extraction.engine.operations import page_signs
from apps.extraction.engine.types import PageReading
from apps.extraction.readers import guarded_reader
from apps.extraction.selectors import page_words
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.steps.source import opened
from apps.review import services as review
from apps.review.selectors import is_bundle_decided

# Empty and separator sheets have hardly a word; only such pages are drawn and looked at.
_FEW_WORDS = 25
_DRAWN_AT_ONCE = 16


def execute(lease: Lease) -> Outcome:
    """Judge every place between two pages of a file."""
    pages = page_words(reading_id=lease.reading_id, first=lease.input["first"], last=lease.input["last"])
    with opened(lease) as (reading, path):
        signs = _signs(reading, path, pages)
    blank = frozenset(sign.number for sign in signs if sign.is_blank)
    sheets = frozenset(separators(signs, {page.number: len(page.words) for page in pages}))
    views = [PageView(page.number, page.width, page.height, page.words) for page in pages]
    model = shipped()
    found = boundaries(views, blank=blank, separators=sheets, model=model)
    is_likely = is_alarming(found, model)

    def store() -> None:
        extraction.bundle_store(reading=reading, boundaries=found, dropped=sorted(blank | sheets), is_likely=is_likely)
        _ask(reading.version.document, found, is_likely=is_likely)

    return Outcome(store=store)


def _signs(reading: Reading, path: Path, pages: list[PageReading]) -> list[PageSigns]:
    numbers = [page.number for page in pages if len(page.words) <= _FEW_WORDS]
    found: list[PageSigns] = []
    with guarded_reader() as reader:
        for start in range(0, len(numbers), _DRAWN_AT_ONCE):
            arguments = page_signs.Arguments(pages=numbers[start : start + _DRAWN_AT_ONCE])
            found += reader.perform(
                page_signs, path, media_type=reading.media_type, arguments=arguments, result=list[PageSigns]
            )
    return found


def _ask(document: Document, found: list[Boundary], *, is_likely: bool) -> None:
    """Ask a person unless one has answered before."""
    if not is_likely or is_bundle_decided(document_id=document.pk):
        review.task_close(document_id=document.pk, kind="BUNDLE")
        return
    sheets = sum(each.reason == "separator" for each in found)
    count = 1 + sum(each.probability is None or each.probability >= 0.5 for each in found)
    why = f"{sheets} separator sheet{'s' if sheets > 1 else ''}" if sheets else "the pages"
    review.task_open(document=document, kind="BUNDLE", reason=f"Looks like {count} documents in one file, by {why}.")
