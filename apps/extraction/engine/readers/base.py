"""What every reader offers: an opened document whose pages can be read, shown and searched for tables."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from msgspec import structs
from PIL import Image

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.types import (
    Block,
    Bookmark,
    ChildFile,
    DocumentInfo,
    Link,
    PageReading,
    TableReading,
    TextSource,
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file to be read. `name` is what the sender called it; `max_pages` is the installation's limit."""

    path: Path
    media_type: str
    name: str = field(default="", compare=False)
    password: str | None = None
    max_pages: int = 20_000
    stamp: tuple[int, ...] = ()  # tells a file from another one that later stands at the same path


class OpenDocument(ABC):
    """An opened file. Pages are numbered from 1; errors are ReadingErrors or, for defects of the file, anything."""

    info: DocumentInfo

    @property
    def page_count(self) -> int:
        """How many pages there are, also where the rest of `info` is not known yet."""
        return self.info.page_count

    @abstractmethod
    def read_page(self, number: int) -> PageReading:
        """Return the page's own text and words, without recognition."""

    def is_garbage(self, number: int) -> bool:
        """Whether the page's own text says nothing and is to be thrown away when it is recognised."""
        del number
        return False

    def picture(self, number: int) -> Image.Image:
        """Return the page as an image fit for recognition."""
        raise ReadingError(ErrorCode.UNSUPPORTED_TYPE, f"Page {number} of this kind of file has no picture.")

    def preview(self, number: int, width_px: int) -> Image.Image:
        """Return the page as an image of a given width."""
        picture = self.picture(number)
        height = max(1, round(picture.height * width_px / max(1, picture.width)))
        return picture.convert("RGB").resize((width_px, height), Image.Resampling.LANCZOS)

    def own_tables(self, number: int) -> list[TableReading] | None:
        """Return the tables a format marks as such; None where tables have to be found by lines and words."""
        del number
        return None

    def edges(self, number: int) -> list[Edge]:
        """Return the ruling lines of a page that is made of paths."""
        del number
        return []

    def child(self, key: str) -> bytes:
        """Return the bytes of a file inside this one."""
        raise ReadingError(ErrorCode.UNSUPPORTED_TYPE, f"The file holds no other file {key!r}.")

    def close(self) -> None:  # noqa: B027  (most formats hold nothing)
        """Give back what the document holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True, kw_only=True)
class LogicalPage:
    """A sheet, a slide, a body: blocks in reading order, and the tables that blocks of the kind `table` name.

    The text is made of the blocks, unless it is given because the blocks say it less well.
    """

    blocks: list[Block]
    tables: list[TableReading] = field(default_factory=list)
    text: str | None = None


class BlockDocument(OpenDocument):
    """A document of a format without pages of its own, known at once."""

    def __init__(
        self,
        source: Source,
        pages: Sequence[LogicalPage],
        metadata: dict[str, object],
        *,
        children: Sequence[ChildFile] = (),
        links: Sequence[Link] = (),
        outline: Sequence[Bookmark] = (),
    ) -> None:
        self._pages = [page if page.text is not None else replace(page, text=text_of(page.blocks)) for page in pages]
        if not children and not any((page.text or "").strip() for page in self._pages):
            raise ReadingError(ErrorCode.EMPTY)
        if len(pages) > source.max_pages:
            raise ReadingError(ErrorCode.TOO_MANY_PAGES)
        self.info = DocumentInfo(
            media_type=source.media_type,
            page_count=len(pages),
            metadata=metadata,
            children=list(children),
            links=list(links),
            outline=list(outline),
        )

    def read_page(self, number: int) -> PageReading:
        """Return a logical page: text and blocks, no words and no size."""
        page = self._pages[number - 1]
        text = page.text or ""
        source: TextSource = "native" if text.strip() else "none"
        return PageReading(
            number=number, width=0, height=0, rotation=0, text=text, text_source=source, blocks=page.blocks
        )

    def own_tables(self, number: int) -> list[TableReading]:
        """Return the tables the format marks as such."""
        return [structs.replace(table, page=number) for table in self._pages[number - 1].tables]


class TextDocument(BlockDocument):
    """A document whose logical pages are texts without any structure known."""

    def __init__(self, source: Source, texts: list[str], metadata: dict[str, object]) -> None:
        super().__init__(source, [LogicalPage(blocks=[], text=text) for text in texts], metadata)


# What a document shows beside its body; it stays out of the text, which is read as one.
_APART = frozenset({"header", "footer", "page_number"})


def text_of(blocks: Iterable[Block]) -> str:
    """Return the text of a page's blocks: the items of a list on lines of their own, other blocks a line apart."""
    parts: list[str] = []
    last: Block | None = None
    for block in blocks:
        if block.kind in _APART or block.note in {"comment", "hidden"} or not block.text.strip():
            continue
        if last is not None:
            parts.append("\n" if last.kind == block.kind == "list_item" else "\n\n")
        parts.append(f"{block.marker} {block.text}" if block.marker else block.text)
        last = block
    return "".join(parts)
