"""The parts of a document on its page: attachments, members of an archive, documents cut out of a bundle."""

from dataclasses import dataclass
from typing import Any

from apps.documents.models import Document
from apps.documents.part_keys import part_key
from apps.documents.selectors import ancestors_of, parts_of
from apps.web.documents.access import DocumentRequest
from apps.web.documents.rows import rows_of

MOST_PARTS = 500
MOST_LEFT_OUT = 100


@dataclass(frozen=True)
class LeftOut:
    """A file inside that did not become a document."""

    name: str
    size: int


def parts(request: DocumentRequest) -> dict[str, Any]:
    """Show the parts that are documents, and the files inside that are none."""
    document = request.document
    left_out = left_out_of(document)
    return {
        "parts": rows_of(list(parts_of(document=document)[:MOST_PARTS])),
        "left_out": left_out[:MOST_LEFT_OUT],
        "left_out_more": max(0, len(left_out) - MOST_LEFT_OUT),
    }


def left_out_of(document: Document) -> list[LeftOut]:
    """Return the files inside that have no document, whatever the reason, those in the trash excepted."""
    files = document.current_reading.metadata.get("children", []) if document.current_reading else []
    known = set(document.children.values_list("part_key", flat=True)) if files else set()
    return [LeftOut(each["name"], each["size"]) for each in files if part_key(each["key"]) not in known]


def count_of_parts(document: Document) -> int:
    """Count what the tab shows as documents."""
    return parts_of(document=document).count()


def place_of(document: Document) -> dict[str, Any]:
    """Tell what a document is a part of: the file that came in first."""
    return {"ancestors": list(reversed(ancestors_of(document=document)))}
