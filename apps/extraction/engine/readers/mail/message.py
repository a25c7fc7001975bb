"""One internet message: its leading headers and body as text and blocks, its attachments as files inside."""

import email.policy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.decoding import decode
from apps.extraction.engine.readers.markup import Markup, read_markup
from apps.extraction.engine.readers.names import safe_name
from apps.extraction.engine.text import clean, tidy_blanks
from apps.extraction.engine.types import Block, ChildFile

SHOWN_HEADERS = ("From", "To", "Cc", "Date", "Subject")
MOST_ATTACHMENTS = 500  # each becomes a document: a bound of caution, far above what people send
# Folding headers anew never ends for some broken parameters.
_AS_IT_CAME = email.policy.compat32.clone(max_line_length=0)
# Bounds of caution, not measured: a message of nothing but parts, and a header that would fill a page.
_MOST_PARTS = 2_000
_HEADER_CHARACTERS = 10_000
_T = TypeVar("_T")


@dataclass
class MailContent:
    """What a message says: the page it makes, its metadata and attachments."""

    page: Markup
    metadata: dict[str, object]
    children: list[ChildFile] = field(default_factory=list)


def parsed(data: bytes) -> EmailMessage:
    """Return the message; raises ReadingError where it nests without end."""
    try:
        return BytesParser(policy=email.policy.default).parsebytes(data)
    except RecursionError:
        raise ReadingError(ErrorCode.CORRUPT, "The message is nested too deeply to be read.") from None


def content_of(message: EmailMessage) -> MailContent:
    """Read headers, body and the list of attachments; the plain part is preferred to the HTML part."""
    headers = {name: header_of(message, name) for name in SHOWN_HEADERS}
    plain: list[str] = []
    html: list[Markup] = []
    attachments: list[dict[str, object]] = []
    children: list[ChildFile] = []
    for key, part in _leaves(message):
        kind = _or_none(part.get_content_type) or "application/octet-stream"
        name = _file_name(part)
        disposition = _or_none(part.get_content_disposition)
        if (
            name
            or disposition == "attachment"
            or kind == "message/rfc822"
            or not kind.startswith(("text/", "message/"))
        ):
            if len(attachments) < MOST_ATTACHMENTS:
                size = len(payload_of(part))
                attachments.append({"name": name or "", "media_type": kind, "size": size})
                if not _is_decoration(part, kind, disposition):
                    child = ChildFile(key=key, name=name or _default_name(kind), media_type=kind, size=size)
                    children.append(child)
        elif kind == "text/html":
            html.append(read_markup(_text(part)))
        else:
            plain.append(tidy_blanks(clean(_text(part))))
    page = page_of(headers, [text for text in plain if text], [page for page in html if page.text])
    return MailContent(page, _metadata(headers, attachments), children)


def page_of(headers: dict[str, str], plain: list[str], html: list[Markup]) -> Markup:
    """Return headers and body as one page; HTML where there is no plain text."""
    lines = "\n".join(f"{name}: {value}" for name, value in headers.items() if value)
    blocks = [Block(kind="paragraph", text=lines)] if lines else []
    page = Markup("\n\n".join([lines, *(plain or [part.text for part in html])]).strip(), blocks)
    for text in plain:
        page.blocks.extend(Block(kind="paragraph", text=part) for part in text.split("\n\n") if part.strip())
    for part in [] if plain else html:
        _append(page, part)
    return page


def _append(page: Markup, part: Markup) -> None:
    """Put the blocks, tables and links of a part behind those of a page."""
    first_table, first_block = len(page.tables), len(page.blocks)
    page.tables.extend(part.tables)
    for block in part.blocks:
        moved = block if block.table is None else replace(block, table=block.table + first_table)
        page.blocks.append(moved)
    page.links.extend((first_block + at, target) for at, target in part.links)


def attachment_of(message: EmailMessage, key: str) -> bytes:
    """Return the bytes of an attachment."""
    for found, part in _leaves(message):
        if found == key:
            return payload_of(part)
    raise ReadingError(ErrorCode.CORRUPT, detail=f"no part {key!r}")


def _leaves(message: EmailMessage) -> Iterator[tuple[str, EmailMessage]]:
    """Give the parts that hold content, each with its place among all parts; attached messages stay whole."""
    waiting: list[Message] = [message]
    at = 0
    while waiting and at < _MOST_PARTS:
        part = waiting.pop()
        at += 1
        payload = _or_none(part.get_payload)
        if isinstance(payload, list) and _or_none(part.get_content_maintype) == "multipart":
            waiting.extend(each for each in reversed(payload) if isinstance(each, Message))
        elif isinstance(part, EmailMessage):
            yield str(at), part


def payload_of(part: EmailMessage) -> bytes:
    """Return the bytes of a part, those of an attached message as it would be sent."""
    payload = _or_none(lambda: part.get_payload(decode=True))
    if isinstance(payload, bytes):
        return payload
    inner = _or_none(part.get_payload)
    if isinstance(inner, list):
        messages = (each for each in inner if isinstance(each, Message))
        return b"\n".join(filter(None, (_or_none(partial(each.as_bytes, policy=_AS_IT_CAME)) for each in messages)))
    return b""


def _is_decoration(part: EmailMessage, kind: str, disposition: str | None) -> bool:
    """Whether a part only belongs to the look of the message: a picture inside its HTML, a signature's bytes."""
    if kind in {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}:
        return True
    return kind.startswith("image/") and disposition != "attachment" and bool(header_of(part, "Content-ID"))


def _default_name(kind: str) -> str:
    return "message.eml" if kind == "message/rfc822" else "attachment"


def _metadata(headers: dict[str, str], attachments: list[dict[str, object]]) -> dict[str, object]:
    metadata: dict[str, object] = {}
    if headers["Subject"]:
        metadata["title"] = headers["Subject"]
    if headers["From"]:
        metadata["author"] = headers["From"]
    try:
        sent = parsedate_to_datetime(headers["Date"])
        metadata["created_at"] = (sent if sent.tzinfo else sent.replace(tzinfo=UTC)).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        pass  # no date, or none that can be understood
    if attachments:
        metadata["attachments"] = attachments
    return metadata


def _or_none(read: Callable[[], _T]) -> _T | None:
    """Read a header; None for a broken one, which makes the standard library's parser raise almost anything."""
    try:
        return read()
    except Exception:  # noqa: BLE001  (that parser's defects are open-ended: AttributeError and IndexError among them)
        return None


def header_of(message: EmailMessage, name: str) -> str:
    """Return a header on one line, a broken one as it came."""
    value = _or_none(lambda: str(message.get(name, "")))
    if value is None:
        value = next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(clean(value[:_HEADER_CHARACTERS]).split())


def _file_name(part: EmailMessage) -> str:
    """Return the attachment's name without any folder."""
    name = _or_none(lambda: part.get_filename() or "")
    return "attachment" if name is None else safe_name(name)


def _text(part: EmailMessage) -> str:
    charset = _or_none(part.get_content_charset)
    return decode(payload_of(part), charset)
