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


BlockKind: TypeAlias = Literal[
    "title",
    "heading",
    "paragraph",
    "list_item",
    "table",
    "figure",
    "caption",
    "code",
    "header",
    "footer",
    "page_number",
]


class Block(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A piece of a page that belongs together. `level` is a heading's (from 1) or the depth of a list (from 0)."""

    kind: BlockKind
    text: str
    box: Box | None = None
    level: int = 0
    marker: str = ""  # what a list item begins with: a bullet or a number
    note: Literal["", "inserted", "comment", "hidden", "speaker"] = ""
    table: int | None = None  # place among the page's tables, from 0
    figure: int | None = None  # what a caption is of: place among the page's figures, from 0


class Recognition(msgspec.Struct, frozen=True, kw_only=True):
    """How a page was recognised; angles in degrees, `turned` clockwise before reading.

    `confidence` is the mean of the engine's own scores, of which the words' probabilities are made. Engines without
    a dictionary have a share of 0, those that know many languages at once name none.
    """

    engine: str
    confidence: float
    dictionary_share: float
    language: str
    skew: float = 0.0
    turned: int = 0


class PageReading(msgspec.Struct, frozen=True, kw_only=True):
    """One page. Sizes are in points, in pixels for images, 0 for formats without pages.

    `blocks` are in reading order; a page that was not laid out has none but its figures. `language` is a two-letter
    code.
    """

    number: int
    width: float
    height: float
    rotation: int
    text: str
    text_source: TextSource
    words: list[Word] = []
    needs_ocr: bool = False
    language: str | None = None
    blocks: list[Block] = []
    recognition: Recognition | None = None


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
    header_rows: int = 0
    continues: bool = False  # goes on with the last table of the page before


class ChildFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file inside a file: an attachment, a member of an archive. `key` is stable and is how it is asked for."""

    key: str
    name: str
    media_type: str
    size: int


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A place that leads to an address."""

    page: int
    box: Box | None
    target: str


class Bookmark(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a document's own table of contents; `level` from 0."""

    title: str
    page: int | None
    level: int


class FormField(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a fillable form with what was filled in; a checkbox's value is `true` or `false`."""

    name: str
    kind: Literal["text", "checkbox", "radio", "choice", "signature"]
    value: str
    page: int | None = None
    box: Box | None = None


class DocumentInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a file before its pages are read. Dates in the metadata are ISO 8601 texts."""

    media_type: str
    page_count: int
    metadata: dict[str, Any] = {}
    children: list[ChildFile] = []
    outline: list[Bookmark] = []
    form: list[FormField] = []
    links: list[Link] = []

    def facts(self) -> dict[str, Any]:
        """Return the metadata together with whatever lists there are, as plain values."""
        lists = {"children": self.children, "outline": self.outline, "form": self.form, "links": self.links}
        return {**self.metadata, **{name: msgspec.to_builtins(rows) for name, rows in lists.items() if rows}}


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
