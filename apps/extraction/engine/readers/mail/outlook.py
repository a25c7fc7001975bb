"""Outlook messages (MSG): headers and body as for internet messages, attachments as files inside."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from oxmsg import Message
from oxmsg.attachment import Attachment
from oxmsg.domain import constants

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import BlockDocument, Source
from apps.extraction.engine.readers.decoding import decode
from apps.extraction.engine.readers.html import links_of
from apps.extraction.engine.readers.mail.message import MOST_ATTACHMENTS, SHOWN_HEADERS, page_of
from apps.extraction.engine.readers.markup import Markup, read_markup
from apps.extraction.engine.readers.names import media_type_by_name, safe_name
from apps.extraction.engine.readers.paging import paged
from apps.extraction.engine.text import clean, tidy_blanks
from apps.extraction.engine.types import ChildFile

_T = TypeVar("_T")
# What contacts, tasks and appointments have in place of a body: name, company, title, address, telephone numbers.
_FACTS = (0x3001, 0x3A16, 0x3A17, 0x3A15, 0x3A08, 0x3A1C, 0x3A09, 0x8083, 0x39FE)


class OutlookDocument(BlockDocument):
    """A message of Outlook. The key of an attachment is its place among all of them, from 1."""

    def __init__(self, source: Source) -> None:
        self._source = source
        message = _loaded(source.path)
        headers = _headers(message)
        page = page_of(headers, *_bodies(message))
        metadata: dict[str, object] = {}
        if headers["Subject"]:
            metadata["title"] = headers["Subject"]
        if headers["From"]:
            metadata["author"] = headers["From"]
        if sent := _sent(message):
            metadata["created_at"] = sent.isoformat()
        children = _children(message)
        if children:
            metadata["attachments"] = [
                {"name": child.name, "media_type": child.media_type, "size": child.size} for child in children
            ]
        cut = paged(page.blocks, page.tables, text=page.text)
        super().__init__(source, cut.pages, metadata, children=children, links=links_of(page, cut.page_of))

    def child(self, key: str) -> bytes:
        """Return the bytes of an attachment."""
        for number, attachment in enumerate(_loaded(self._source.path).attachments, 1):
            if str(number) == key and attachment.file_bytes is not None:
                return attachment.file_bytes
        raise ReadingError(ErrorCode.CORRUPT, detail=f"no attachment {key!r}")


def open_document(source: Source) -> OutlookDocument:
    """Read a message."""
    return OutlookDocument(source)


def _loaded(path: Path) -> Message:
    try:
        return Message.load(str(path))
    except MemoryError:
        raise
    except Exception as error:  # a damaged file may make the parser raise anything
        raise ReadingError(ErrorCode.CORRUPT, detail=repr(error)) from error


def _headers(message: Message) -> dict[str, str]:
    sent = _sent(message)
    values = {
        "From": str(_or_none(lambda: message.sender) or ""),
        "To": _property(message, constants.PID_DISPLAY_TO),
        "Cc": _property(message, constants.PID_DISPLAY_CC),
        "Date": sent.strftime("%Y-%m-%d %H:%M") if sent else "",
        "Subject": _property(message, constants.PID_SUBJECT),
    }
    return {name: " ".join(clean(values[name] or "").split()) for name in SHOWN_HEADERS}


def _sent(message: Message) -> dt.datetime | None:
    """Return when the message was sent; a damaged property may be of another type than the library says."""
    value: object = _or_none(lambda: message.sent_date)
    return value if isinstance(value, dt.datetime) else None


def _bodies(message: Message) -> tuple[list[str], list[Markup]]:
    """Return the body as plain text, or else as HTML; of a contact or a task its facts."""
    plain = tidy_blanks(clean(_property(message, constants.PID_BODY)))
    if plain:
        return [plain], []
    data = _or_none(lambda: message.properties.binary_prop_value(constants.PID_HTML))
    html = decode(data, _or_none(lambda: message.properties.body_encoding)) if data else ""
    page = read_markup(html or _property(message, constants.PID_BODY_HTML))
    if page.text:
        return [], [page]
    text = tidy_blanks(clean(_rich_text(message)))
    if not text:
        text = "\n".join(filter(None, (" ".join(clean(_property(message, pid)).split()) for pid in _FACTS)))
    return [text] if text else [], []


def _rich_text(message: Message) -> str:
    """Return the text of a body that is only there as compressed RTF."""
    data = _or_none(lambda: message.properties.binary_prop_value(constants.PID_RTF_COMPRESSED))
    if not data:
        return ""
    from compressed_rtf import decompress  # noqa: PLC0415  (few messages need it)
    from striprtf.striprtf import rtf_to_text  # noqa: PLC0415  (as above)

    rtf = _or_none(lambda: decompress(data))
    read: Callable[..., str] = rtf_to_text
    return _or_none(lambda: read(rtf.decode("latin-1"), errors="ignore")) or "" if rtf else ""


def _children(message: Message) -> list[ChildFile]:
    """List what is attached as bytes; a message within the message is none."""
    attachments = _or_none(lambda: message.attachments) or ()
    found = (_child(number, attachment) for number, attachment in enumerate(attachments[:MOST_ATTACHMENTS], 1))
    return [child for child in found if child is not None]


def _child(number: int, attachment: Attachment) -> ChildFile | None:
    data = _or_none(lambda: attachment.file_bytes)
    if data is None:
        return None
    pids = (constants.PID_ATTACH_LONG_FILENAME, constants.PID_ATTACH_FILENAME, constants.PID_DISPLAY_NAME)
    names = (safe_name(_property(attachment, pid)) for pid in pids)
    name = next(filter(None, names), "attachment")
    return ChildFile(key=str(number), name=name, media_type=media_type_by_name(name), size=len(data))


def _property(holder: Message | Attachment, pid: int) -> str:
    value: object = _or_none(lambda: holder.properties.str_prop_value(pid))
    return value if isinstance(value, str) else ""


def _or_none(read: Callable[[], _T]) -> _T | None:
    """Read a property; None for a broken one, which makes the parser raise almost anything."""
    try:
        return read()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  (struct, decoding and key errors among others)
        return None
