"""What a file is, told by its content; the name's extension only decides between formats of plain text."""

import codecs
import re
from pathlib import Path, PurePath

from apps.extraction.engine import containers

HEAD_BYTES = 65_536
TAIL_BYTES = 4_096
PDF_HEADER_WITHIN = 4_096

PDF = "application/pdf"
HTML = "text/html"
MAIL = "message/rfc822"
MAILBOX = "application/mbox"
MARKDOWN = "text/markdown"
XML = "application/xml"
PLAIN = "text/plain"
BINARY = "application/octet-stream"

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"{\\rtf", "application/rtf"),
    *((signature, containers.XLS) for signature in containers.BARE_SHEETS),
    (b"\x1f\x8b\x08", "application/gzip"),
)
_TEXT_EXTENSIONS = {
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".eml": MAIL,
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".xml": XML,
    ".rst": "text/x-rst",
}
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc", b"heim", b"heis"})
_NO_CONTROLS = bytes(set(range(256)) - (set(range(32)) - set(b"\a\b\t\n\f\r\x1b")))
_PDF_HEADER = re.compile(rb"%PDF-\d")
_HTML_START = re.compile(
    # Atomic, because a comment that could also end at a later comment's end makes the search exponential.
    r"(?:\s++|(?><!--.*?-->)|(?><\?xml[^>]*>))*+<(?:!doctype\s+html|html|head|body|title|meta|script|style|h[1-6]|p|div|span|table"
    r"|ul|ol|section|article|main|center|font|a|b|br|img|form)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_ANYWHERE = re.compile(r"<(?:html|body|head|div|p|table|br|span|h[1-6]|a\s)[^<>]*>", re.IGNORECASE)
_XML_START = re.compile(r"\s*<(\?xml\b|svg\b)", re.IGNORECASE)
_HTML_ROOT = re.compile(r"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_PROLOGUE = 2_000
_MAIL_HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9-]{1,40}):[ \t]?\S?", re.MULTILINE)
_MAIL_NAMES = frozenset(
    {"from", "to", "cc", "subject", "date", "received", "message-id", "mime-version", "return-path", "delivered-to"}
    | {"content-type", "reply-to", "sender", "in-reply-to", "references", "bcc"}
)
_MAIL_PROOF = frozenset({"message-id", "mime-version", "received", "return-path", "delivered-to", "content-type"})
_MARKDOWN_MARKS = (
    re.compile(r"^#{1,6} \S", re.MULTILINE),
    re.compile(r"^(?:```|~~~)", re.MULTILINE),
    re.compile(r"\[[^\]\n]+\]\([^)\s]+\)"),
    re.compile(r"^\|?(?:\s*:?-{3,}:?\s*\|)+", re.MULTILINE),
    re.compile(r"\*\*[^*\n]+\*\*"),
)


def media_type_of(path: Path, name: str) -> str:
    """Return the media type of a file that is not empty; `application/octet-stream` where nothing fits."""
    with path.open("rb") as handle:
        head = handle.read(HEAD_BYTES)
        size = handle.seek(0, 2)
        handle.seek(max(0, size - TAIL_BYTES))
        tail = handle.read(TAIL_BYTES)
    extension = PurePath(name).suffix.lower()
    kind = _by_signature(head, tail) or containers.kind_of(path, head)
    return kind or _textual(head, extension) or _binary(head)


def _by_signature(head: bytes, tail: bytes) -> str | None:
    found = _PDF_HEADER.search(head[: PDF_HEADER_WITHIN + 8])
    # Junk may stand before the header, but a text that only mentions one has no objects.
    if found and (found.start() == 0 or b"startxref" in tail or b" obj" in head[found.end() :]):
        return PDF
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "image/heic"
    return None


def _textual(head: bytes, extension: str) -> str | None:
    """Return the kind of text, or None where the bytes are not text."""
    encoding = unicode_encoding(head)
    if encoding is None and not _is_text(head):
        return None
    return _kind_of_text(head.decode(encoding or "latin-1", "replace"), extension)


def _kind_of_text(text: str, extension: str) -> str:
    named = _TEXT_EXTENSIONS.get(extension)
    markup = _kind_of_markup(text, named)
    if markup is not None:
        return markup
    if _is_mail(text, named):
        return MAILBOX if text.startswith("From ") else MAIL
    if named in {MAIL, XML} or (named == HTML and not _HTML_ANYWHERE.search(text)):
        return PLAIN
    if named is None and not extension and sum(bool(mark.search(text)) for mark in _MARKDOWN_MARKS) >= 2:
        return MARKDOWN
    return named or PLAIN


def _kind_of_markup(text: str, named: str | None) -> str | None:
    is_xml = bool(_XML_START.match(text))
    if _HTML_START.match(text) and not (is_xml and not _HTML_ROOT.search(text[:_PROLOGUE])):
        return HTML
    if is_xml:
        return "image/svg+xml" if "<svg" in text[:_PROLOGUE].lower() else XML
    return XML if named == XML and text.lstrip().startswith("<") else None


def unicode_encoding(head: bytes) -> str | None:
    """utf-8-sig, utf-16 or utf-32 as told by a byte order mark, or by where the zero bytes of UTF-16 stand."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return name
    sample = head[: min(len(head), 4_096) & ~1]
    if len(sample) < 8:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    pairs = len(sample) // 2
    if odd > 0.7 * pairs and even < 0.02 * pairs:
        return "utf-16-le"
    if even > 0.7 * pairs and odd < 0.02 * pairs:
        return "utf-16-be"
    return None


def _is_text(head: bytes) -> bool:
    """Whether bytes of an unknown one-byte or UTF-8 encoding look like text: no NUL, hardly any control."""
    if not head or b"\0" in head:
        return False
    return len(head.translate(None, _NO_CONTROLS)) <= 0.005 * len(head)


def _is_mail(text: str, named: str | None) -> bool:
    """Whether a text begins with the header block of an internet message."""
    lines = text.lstrip("\r\n").split("\n", 200)
    if lines and lines[0].startswith("From "):  # the separator line of a mailbox
        lines = lines[1:]
    names: list[str] = []
    for line in lines:
        if not line.strip():
            break
        if line[0] in " \t":
            if not names:
                return False
            continue
        found = _MAIL_HEADER.match(line)
        if not found:
            break
        names.append(found[1].lower())
    known = _MAIL_NAMES.intersection(names)
    if named == MAIL:
        return bool(known)
    if len(known) < 2 or (len(known) * 2 < len(names) and not known & _MAIL_PROOF):
        return False
    return "from" in known or len(known & _MAIL_PROOF) >= 2


def _binary(head: bytes) -> str:
    """Return a name for binary formats nobody reads, so that the refusal can say what came."""
    import filetype  # noqa: PLC0415  (5 ms in every reading process, and only refusals need it)

    guessed = filetype.guess_mime(head[:8_192])
    return str(guessed) if guessed else BINARY
