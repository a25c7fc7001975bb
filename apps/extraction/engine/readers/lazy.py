"""Documents of many logical pages, of which each is made when it is asked for."""

from collections.abc import Callable, Sequence

from msgspec import structs

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import LogicalPage, OpenDocument, Source, text_of
from apps.extraction.engine.types import ChildFile, DocumentInfo, PageReading, TableReading


class LazyDocument(OpenDocument):
    """A document whose pages are functions; the latest page is kept, because its tables are asked for next."""

    def __init__(
        self,
        source: Source,
        pages: Sequence[Callable[[], LogicalPage]],
        metadata: dict[str, object],
        *,
        children: Sequence[ChildFile] = (),
    ) -> None:
        if not pages:
            raise ReadingError(ErrorCode.EMPTY)
        if len(pages) > source.max_pages:
            raise ReadingError(ErrorCode.TOO_MANY_PAGES)
        self._pages = pages
        self._latest: tuple[int, LogicalPage] | None = None
        self.info = DocumentInfo(
            media_type=source.media_type, page_count=len(pages), metadata=metadata, children=list(children)
        )

    def read_page(self, number: int) -> PageReading:
        """Return a logical page: text and blocks, no words and no size."""
        page = self._page(number)
        text = page.text if page.text is not None else text_of(page.blocks)
        return PageReading(
            number=number,
            width=0,
            height=0,
            rotation=0,
            text=text,
            text_source="native" if text.strip() else "none",
            blocks=page.blocks,
        )

    def own_tables(self, number: int) -> list[TableReading]:
        """Return the tables of a logical page."""
        return [structs.replace(table, page=number) for table in self._page(number).tables]

    def _page(self, number: int) -> LogicalPage:
        if self._latest is None or self._latest[0] != number:
            self._latest = number, self._pages[number - 1]()
        return self._latest[1]
