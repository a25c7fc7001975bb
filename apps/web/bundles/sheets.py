"""The pages of a bundle as the screen shows them, proposed or as a person's form says, and the parts they make."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from apps.documents.models import Document
from apps.extraction.engine.operations.cut_pdf import PagePick
from apps.extraction.selectors import bundle_proposal_of
from apps.pipeline.services.bundles import Part

TURNS = (0, 90, 180, 270)
_LIKELY = 0.5


@dataclass(frozen=True)
class Sheet:
    """A page with what is to become of it; `probability` is the splitter's, None where it has none."""

    number: int
    starts: bool
    dropped: bool
    turn: int
    probability: float | None
    reason: str


def proposed_sheets(document: Document) -> list[Sheet]:
    """Return the pages with the cuts that were proposed; without a proposal nothing is cut."""
    found = bundle_proposal_of(reading_id=document.current_reading_id) if document.current_reading_id else None
    places = {each["page"]: each for each in found.boundaries} if found else {}
    dropped = set(found.dropped) if found else set()
    return [
        Sheet(
            number=number,
            starts=number in places and _is_likely(places[number]["probability"]),
            dropped=number in dropped,
            turn=0,
            probability=places[number]["probability"] if number in places else None,
            reason=places[number]["reason"] if number in places else "",
        )
        for number in range(1, (document.page_count or 0) + 1)
    ]


def _is_likely(probability: float | None) -> bool:
    return probability is None or probability >= _LIKELY


def asked_sheets(document: Document, form: QueryDict) -> list[Sheet]:
    """Return the pages as a form says."""
    cuts, drops = set(form.getlist("cut")), set(form.getlist("drop"))
    return [
        Sheet(
            number=sheet.number,
            starts=str(sheet.number) in cuts,
            dropped=str(sheet.number) in drops,
            turn=_turn(form.get(f"turn-{sheet.number}", "0")),
            probability=sheet.probability,
            reason=sheet.reason,
        )
        for sheet in proposed_sheets(document)
    ]


def _turn(value: str) -> int:
    return int(value) if value in {str(turn) for turn in TURNS} else 0


def parts_of_sheets(sheets: Sequence[Sheet]) -> list[Part]:
    """Return the documents that the cuts make; pages left out are in none."""
    parts: list[list[PagePick]] = []
    begins = True
    for sheet in sheets:
        begins = begins or sheet.starts
        if sheet.dropped:
            continue
        if begins:
            parts.append([])
        parts[-1].append(PagePick(sheet.number, sheet.turn))
        begins = False
    return [Part(pages) for pages in parts]
