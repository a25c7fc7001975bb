"""The values the engine speaks: what a document, a page, a word and a table are once they have been read."""

from typing import Any, Literal, TypeAlias

import msgspec

Box: TypeAlias = tuple[float, float, float, float]
"""x0, y0, x1, y1 as fractions of the shown page, origin top-left, after rotation."""

TextSource: TypeAlias = Literal["native", "ocr", "mixed", "none"]


class Word(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A word with its box; as JSON the contract's list `[x0, y0, x1, y1, text, confidence]`."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    confidence: float | None = None


class PageReading(msgspec.Struct, frozen=True, kw_only=True):
    """One page. Sizes are in points, in pixels for images, 0 for formats without pages."""

    number: int
    width: float
    height: float
    rotation: int
    text: str
    text_source: TextSource
    words: list[Word] = []
    needs_ocr: bool = False
    language: str | None = None


class CellReading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A cell of a table; rows and columns count from 0."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    text: str
    box: Box | None = None


class TableReading(msgspec.Struct, frozen=True, kw_only=True):
    """A table with its cells in reading order."""

    page: int
    box: Box | None
    row_count: int
    column_count: int
    cells: list[CellReading]
    confidence: float | None = None


class DocumentInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a file before its pages are read. Dates in the metadata are ISO 8601 texts."""

    media_type: str
    page_count: int
    metadata: dict[str, Any] = {}


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that went wrong without stopping the rest; the code is one of the error catalogue."""

    code: str
    message: str
    page: int | None = None


class ReadPages(msgspec.Struct, frozen=True, kw_only=True):
    """The pages of a range that could be read, and a problem for each that could not."""

    pages: list[PageReading]
    problems: list[Problem] = []


class FoundTables(msgspec.Struct, frozen=True, kw_only=True):
    """The tables of a range of pages, and a problem for each page that could not be searched."""

    tables: list[TableReading]
    problems: list[Problem] = []
