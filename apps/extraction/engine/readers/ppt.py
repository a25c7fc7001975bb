"""PPT, the binary format of PowerPoint 97 to 2003: each slide a logical page with its tables, notes and comments."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import BlockDocument, LogicalPage, Source
from apps.extraction.engine.readers.grids import RawCell
from apps.extraction.engine.readers.office.objects import Embedded, unwrapped
from apps.extraction.engine.readers.office.ole import Storage, opened_storage
from apps.extraction.engine.readers.office.tables import add_table
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block, ChildFile, TableReading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ppt2pptx.ppt import Presentation, Slide, TextBox

_PLACE_OF_A_FIELD = "*"  # stands in a master where date, footer or number go
_MOST_COLUMNS = 500
_OBJECT = 0x1011  # the record of an embedded OLE file
_MOST_FILES = 500
_MOST_OBJECT_BYTES = 64 << 20
_LOCKED = b"\xdf\xc4\xd1\xf3"  # the mark of a locked presentation in the stream of the user


def open_document(source: Source) -> BlockDocument:
    """Read all slides."""
    with opened_storage(source.path) as storage:
        slides = _presentation(storage, source.password).slides
        if len(slides) > source.max_pages:
            raise ReadingError(ErrorCode.TOO_MANY_PAGES)
        pages = [_page(slide) for slide in slides]
        return PresentationDocument(source, pages, storage.metadata(), children=_embedded_files(storage))


class PresentationDocument(BlockDocument):
    """A PPT, whose embedded files are read from it again; their keys are their numbers from 1."""

    def __init__(
        self, source: Source, pages: list[LogicalPage], metadata: dict[str, object], *, children: list[ChildFile]
    ) -> None:
        super().__init__(source, pages, metadata, children=children)
        self._path = source.path

    def child(self, key: str) -> bytes:
        """Return the bytes of an embedded file."""
        with opened_storage(self._path) as storage:
            found = next((file for number, file in _objects(storage) if str(number) == key), None)
        return found.data if found else super().child(key)


def _embedded_files(storage: Storage) -> list[ChildFile]:
    return [
        ChildFile(key=str(number), name=file.name, media_type=file.media_type, size=len(file.data))
        for number, file in islice(_objects(storage), _MOST_FILES)
    ]


def _objects(storage: Storage) -> Iterator[tuple[int, Embedded]]:
    """Give the files inside the objects of a presentation (MS-PPT 2.10.34), with their numbers."""
    data = storage.stream("PowerPoint Document") or b""
    at = number = 0
    while at + 8 <= len(data):
        version, kind, length = struct.unpack_from("<HHL", data, at)
        if kind == _OBJECT:
            number += 1
            raw = data[at + 8 : at + 8 + length]
            with suppress(ReadingError, zlib.error):
                is_packed = version >> 4 == 1
                inner = zlib.decompressobj().decompress(raw[4:], _MOST_OBJECT_BYTES) if is_packed else raw
                if (found := unwrapped(f"object{number}.bin", inner)) is not None:
                    yield number, found
        at += 8 + length


def _presentation(storage: Storage, password: str | None) -> Presentation:
    from ppt2pptx import encryption, errors, ppt  # noqa: PLC0415  (few files need it)

    document, user = storage.stream("PowerPoint Document"), storage.stream("Current User")
    if document is None:
        raise ReadingError(ErrorCode.CORRUPT, detail="no stream of records")
    try:
        if user is not None and user[12:16] == _LOCKED:
            document = encryption.decrypt_powerpoint_document(document, user, password)
        return ppt.extract_presentation(document, None, current_user=user)
    except errors.EncryptedPresentationError as error:
        raise ReadingError(ErrorCode.WRONG_PASSWORD if password else ErrorCode.ENCRYPTED, detail=str(error)) from error


def _page(slide: Slide) -> LogicalPage:
    blocks: list[Block] = []
    tables: list[TableReading] = []
    title = next((at for at, box in enumerate(slide.text_boxes) if box.is_placeholder and _lines(box)), None)
    for at, box in enumerate(slide.text_boxes):
        if at == title and len(_lines(box)) == 1 and not any(box.paragraph_bullets):
            blocks.insert(0, Block(kind="heading", text=_lines(box)[0], level=1))
        else:
            blocks.extend(_paragraphs(box))
    for table in slide.tables:
        columns = min(max(1, table.cols), _MOST_COLUMNS)
        cells = [RawCell(_text(cell.text)) for cell in table.cells]
        add_table(blocks, tables, [cells[at : at + columns] for at in range(0, len(cells), columns)], header_rows=0)
    blocks.extend(
        Block(kind="paragraph", text=text, note="speaker") for note in slide.notes for text in [_text(note)] if text
    )
    for comment in slide.comments:
        if text := _text(comment.text):
            shown = f"{_text(comment.author)}: {text}" if comment.author else text
            blocks.append(Block(kind="paragraph", text=shown, note="comment"))
    return LogicalPage(blocks=blocks, tables=tables)


def _paragraphs(box: TextBox) -> Iterator[Block]:
    """Give the paragraphs of a box; bullets and depths are known by their places, empty paragraphs counted."""
    for at, raw in enumerate(box.text.split("\r")):
        text = _text(raw)
        if not text or text == _PLACE_OF_A_FIELD:
            continue
        if at < len(box.paragraph_bullets) and box.paragraph_bullets[at]:
            level = box.paragraph_levels[at] if at < len(box.paragraph_levels) else 0
            yield Block(kind="list_item", text=text, level=level, marker="-")
        else:
            yield Block(kind="paragraph", text=text)


def _lines(box: TextBox) -> list[str]:
    return [text for raw in box.text.split("\r") if (text := _text(raw))]


def _text(raw: str) -> str:
    return clean(raw.replace("\v", "\n")).strip()
