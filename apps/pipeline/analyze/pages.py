"""Reading the pages of one file so that a page which brings the reader down costs that page only."""

from collections.abc import Iterator
from pathlib import Path

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.fields.types import MachineData
from apps.extraction.engine.guard import GuardedReader
from apps.extraction.engine.operations import machine_data
from apps.extraction.engine.types import DocumentInfo, PageReading, Problem, TableReading

PAGES_A_REQUEST = 32
TABLE_PAGES_A_REQUEST = 8
FEWEST_WORDS_OF_A_TABLE = 4
_MOST_CRASHES = 3


class PageStages:
    """The stages that look at pages, for one file. What goes wrong is collected in `problems`."""

    def __init__(self, reader: GuardedReader, path: Path, info: DocumentInfo, password: str | None) -> None:
        self._reader = reader
        self._path = path
        self._info = info
        self._password = password
        self._crashes = 0
        self.problems: list[Problem] = []

    def read(self) -> list[PageReading]:
        """All pages that can be read, in order."""
        pages: list[PageReading] = []
        for first, last in _ranges(1, self._info.page_count, PAGES_A_REQUEST):
            if not self._read_range(first, last, pages):
                break
        return pages

    def _read_range(self, first: int, last: int, pages: list[PageReading]) -> bool:
        """Read a range, after a crash page by page; False when there is no going on."""
        try:
            answer = self._reader.read_pages(
                self._path, media_type=self._info.media_type, first=first, last=last, password=self._password
            )
        except ReadingError as error:
            if not self._may_go_on(error):
                self.problems.append(error.as_problem())
                return False
            if first == last:
                self.problems.append(ReadingError(ErrorCode.PAGE_FAILED).as_problem(first))
                return True
            return all(self._read_range(number, number, pages) for number in range(first, last + 1))
        pages += answer.pages
        self.problems += answer.problems
        return True

    def recognise(self, pages: list[PageReading]) -> list[PageReading]:
        """Return the pages, those that need it with their text recognised."""
        done = []
        stopped = False
        for page in pages:
            best = page
            if page.needs_ocr and not stopped:
                try:
                    best = self._reader.recognise_page(
                        self._path, media_type=self._info.media_type, number=page.number, password=self._password
                    )
                except ReadingError as error:
                    stopped = error.code == ErrorCode.OCR_UNAVAILABLE or not self._may_go_on(error)
                    self.problems.append(_page_problem(error, page.number, whole_file=stopped))
            done.append(best)
        return done

    def find_tables(self, pages: list[PageReading]) -> list[TableReading]:
        """Return the tables of all pages with enough words for one."""
        tables: list[TableReading] = []
        # Formats without pages have no words with places, and mark their tables themselves.
        worth_it = [page for page in pages if len(page.words) >= FEWEST_WORDS_OF_A_TABLE or not page.width]
        for group in _neighbours(worth_it, TABLE_PAGES_A_REQUEST):
            first, last = group[0].number, group[-1].number
            recognised = [page for page in group if page.text_source in {"ocr", "mixed"}]
            try:
                found = self._reader.find_tables(
                    self._path,
                    media_type=self._info.media_type,
                    first=first,
                    last=last,
                    password=self._password,
                    readings=recognised,
                )
            except ReadingError as error:
                go_on = self._may_go_on(error)
                self.problems.append(_page_problem(error, first, whole_file=not go_on))
                if not go_on:
                    break
                continue
            tables += found.tables
            self.problems += found.problems
        return tables

    def machine_data(self, pages: list[PageReading], type_label: str | None) -> MachineData:
        """Return what the file says of itself; a failure costs these values and not the rest of the analysis."""
        try:
            return self._reader.perform(
                machine_data,
                self._path,
                media_type=self._info.media_type,
                arguments=machine_data.arguments_for(pages, type_label),
                result=MachineData,
                password=self._password,
            )
        except ReadingError as error:
            self.problems.append(error.as_problem())
            return MachineData()

    def _may_go_on(self, error: ReadingError) -> bool:
        """Whether other pages are worth a try: a page may fail, time is up once, and crashes are few."""
        if error.code == ErrorCode.TIMED_OUT:
            return False
        self._crashes += error.is_transient
        return self._crashes <= _MOST_CRASHES


def _page_problem(error: ReadingError, page: int, *, whole_file: bool) -> Problem:
    if whole_file:
        return error.as_problem()
    return Problem(code=ErrorCode.PAGE_FAILED, message=error.message, page=page)


def _ranges(first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    for start in range(first, last + 1, size):
        yield start, min(start + size - 1, last)


def _neighbours(pages: list[PageReading], size: int) -> Iterator[list[PageReading]]:
    """Return runs of consecutive pages, at most `size` long."""
    group: list[PageReading] = []
    for page in pages:
        if group and (len(group) >= size or page.number != group[-1].number + 1):
            yield group
            group = []
        group.append(page)
    if group:
        yield group
