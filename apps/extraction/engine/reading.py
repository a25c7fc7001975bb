"""What is done with a file: open it, read its pages, recognise, find tables, draw. One open file is kept."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from apps.extraction.engine import readers
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.identify import media_type_of
from apps.extraction.engine.ocr import OcrOptions
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.types import (
    DocumentInfo,
    FoundTables,
    PageReading,
    Problem,
    ReadPages,
    Recognition,
    TableReading,
    TextSource,
    Word,
)

if TYPE_CHECKING:
    from apps.extraction.engine.ocr.page import PageRecogniser
    from apps.extraction.engine.ocr.recognised import Recognised

_KEPT_READINGS = 64
_WEBP_QUALITY = 80
_WIDEST_PREVIEW_PX = 4_000


def identify(path: Path, name: str) -> str:
    """Return the media type of a file; an empty file is an error."""
    if path.stat().st_size == 0:
        raise ReadingError(ErrorCode.EMPTY)
    return media_type_of(path, name)


class Engine:
    """Reads files one after another; keeps the last one open with its latest readings."""

    def __init__(self, ocr: OcrOptions | None = None) -> None:
        self._ocr = ocr or OcrOptions()
        self._recogniser: PageRecogniser | None = None
        self._source: Source | None = None
        self._document: OpenDocument | None = None
        self._readings: OrderedDict[int, PageReading] = OrderedDict()

    def open(self, source: Source) -> DocumentInfo:
        """Open a file and say what it is."""
        return self._opened(source).info

    def read_pages(self, source: Source, first: int, last: int) -> ReadPages:
        """Read the text layers of a range of pages, both ends included."""
        pages: list[PageReading] = []
        problems = self._each_page(source, first, last, lambda page: pages.append(self._reading(source, page)))
        return ReadPages(pages=pages, problems=problems)

    def recognise_page(self, source: Source, number: int) -> PageReading:
        """Recognise a page's text from its picture; words it has of its own are kept."""
        document = self._opened(source)
        own = document.read_page(number)
        found, recognition = self._ready_recogniser().recognise(document.picture(number))
        reading = _merged(own, found, recognition, keep_own=not document.is_garbage(number))
        self._keep(reading)
        return reading

    def find_tables(self, source: Source, first: int, last: int, readings: Sequence[PageReading] = ()) -> FoundTables:
        """Find the tables of a range of pages; `readings` are pages known already, which are not read again."""
        document = self._opened(source)
        known = {reading.number: reading for reading in readings}
        found: dict[int, list[TableReading]] = {}

        def reading_of(number: int) -> PageReading:
            return known.get(number) or self._reading(source, number)

        def search(number: int) -> None:
            found[number] = _tables_of(document, reading_of(number))

        def join(number: int) -> None:
            if not _may_continue(found.get(number)):
                return
            if number == first > 1:
                self._each_page(source, first - 1, first - 1, search)
            if number - 1 in found:
                before, here = reading_of(number - 1), reading_of(number)
                found[number] = _continued(found[number - 1], before, found[number], here)

        problems = self._each_page(source, first, last, search)
        problems += self._each_page(source, first, last, join)
        tables = [table for number in sorted(found) if number >= first for table in found[number]]
        return FoundTables(problems=problems, tables=tables)

    def render_page(self, source: Source, number: int, width_px: int) -> bytes:
        """Return a page as a WebP image."""
        document = self._opened(source)
        _check_number(document, number)
        picture = document.preview(number, max(16, min(width_px, _WIDEST_PREVIEW_PX)))
        buffer = BytesIO()
        picture.save(buffer, "WEBP", quality=_WEBP_QUALITY, method=2)
        return buffer.getvalue()

    def opened(self, source: Source) -> OpenDocument:
        """Return the file opened, for an operation of its own (see `operations`); it stays the engine's to close."""
        return self._opened(source)

    def rest(self) -> None:
        """Give back what nobody asks for at the moment: the open file stays, models go.

        A reading process that read a page by both engines falls from 358 MB to 113 so (PSS).
        """
        from apps.extraction.engine.layout.language import forget_model  # noqa: PLC0415  (few processes recognise)

        if self._recogniser is not None:
            self._recogniser.close()
        forget_model()

    def close(self) -> None:
        """Close the open file and forget its readings."""
        self._readings.clear()
        self._source = None
        if self._document is not None:
            document, self._document = self._document, None
            document.close()

    def _opened(self, source: Source) -> OpenDocument:
        if self._document is not None and self._source == source:
            return self._document
        self.close()
        self._document = readers.open_document(source)
        self._source = source
        return self._document

    def _ready_recogniser(self) -> "PageRecogniser":
        if self._recogniser is None:
            from apps.extraction.engine.ocr.page import PageRecogniser  # noqa: PLC0415  (few files need it: 20 ms)

            self._recogniser = PageRecogniser(self._ocr)
        return self._recogniser

    def _reading(self, source: Source, number: int) -> PageReading:
        known = self._readings.get(number)
        if known is None:
            known = self._opened(source).read_page(number)
            self._keep(known)
        return known

    def _keep(self, reading: PageReading) -> None:
        self._readings[reading.number] = reading
        while len(self._readings) > _KEPT_READINGS:
            self._readings.popitem(last=False)

    def _each_page(self, source: Source, first: int, last: int, act: Callable[[int], object]) -> list[Problem]:
        """Do something with every page of a range; one that fails is a problem and the others go on."""
        problems = []
        for number in range(max(1, first), min(last, self._opened(source).page_count) + 1):
            try:
                act(number)
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001  (whatever a hostile page makes a parser raise)
                message = error.message if isinstance(error, ReadingError) else None
                problems.append(ReadingError(ErrorCode.PAGE_FAILED, message).as_problem(number))
        return problems


def _tables_of(document: OpenDocument, reading: PageReading) -> list[TableReading]:
    own = document.own_tables(reading.number)
    if own is not None or not reading.words:
        return own or []
    from apps.extraction.engine.tables import find_tables  # noqa: PLC0415  (brings pdfplumber: 120 ms, 17 MB)

    return find_tables(reading, document.edges(reading.number), partial(document.picture, reading.number))


def _may_continue(tables: list[TableReading] | None) -> bool:
    """Whether a page begins with a table that was looked for: those that formats mark have no box and are whole."""
    if not tables or tables[0].box is None:
        return False
    from apps.extraction.engine.tables.continued import may_continue  # noqa: PLC0415  (as above)

    return may_continue(tables[0])


def _continued(
    before: list[TableReading], page_before: PageReading, here: list[TableReading], page: PageReading
) -> list[TableReading]:
    from apps.extraction.engine.tables.continued import with_continuation  # noqa: PLC0415  (as above)

    return with_continuation(before, page_before, here, page)


def _check_number(document: OpenDocument, number: int) -> None:
    if not 1 <= number <= document.page_count:
        raise ReadingError(ErrorCode.PAGE_FAILED, f"The file has no page {number}.")


def _merged(own: PageReading, found: "Recognised", recognition: Recognition, *, keep_own: bool) -> PageReading:
    """Return the recognised page. Own words come first where the page has a good text layer, however short."""
    own_words = own.words if keep_own else []
    new_words = [word for word in found.words if not _is_covered(word, own_words)]
    text = found.text(lambda word: not _is_covered(word, own_words))
    source: TextSource = "ocr" if new_words else "none"  # a picture without text is read, not refused
    if own_words:
        text = f"{own.text}\n\n{text}".strip()
        source = "mixed" if new_words else "native"
    return PageReading(
        number=own.number,
        width=own.width,
        height=own.height,
        rotation=own.rotation,
        text=text,
        text_source=source,
        words=[*own_words, *new_words],
        language=own.language,
        blocks=own.blocks,
        recognition=recognition,
    )


def _is_covered(word: Word, others: Sequence[Word]) -> bool:
    """Whether the middle of a word lies in one of the others, which are few."""
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return any(other.x0 <= x <= other.x1 and other.y0 <= y <= other.y1 for other in others)
