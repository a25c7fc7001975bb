"""What every reader offers: an opened document whose pages can be read, shown and searched for tables."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from PIL import Image

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.types import DocumentInfo, PageReading, TableReading, TextSource


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

    def find_tables(self, reading: PageReading) -> list[TableReading]:
        """Return the tables of a page that has been read; none unless the format knows better."""
        del reading
        return []

    def close(self) -> None:  # noqa: B027  (most formats hold nothing)
        """Give back what the document holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class TextDocument(OpenDocument):
    """A document of a format without pages: its logical pages are texts known at once."""

    def __init__(self, source: Source, texts: list[str], metadata: dict[str, object]) -> None:
        if not any(text.strip() for text in texts):
            raise ReadingError(ErrorCode.EMPTY)
        if len(texts) > source.max_pages:
            raise ReadingError(ErrorCode.TOO_MANY_PAGES)
        self._texts = texts
        self.info = DocumentInfo(media_type=source.media_type, page_count=len(texts), metadata=metadata)

    def read_page(self, number: int) -> PageReading:
        """Return a logical page: text alone, no words and no size."""
        text = self._texts[number - 1]
        source: TextSource = "native" if text.strip() else "none"
        return PageReading(number=number, width=0, height=0, rotation=0, text=text, text_source=source)
