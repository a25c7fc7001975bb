"""One page of a document as the viewer shows it: picture, boxes, text, and the way to the other pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.documents.models import Document, Page
from apps.documents.selectors import original_of, pages_of, words_of
from apps.extraction.fields.selectors.values import values_for_document
from apps.extraction.models import FieldValue, Table
from apps.extraction.selectors import tables_of
from apps.web.documents.boxes import Box, WordBox, box_of, word_boxes

THUMBNAILS = 40


@dataclass(frozen=True)
class TablePlace:
    """A table on the page shown; `anchor` names it in the address."""

    table: Table
    box: Box | None
    anchor: str


@dataclass(frozen=True)
class ValuePlace:
    """A value found on the page shown."""

    value: FieldValue
    box: Box | None
    anchor: str


@dataclass(frozen=True)
class Viewer:
    """Everything the viewer shows of one page."""

    page: Page
    count: int
    has_picture: bool
    version: str
    words: Sequence[WordBox]
    tables: Sequence[TablePlace]
    values: Sequence[ValuePlace]
    thumbnails: Sequence[int]
    shown: str

    @property
    def previous(self) -> int | None:
        """The page before, if there is one."""
        return self.page.number - 1 if self.page.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, if there is one."""
        return self.page.number + 1 if self.page.number < self.count else None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height for the picture's frame, in whole units with the page's proportions."""
        return 1200, max(1, round(1200 * self.page.height / self.page.width)) if self.page.width else 1


def table_anchor(table: Table) -> str:
    """Name a table in an address."""
    return f"table-{table.page_number}-{table.position + 1}"


def value_anchor(value: FieldValue) -> str:
    """Name a value in an address."""
    return f"value-{value.pk}"


def viewer_of(*, document: Document, number: int, shown: str) -> Viewer | None:
    """Return the viewer of a page, the nearest one where the number is out of range; None while there is no page."""
    reading = document.current_reading
    pages = pages_of(document=document)
    count = pages.count()
    if reading is None or not count:
        return None
    page = pages.filter(number__lte=max(number, 1)).order_by("-number").first() or pages[0]
    has_picture = page.width > 0 and page.height > 0
    first = (page.number - 1) // THUMBNAILS * THUMBNAILS + 1
    return Viewer(
        page=page,
        count=max(count, document.page_count or 0),
        has_picture=has_picture,
        version=original_of(document=document).sha256[:12],
        words=word_boxes(words_of(page_ids=[page.pk]).get(page.pk, [])) if has_picture else [],
        tables=[
            TablePlace(table, box_of(table.box), table_anchor(table))
            for table in tables_of(reading_id=reading.pk).filter(page_number=page.number)
        ],
        values=[
            ValuePlace(value, box_of(value.box), value_anchor(value))
            for value in values_for_document(document=document)
            if value.page_number == page.number
        ],
        thumbnails=range(first, min(first + THUMBNAILS, count + 1)) if has_picture and count > 1 else [],
        shown=shown,
    )
