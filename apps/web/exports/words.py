"""What an export was filtered by, in words for a person."""

from typing import Any, Final

from apps.web.documents.filters import STATUSES
from apps.web.documents.types import type_title
from apps.web.fields.words import shown_date

_NAMES: Final = {
    "q": "words",
    "tag": "tag",
    "received_from": "received from",
    "received_to": "received up to",
    "accounting": "accounting",
    "field": "field",
    "says": "has the text",
    "at_least": "from",
    "at_most": "up to",
    "missing": "without",
}
EVERYTHING: Final = "All documents"


def filter_words(filters: dict[str, Any]) -> str:
    """Tell what a list was narrowed to; programs give a list of texts for each name."""
    told = [_told(name, ", ".join(value) if isinstance(value, list) else str(value)) for name, value in filters.items()]
    return "; ".join(each for each in told if each) or EVERYTHING


def _told(name: str, value: str) -> str:
    if not value:
        return ""
    if name == "type":
        return type_title(value)
    if name == "status":
        return STATUSES[value][0] if value in STATUSES else value
    if name == "warned":
        return "with warnings"
    words = _NAMES.get(name, name)
    return f"{words} {shown_date(value) if name.startswith('received') else value.replace('_', ' ')}"
