"""Opens a workbook: every visible sheet is one or more logical pages, headed by its name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

from msgspec.structs import replace
from python_calamine import CalamineWorkbook, PasswordError, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from apps.extraction.engine.containers import BARE_SHEETS, ODS, XLS, XLSB, XLSX, kind_of
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import LogicalPage, Source
from apps.extraction.engine.readers.lazy import LazyDocument
from apps.extraction.engine.readers.office.objects import unwrapped
from apps.extraction.engine.readers.office.opc import opened_parts
from apps.extraction.engine.readers.paging import CELLS_A_PAGE, MOST_TABLE_CELLS
from apps.extraction.engine.readers.plain_text import PART_CHARACTERS
from apps.extraction.engine.readers.sheets.areas import Merged, blocks_of
from apps.extraction.engine.readers.sheets.drawings import Beside, Extras, extras_of
from apps.extraction.engine.readers.sheets.extent import check_extent
from apps.extraction.engine.readers.sheets.formats import Formats, NumberFormat
from apps.extraction.engine.readers.sheets.values import Value, shown
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block, ChildFile

MOST_CELLS: Final = 2_000_000  # filled ones, of all sheets together: a bound of caution, not measured
_ZIPPED = frozenset({XLSX, XLSB, ODS})


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet's filled part as texts; merged cells are counted within it."""

    name: str
    is_hidden: bool
    rows: list[list[str]]
    merged: list[Merged]


class WorkbookDocument(LazyDocument):
    """A workbook, whose embedded files are taken out of it when they are asked for."""

    def __init__(
        self,
        source: Source,
        pages: Sequence[Callable[[], LogicalPage]],
        metadata: dict[str, object],
        children: Sequence[ChildFile],
    ) -> None:
        super().__init__(source, pages, metadata, children=children)
        self._path = source.path

    def child(self, key: str) -> bytes:
        """Return the bytes of an embedded file; the key is the name of its part."""
        if key not in {each.key for each in self.info.children}:
            return super().child(key)
        with opened_parts(self._path) as parts:
            found = unwrapped(key, parts.read(key))
        return found.data if found else super().child(key)


def open_document(source: Source) -> WorkbookDocument:
    """Read the values of all sheets; hidden ones are kept apart from the text, and named in the metadata."""
    _check_form(source)
    extras = extras_of(source.path) if source.media_type == XLSX else Extras()
    sheets = _sheets(source, extras)
    if (
        not any(beside.blocks for beside in extras.sheets.values())
        and not extras.children
        and not any(any(map(any, sheet.rows)) for sheet in sheets)
    ):
        raise ReadingError(ErrorCode.EMPTY)
    ranges = [(sheet, first, end) for sheet in sheets for first, end in _row_ranges(sheet.rows) or [(0, 0)]]
    most_tables = MOST_TABLE_CELLS // CELLS_A_PAGE
    pages = [
        partial(_page, sheet, first, end, extras.sheets.get(sheet.name), with_tables=at < most_tables)
        for at, (sheet, first, end) in enumerate(ranges)
    ]
    hidden = [sheet.name for sheet in sheets if sheet.is_hidden]
    return WorkbookDocument(source, pages, {"hidden_sheets": hidden} if hidden else {}, extras.children)


def _check_form(source: Source) -> None:
    """Raise ReadingError for what must not, or cannot, be handed to the library."""
    if source.media_type in _ZIPPED:
        check_extent(source.path, source.media_type)
        return
    with source.path.open("rb") as handle:
        head = handle.read(8)
    if head[:4] in BARE_SHEETS:
        message = "Spreadsheets of Excel 4 and older cannot be read. Save the file as XLSX."
        raise ReadingError(ErrorCode.UNSUPPORTED_TYPE, message)
    if kind_of(source.path, head) != XLS:  # where the directory is damaged the library asks for any memory
        raise ReadingError(ErrorCode.CORRUPT, detail="no stream of a workbook")


def _sheets(source: Source, extras: Extras) -> list[Sheet]:
    left = MOST_CELLS
    sheets = []
    try:
        with source.path.open("rb") as handle, CalamineWorkbook.from_filelike(handle) as workbook:
            for about in workbook.sheets_metadata:
                if about.typ in (SheetTypeEnum.WorkSheet, SheetTypeEnum.ChartSheet):
                    beside = extras.sheets.get(clean(about.name), Beside())
                    sheet = _sheet(workbook, about, left, beside.formats)
                    left -= sum(sum(map(bool, row)) for row in sheet.rows)
                    sheets.append(sheet)
    except (ReadingError, MemoryError):
        raise
    except PasswordError as error:
        message = "The spreadsheet is protected by a password. Remove the protection to have it read."
        raise ReadingError(ErrorCode.ENCRYPTED, message) from error
    except BaseException as error:  # panics of the library are no Exceptions
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise ReadingError(ErrorCode.CORRUPT, detail=repr(error)) from error
    return sheets


def _sheet(workbook: CalamineWorkbook, about: SheetMetadata, left: int, formats: Formats) -> Sheet:
    is_hidden = about.visible != SheetVisibleEnum.Visible
    if about.typ == SheetTypeEnum.ChartSheet:
        return Sheet(name=about.name, is_hidden=is_hidden, rows=[], merged=[])
    sheet = workbook.get_sheet_by_name(about.name)
    rows: list[list[str]] = []
    first = (sheet.start or (0, 0))[1]  # rows are given from the sheet's first on, columns from the first filled one
    for row, values in enumerate(sheet.iter_rows()):
        filled = len(values) - values.count("")  # most places of many sheets are empty
        left -= filled
        if left < 0:
            raise ReadingError(ErrorCode.TOO_LARGE, f"The file has more than {MOST_CELLS:,} filled cells.")
        rows.append(_texts(values, formats.get(row, {}), first) if filled else [])
    while rows and not rows[-1]:
        rows.pop()
    merged = [
        ((start[0], start[1] - first), (end[0], end[1] - first))
        for start, end in sheet.merged_cell_ranges or ()
        if start[1] >= first
    ]
    return Sheet(name=clean(about.name), is_hidden=is_hidden, rows=rows, merged=merged)


def _texts(values: Sequence[Value], formats: dict[int, NumberFormat], first: int) -> list[str]:
    """Return a row, which begins in the column `first`, as it is shown, without what is empty at its end."""
    row = [clean(shown(value, formats.get(column))) for column, value in enumerate(values, first)]
    while row and not row[-1]:
        row.pop()
    return row


def _row_ranges(rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return ranges of rows that each fit on a logical page."""
    ends = [0]
    characters = cells = 0
    for at, row in enumerate(rows):
        more_characters, more_cells = sum(map(len, row)) + len(row), sum(map(bool, row))
        if at > ends[-1] and (characters + more_characters > PART_CHARACTERS or cells + more_cells > CELLS_A_PAGE):
            ends.append(at)
            characters = cells = 0
        characters += more_characters
        cells += more_cells
    if len(rows) > ends[-1]:
        ends.append(len(rows))
    return list(pairwise(ends))


def _page(sheet: Sheet, first: int, end: int, beside: Beside | None, *, with_tables: bool) -> LogicalPage:
    """Return the cells of some rows; after the last of them what lies beside the cells."""
    merged = [
        ((max(top, first) - first, left), (min(bottom, end - 1) - first, right))
        for (top, left), (bottom, right) in sheet.merged
        if top < end and bottom >= first
    ]
    blocks, tables = blocks_of(sheet.rows[first:end], merged)
    if first == 0:
        blocks.insert(0, Block(kind="heading", level=2, text=sheet.name))
    elif tables and blocks[0].kind == "table":
        tables[0] = replace(tables[0], continues=True, header_rows=0)
    if not with_tables:
        blocks = [Block(kind="paragraph", text=block.text) for block in blocks]
        tables = []
    if beside is not None and end == len(sheet.rows):
        blocks += [_moved(block, len(tables)) for block in beside.blocks]
        tables += beside.tables
    if sheet.is_hidden:
        blocks = [replace(block, note="hidden") for block in blocks]
    return LogicalPage(blocks=blocks, tables=tables)


def _moved(block: Block, tables_before: int) -> Block:
    return block if block.table is None else replace(block, table=block.table + tables_before)
