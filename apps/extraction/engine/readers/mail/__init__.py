"""E-mail: single messages and mailboxes."""

from apps.extraction.engine.readers.base import BlockDocument, Source
from apps.extraction.engine.readers.html import links_of
from apps.extraction.engine.readers.mail.message import MailContent, attachment_of, content_of, parsed
from apps.extraction.engine.readers.paging import paged


class MailDocument(BlockDocument):
    """One message; it is parsed again for an attachment, so that the file's bytes need not stay in memory."""

    def __init__(self, source: Source, content: MailContent) -> None:
        self._source = source
        cut = paged(content.page.blocks, content.page.tables, text=content.page.text)
        links = links_of(content.page, cut.page_of)
        super().__init__(source, cut.pages, content.metadata, children=content.children, links=links)

    def child(self, key: str) -> bytes:
        """Return the bytes of an attachment."""
        return attachment_of(parsed(self._source.path.read_bytes()), key)


def open_document(source: Source) -> MailDocument:
    """Read a message."""
    return MailDocument(source, content_of(parsed(source.path.read_bytes())))
