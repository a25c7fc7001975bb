"""E-mail messages: the leading headers and the body as one text, attachments named in the metadata."""

import email.policy
from collections.abc import Callable
from datetime import UTC
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import Source, TextDocument
from apps.extraction.engine.readers.decoding import decode
from apps.extraction.engine.readers.html import read_html
from apps.extraction.engine.readers.plain_text import in_parts
from apps.extraction.engine.text import clean, tidy_blanks

_SHOWN_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_HEADER_CHARACTERS = 10_000
_MOST_ATTACHMENTS = 500


def open_document(source: Source) -> TextDocument:
    """Read headers and body; the plain part is preferred to the HTML part."""
    data = source.path.read_bytes()
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
    try:
        message = BytesParser(policy=email.policy.default).parsebytes(data)
        body, attachments = _parts_of(message)
    except RecursionError:
        raise ReadingError(ErrorCode.CORRUPT, "The message is nested too deeply to be read.") from None
    headers = {name: _header(message, name) for name in _SHOWN_HEADERS}
    lines = [f"{name}: {value}" for name, value in headers.items() if value]
    text = "\n".join(lines) + "\n\n" + body
    return TextDocument(source, in_parts(text.strip()), _metadata(headers, attachments))


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


def _or_none(read: Callable[[], str]) -> str | None:
    """Read a header; None for a broken one, which makes the standard library's parser raise almost anything."""
    try:
        return read()
    except Exception:  # noqa: BLE001  (that parser's defects are open-ended: AttributeError and IndexError among them)
        return None


def _header(message: EmailMessage, name: str) -> str:
    """Return a header on one line, a broken one as it came."""
    value = _or_none(lambda: str(message.get(name, "")))
    if value is None:
        value = next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(clean(value[:_HEADER_CHARACTERS]).split())


def _parts_of(message: EmailMessage) -> tuple[str, list[dict[str, object]]]:
    """Return the body's text and the attachments' names, types and sizes in bytes."""
    plain: list[str] = []
    html: list[str] = []
    attachments: list[dict[str, object]] = []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        name = _file_name(part)
        if name or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            if len(attachments) < _MOST_ATTACHMENTS:
                attachments.append({"name": name or "", "media_type": kind, "size": len(_payload(part))})
        elif kind == "text/html":
            html.append(read_html(_text(part))[0])
        else:
            plain.append(tidy_blanks(clean(_text(part))))
    chosen = [text for text in plain if text] or [text for text in html if text]
    return "\n\n".join(chosen), attachments


def _file_name(part: EmailMessage) -> str:
    """Return the attachment's name without any folder: names come from strangers."""
    name = _or_none(lambda: part.get_filename() or "")
    if name is None:
        return "attachment"
    return clean(name).replace("\\", "/").rpartition("/")[2].strip()[:255]


def _payload(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: EmailMessage) -> str:
    return decode(_payload(part), part.get_content_charset())
