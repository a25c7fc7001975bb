"""Mailboxes in the mbox format: each message is a logical page, attachments of all messages are files inside."""

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import BlockDocument, LogicalPage, Source
from apps.extraction.engine.readers.html import links_of
from apps.extraction.engine.readers.mail.message import MOST_ATTACHMENTS, attachment_of, content_of, parsed
from apps.extraction.engine.readers.paging import paged
from apps.extraction.engine.types import ChildFile, Link

_SEPARATOR = b"From "


class MailboxDocument(BlockDocument):
    """A mailbox. The key of an attachment is the number of its message and its place there, such as `3/2`."""

    def __init__(self, source: Source) -> None:
        self._source = source
        pages: list[LogicalPage] = []
        links: list[Link] = []
        children: list[ChildFile] = []
        first: dict[str, object] = {}
        for number, data in enumerate(_messages(source.path), 1):
            content = content_of(parsed(data))
            if not content.page.text:
                continue
            cut = paged(content.page.blocks, content.page.tables, text=content.page.text)
            links += links_of(content.page, cut.page_of, before=len(pages))
            pages += cut.pages
            room = MOST_ATTACHMENTS - len(children)
            children += [replace(child, key=f"{number}/{child.key}") for child in content.children[:room]]
            first = first or content.metadata
            if len(pages) > source.max_pages:
                raise ReadingError(ErrorCode.TOO_MANY_PAGES)
        metadata = first if len(pages) == 1 else {}
        super().__init__(source, pages, metadata, children=children, links=links)

    def child(self, key: str) -> bytes:
        """Return the bytes of an attachment."""
        message, _, part = key.partition("/")
        for number, data in enumerate(_messages(self._source.path), 1):
            if str(number) == message:
                return attachment_of(parsed(data), part)
        raise ReadingError(ErrorCode.CORRUPT, detail=f"no message {message!r}")


def open_document(source: Source) -> MailboxDocument:
    """Read all messages."""
    return MailboxDocument(source)


def _messages(path: Path) -> Iterator[bytes]:
    """Give the bytes of each message without its separator line, which stands at the start or after an empty line."""
    lines: list[bytes] = []
    after_blank = True
    with path.open("rb") as handle:
        for line in handle:
            if after_blank and line.startswith(_SEPARATOR):
                if lines:
                    yield b"".join(lines)
                lines = []
            else:
                lines.append(line[1:] if line.startswith(b">From ") else line)
            after_blank = not line.strip()
    if lines:
        yield b"".join(lines)
