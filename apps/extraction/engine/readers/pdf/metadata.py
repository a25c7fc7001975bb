"""A PDF's own statements about itself, as far as they can be believed to be well-formed."""

import re
from datetime import datetime, timedelta, timezone

import pypdfium2 as pdfium
from pypdfium2 import raw

from apps.extraction.engine.text import clean

_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?\s*(?:([Z+-])(?:(\d{2})'?(\d{2})?)?)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_MOST_CHARACTERS = 1_000


def read_metadata(pdf: pdfium.PdfDocument) -> dict[str, object]:
    """Title, author, creating program, date (ISO 8601) and language; what is missing or malformed is left out."""
    metadata: dict[str, object] = {}
    for key, name in (("title", "Title"), ("author", "Author"), ("producer", "Producer"), ("creator", "Creator")):
        value = " ".join(clean(str(pdf.get_metadata_value(name))).split())[:_MOST_CHARACTERS]
        if value:
            metadata[key] = value
    created = iso_date(str(pdf.get_metadata_value("CreationDate")))
    if created:
        metadata["created_at"] = created
    language = _language(pdf)
    if language:
        metadata["language"] = language
    return metadata


def _language(pdf: pdfium.PdfDocument) -> str | None:
    size = raw.FPDFCatalog_GetLanguage(pdf.raw, None, 0)
    if not 2 < size <= 128:
        return None
    buffer = (raw.FPDF_WCHAR * (size // 2))()
    raw.FPDFCatalog_GetLanguage(pdf.raw, buffer, size)
    language = bytes(buffer).decode("utf-16-le", "ignore").rstrip("\0")
    return language if _LANGUAGE.fullmatch(language) else None


def iso_date(value: str) -> str | None:
    """Return a PDF date (`D:YYYYMMDDHHmmSS+HH'mm'`, ISO 32000-1, 7.9.4) as ISO 8601, or None where it is none."""
    found = _DATE.match(value.strip())
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups()[:6])
    sign, zone_hours, zone_minutes = found.groups()[6:]
    zone = None
    if sign:
        offset = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
        if offset >= timedelta(hours=24):
            return None
        zone = timezone(-offset if sign == "-" else offset)
    try:
        moment = datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=zone)
    except ValueError:
        return None
    return moment.isoformat() if hour is not None else moment.date().isoformat()
