"""Opens a DOC: body, foot- and endnotes, comments, text boxes, headers and footers."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import compress, pairwise
from typing import Final

from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.readers.base import BlockDocument, LogicalPage, Source
from apps.extraction.engine.readers.doc.lists import numbering_of
from apps.extraction.engine.readers.doc.properties import (
    CAPTION,
    TITLE,
    Paragraph,
    Properties,
    Style,
    left_out,
    styles_of,
)
from apps.extraction.engine.readers.doc.structure import (
    ENDNOTE_MARKS,
    FOOTNOTE_MARKS,
    HEADER_STORIES,
    WordFile,
    word_file,
)
from apps.extraction.engine.readers.grids import RawCell
from apps.extraction.engine.readers.office.margins import with_margins
from apps.extraction.engine.readers.office.numbering import BULLET
from apps.extraction.engine.readers.office.objects import held
from apps.extraction.engine.readers.office.ole import Storage, opened_storage
from apps.extraction.engine.readers.office.tables import add_table
from apps.extraction.engine.readers.paging import paged
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block, BlockKind, ChildFile, TableReading

_ENDS = re.compile("[\r\x07\x0c]")
_FIELDS = re.compile("[\x13\x14\x15]")
_MARKS: Final = {"footnotes": FOOTNOTE_MARKS, "endnotes": ENDNOTE_MARKS}
_NOTE_MARK: Final = "\x02"
_COMMENT_MARK: Final = "\x05"
_SIGNS: Final = str.maketrans({"\x0b": "\n", "\x0e": "\n", "\x1e": "-"})  # other marks are dropped as controls
_OBJECTS: Final = "ObjectPool"
_MOST_FILES: Final = 500
_SEPARATORS: Final = 6  # stories before those of the sections, each of which has as many
_HEADERS: Final = frozenset({0, 1, 4})  # of even, odd and first pages


def open_document(source: Source) -> BlockDocument:
    """Read the whole document."""
    with opened_storage(source.path) as storage:
        reader = _Reader(word_file(storage))
        headers, footers = reader.margins()
        body = [*reader.body(), *reader.notes(), *reader.boxes(), *reader.comments()]
        cut = paged(with_margins(headers, body, footers), reader.tables)
        return WordDocument(source, cut.pages, storage.metadata(), children=_embedded_files(storage))


class WordDocument(BlockDocument):
    """A DOC, whose embedded files are read from it again; their keys are the paths of their folders."""

    def __init__(
        self, source: Source, pages: list[LogicalPage], metadata: dict[str, object], *, children: list[ChildFile]
    ) -> None:
        super().__init__(source, pages, metadata, children=children)
        self._path = source.path

    def child(self, key: str) -> bytes:
        """Return the bytes of an embedded file."""
        if key not in {row.key for row in self.info.children}:
            return super().child(key)
        with opened_storage(self._path) as storage:
            found = held(partial(_stream_in, storage, key), key)
        return found.data if found else super().child(key)


def _stream_in(storage: Storage, folder: str, name: str) -> bytes | None:
    return storage.stream(f"{folder}/{name}")


def _embedded_files(storage: Storage) -> list[ChildFile]:
    """Return the files that objects hold; documents of the same kind lie open among the objects and are none."""
    children = []
    for number, key in enumerate(storage.folders(_OBJECTS)[:_MOST_FILES], start=1):
        with suppress(ReadingError):
            found = held(partial(_stream_in, storage, key), f"object{number}")
            if found is not None:
                children.append(ChildFile(key=key, name=found.name, media_type=found.media_type, size=len(found.data)))
    return children


class _Reader:
    def __init__(self, file: WordFile) -> None:
        self._file = file
        self._properties = Properties(file)
        self._styles = styles_of(file)
        self._numbering = numbering_of(file)
        self._kept = _kept(file)
        marks = {name: file.positions(index, 2)[:-1] for name, index in _MARKS.items()}
        ordered = sorted(position for positions in marks.values() for position in positions)
        self._labels = {position: f"[{number}]" for number, position in enumerate(ordered, start=1)}
        self._marks = marks
        self.tables: list[TableReading] = []

    def body(self) -> list[Block]:
        """Return the blocks of the main text."""
        blocks: list[Block] = []
        rows: list[list[RawCell]] = []
        cells: list[RawCell] = []
        lines: list[str] = []
        for text, end, properties in self._paragraphs(*self._file.ranges["text"]):
            is_cell_end = self._file.text[end : end + 1] == "\x07"
            if is_cell_end and (properties.ends_row or (not self._file.has_properties and not text and not lines)):
                rows.append([*cells, *(RawCell(line) for line in lines)])
                cells, lines = [], []
            elif is_cell_end:
                cells.append(RawCell("\n".join(filter(None, [*lines, text]))))
                lines = []
            elif properties.is_in_table:
                lines.append(text)
            else:
                self._add_rows(blocks, rows, cells)
                rows, cells = [], []
                if text:
                    blocks.append(self._block(text, properties))
        self._add_rows(blocks, rows, [*cells, *(RawCell(line) for line in lines)])
        return blocks

    def notes(self) -> Iterator[Block]:
        """Give the foot- and endnotes with the labels that stand for them in the text."""
        for name, positions in self._marks.items():
            texts = self._split(self._file.ranges.get(name, (0, 0)), _NOTE_MARK)
            for position, text in zip(positions, texts, strict=False):
                yield Block(kind="paragraph", text=text, marker=self._labels[position])

    def comments(self) -> list[Block]:
        """Return the comments."""
        texts = self._split(self._file.ranges.get("comments", (0, 0)), _COMMENT_MARK)
        return [Block(kind="paragraph", text=text, note="comment") for text in texts]

    def boxes(self) -> list[Block]:
        """Return the paragraphs of text boxes."""
        found = self._paragraphs(*self._file.ranges.get("boxes", (0, 0)))
        return [self._block(text, properties) for text, _, properties in found if text]

    def margins(self) -> tuple[list[Block], list[Block]]:
        """Return headers and footers, each text once."""
        start, end = self._file.ranges.get("headers", (0, 0))
        stories = self._file.positions(HEADER_STORIES, 0)
        texts: dict[BlockKind, dict[str, None]] = {"header": {}, "footer": {}}
        for number in range(_SEPARATORS, len(stories) - 1):
            kind: BlockKind = "header" if number % _SEPARATORS in _HEADERS else "footer"
            lines = self._paragraphs(start + stories[number], min(start + stories[number + 1], end))
            if text := "\n".join(text for text, _, _ in lines if text):
                texts[kind][text] = None
        return [Block(kind="header", text=text) for text in texts["header"]], [
            Block(kind="footer", text=text) for text in texts["footer"]
        ]

    def _add_rows(self, blocks: list[Block], rows: list[list[RawCell]], cells: list[RawCell]) -> None:
        rows = [*rows, cells] if cells else rows
        if rows:
            add_table(blocks, self.tables, rows, header_rows=0)

    def _block(self, text: str, properties: Paragraph) -> Block:
        style = self._styles[properties.style] if properties.style < len(self._styles) else Style()
        outline = properties.outline
        level = outline + 1 if outline is not None else style.kind if style.kind <= 9 else 0
        marker, depth = self._marker(properties, style)
        if 1 <= level <= 9:
            return Block(kind="heading", text=text, level=level, marker="" if marker == BULLET else marker or "")
        if style.kind in {TITLE, CAPTION}:
            return Block(kind="title" if style.kind == TITLE else "caption", text=text)
        if marker is not None:
            return Block(kind="list_item", text=text, level=depth, marker=marker)
        return Block(kind="paragraph", text=text)

    def _marker(self, properties: Paragraph, style: Style) -> tuple[str | None, int]:
        """Count a paragraph in its list; return what it begins with, None outside of lists, and its depth."""
        list_id = style.list_id if properties.list_id is None else properties.list_id
        depth = style.list_level if properties.list_level is None else properties.list_level
        depth = min(depth or 0, 8)
        return (self._numbering.marker(str(list_id), depth), depth) if list_id else (None, 0)

    def _paragraphs(self, start: int, end: int) -> Iterator[tuple[str, int, Paragraph]]:
        """Give the paragraphs of a range: text, the position of the mark at the end, properties."""
        while start < end:
            found = _ENDS.search(self._file.text, start, end)
            mark = found.start() if found else end
            offset = self._file.offset_of(min(mark, max(0, end - 1)))
            yield self._text(start, mark), mark, self._properties.at(offset)
            start = mark + 1

    def _text(self, start: int, end: int) -> str:
        text = self._file.text[start:end]
        if _NOTE_MARK in text:
            parts = (self._labels.get(start + at, "") if sign == _NOTE_MARK else sign for at, sign in enumerate(text))
            text = "".join(compress(parts, self._kept[start:end]))
        else:
            text = "".join(compress(text, self._kept[start:end]))
        return clean(_whole(text).translate(_SIGNS)).strip()

    def _split(self, place: tuple[int, int], mark: str) -> list[str]:
        """Return the texts of a part in which each begins with a mark."""
        start, end = place
        begins = [found.start() for found in re.finditer(re.escape(mark), self._file.text[start:end])]
        return [self._joined(start + first, start + last) for first, last in pairwise([*begins, end - start])]

    def _joined(self, start: int, end: int) -> str:
        return "\n".join(text for text, _, _ in self._paragraphs(start, end) if text)


def _kept(file: WordFile) -> bytearray:
    """Return a 1 for each character that is shown: neither deleted nor hidden nor the code of a field."""
    kept = bytearray(b"\1") * len(file.text)
    pieces = sorted(file.pieces, key=lambda piece: piece.offset)
    offsets = [piece.offset for piece in pieces]
    for first, end in left_out(file):
        for piece in pieces[max(0, bisect_right(offsets, first) - 1) : bisect_left(offsets, end)]:
            start = max(piece.start, piece.start + (first - piece.offset) // piece.width)
            stop = min(piece.end, piece.start + (end - piece.offset) // piece.width)
            if start < stop:
                kept[start:stop] = bytes(stop - start)
    for start, stop in _field_codes(file.text):
        kept[start:stop] = bytes(stop - start)
    return kept


def _field_codes(text: str) -> Iterator[tuple[int, int]]:
    """Give the places of field codes: from a begin mark to the separator, or to the end where there is none."""
    open_codes: list[int | None] = []  # where a code began; None after its separator
    for found in _FIELDS.finditer(text):
        sign, at = found[0], found.start()
        if sign == "\x13":
            open_codes.append(at)
        elif open_codes:
            start = open_codes.pop()
            if start is not None:
                yield start, at + 1
            if sign == "\x14":
                open_codes.append(None)


def _whole(text: str) -> str:
    """Return text whose letters outside the first plane came in halves."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
