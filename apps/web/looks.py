"""How statuses, document types, file kinds and messages look: icon, words and tone of each."""

from typing import TypedDict


class StatusLook(TypedDict):
    """Words, icon and colour of a status; `tone` is one of ok, info, warn, bad or empty."""

    label: str
    icon: str
    tone: str
    spins: bool


class FileLook(TypedDict):
    """Icon and words of a kind of file."""

    label: str
    icon: str


def _status(label: str, icon: str, tone: str, *, spins: bool = False) -> StatusLook:
    return {"label": label, "icon": icon, "tone": tone, "spins": spins}


STATUS_LOOKS: dict[str, StatusLook] = {
    "queued": _status("Queued", "clock", ""),
    "pending": _status("Waiting", "clock", ""),
    "ready": _status("Waiting", "clock", ""),
    "processing": _status("Processing", "loader-2", "info", spins=True),
    "running": _status("Running", "loader-2", "info", spins=True),
    "succeeded": _status("Done", "circle-check", "ok"),
    "partial": _status("Partly read", "alert-triangle", "warn"),
    "failed": _status("Failed", "circle-x", "bad"),
    "dead": _status("Gave up", "circle-x", "bad"),
    "skipped": _status("Skipped", "minus", ""),
}

NOTICE_ICONS = {
    "success": "circle-check",
    "warning": "alert-triangle",
    "error": "alert-circle",
    "danger": "alert-circle",
}

TYPE_ICONS = {
    "bank_statement": "database",
    "contract": "edit",
    "court_document": "book",
    "earnings_press_release": "chart-line",
    "email": "mail",
    "financial_report": "chart-bar",
    "form": "checkbox",
    "insurance": "shield-check",
    "invoice": "file-invoice",
    "job_posting": "user-plus",
    "legislation": "book",
    "letter": "send",
    "manual": "book",
    "medical_report": "notes",
    "meeting_minutes": "list-details",
    "news_article": "world",
    "other": "file-unknown",
    "payslip": "coin",
    "presentation": "presentation",
    "privacy_policy": "lock",
    "receipt": "receipt",
    "resume": "user-circle",
    "scientific_paper": "bulb",
    "tax": "percentage",
    "terms_of_service": "list-details",
    "travel_ticket": "map-pin",
}

FILE_LOOKS: dict[str, FileLook] = {
    "pdf": {"label": "PDF", "icon": "file-type-pdf"},
    "image": {"label": "Image", "icon": "photo"},
    "word": {"label": "Word processing", "icon": "file-type-docx"},
    "sheet": {"label": "Spreadsheet", "icon": "file-spreadsheet"},
    "slides": {"label": "Presentation", "icon": "presentation"},
    "html": {"label": "Web page", "icon": "file-type-html"},
    "mail": {"label": "E-mail", "icon": "mail"},
    "archive": {"label": "Archive", "icon": "file-zip"},
    "text": {"label": "Text", "icon": "file-text"},
    "unknown": {"label": "File", "icon": "file"},
}
# The first part found in a media type decides, so the order matters: "text/html" is a web page, not text.
_MEDIA_PARTS = (
    ("pdf", "pdf"),
    ("image/", "image"),
    ("word", "word"),
    ("opendocument.text", "word"),
    ("rtf", "word"),
    ("spreadsheet", "sheet"),
    ("excel", "sheet"),
    ("csv", "sheet"),
    ("presentation", "slides"),
    ("powerpoint", "slides"),
    ("html", "html"),
    ("rfc822", "mail"),
    ("outlook", "mail"),
    ("zip", "archive"),
    ("tar", "archive"),
    ("text/", "text"),
    ("json", "text"),
    ("xml", "text"),
)


def file_look(media_type: str) -> str:
    """Return the key of `FILE_LOOKS` for a media type."""
    return next((kind for part, kind in _MEDIA_PARTS if part in media_type.lower()), "unknown")
