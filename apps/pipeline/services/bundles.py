"""Splitting a bundle as a person decided: its parts become documents in order, the original stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import ConflictError, UserError
from apps.documents import services as documents
from apps.documents import storage
from apps.documents.models import Document, Source
from apps.documents.part_keys import part_key
from apps.documents.selectors import original_of, parts_of
from apps.extraction.cutting import cutter
from apps.extraction.engine.operations.cut_pdf import PagePick
from apps.extraction.selectors import bundle_proposal_of
from apps.pipeline.plans import CUTTABLE
from apps.pipeline.services.runs import run_first
from apps.review import services as review

MOST_PARTS: Final = 500
_PREFIX: Final = "pages "


class BundleError(UserError):
    """The parts are not parts of this document."""

    code = "invalid_parts"


@dataclass(frozen=True)
class Part:
    """The pages of one document, in its order, and its title (empty: made of the bundle's)."""

    pages: Sequence[PagePick]
    title: str = ""


def can_split(document: Document) -> bool:
    """Tell whether a document has pages that can be cut apart."""
    return document.media_type in CUTTABLE and (document.page_count or 0) > 1


def bundle_split(*, document: Document, parts: Sequence[Part], by: User) -> list[Document]:
    """Make a document of each part. Parts of an earlier splitting go to the trash unless they are asked for again.

    Raises BundleError, ConflictError or what cutting raises; parts made until then stay and are found next time.
    """
    _check(document, parts)
    blob = original_of(document=document)
    made = []
    with storage.local_path(blob) as path, cutter(path, media_type=document.media_type) as knife:
        for place, part in enumerate(parts, 1):
            data = knife.cut(part.pages)
            received = storage.received([data], workspace_id=document.workspace_id, max_bytes=len(data))
            with received as stored, transaction.atomic():
                created = documents.document_part_create(
                    parent=document,
                    key=key_of(part.pages),
                    stored=stored,
                    title=part.title or f"{document.title} ({place} of {len(parts)})",
                    file_name=f"{document.file_name.rpartition('.')[0] or document.file_name} {place}.pdf",
                    by=by,
                )
                if created.version is not None:
                    run_first(document=created.document, version=created.version)
                elif created.document.deleted_at is not None:
                    documents.documents_restore(documents=[created.document], by=by)
            made.append(created.document)
    kept = {each.pk for each in made}
    old = [each for each in parts_of(document=document).filter(part_key__startswith=_PREFIX) if each.pk not in kept]
    documents.documents_trash(documents=old, by=by)
    review.bundle_decide(document=document, before=_proposed(document), after={"parts": _told(parts)}, by=by)
    return made


def bundle_keep_whole(*, document: Document, by: User) -> None:
    """Record that a document is one, whatever was proposed."""
    review.bundle_decide(document=document, before=_proposed(document), after={"parts": []}, by=by)


def key_of(pages: Sequence[PagePick]) -> str:
    """Name a part by its pages: ranges, and turns behind an @."""
    runs: list[list[PagePick]] = []
    for pick in pages:
        last = runs[-1][-1] if runs else None
        if last is not None and pick.number == last.number + 1 and pick.turn == last.turn:
            runs[-1].append(pick)
        else:
            runs.append([pick])
    return part_key(_PREFIX + ",".join(_range(run) for run in runs))


def _range(run: Sequence[PagePick]) -> str:
    first, last = run[0], run[-1]
    numbers = f"{first.number}" if len(run) == 1 else f"{first.number}-{last.number}"
    return f"{numbers}@{first.turn}" if first.turn else numbers


def _check(document: Document, parts: Sequence[Part]) -> None:
    if not can_split(document):
        raise ConflictError("Only PDFs and TIFFs of several pages can be split.", code="not_a_bundle")
    if document.source == Source.PART and document.part_key.startswith(_PREFIX):
        raise ConflictError("This document was cut out of a bundle: split the bundle anew.", code="not_a_bundle")
    if not 1 <= len(parts) <= MOST_PARTS or not all(part.pages for part in parts):
        raise BundleError(f"Give 1 to {MOST_PARTS} parts with at least one page each.")
    numbers = [pick.number for part in parts for pick in part.pages]
    if len(set(numbers)) < len(numbers) or any(not 1 <= number <= (document.page_count or 0) for number in numbers):
        raise BundleError("Every page can be in one part only, and must be a page of this document.")
    if any(pick.turn not in {0, 90, 180, 270} for part in parts for pick in part.pages):
        raise BundleError("Pages turn by 0, 90, 180 or 270 degrees.")


def _proposed(document: Document) -> dict[str, Any]:
    found = bundle_proposal_of(reading_id=document.current_reading_id) if document.current_reading_id else None
    return {"boundaries": found.boundaries, "dropped": found.dropped} if found else {}


def _told(parts: Sequence[Part]) -> list[dict[str, Any]]:
    return [
        {"pages": [{"number": pick.number, "turn": pick.turn} for pick in part.pages], "title": part.title}
        for part in parts
    ]
