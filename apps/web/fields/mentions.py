"""The people, places, sums and addresses named on a page, by kind, each mention with its boxes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from apps.extraction.entities.selectors import entities_of
from apps.web.documents.boxes import Box, box_of
from apps.web.fields.words import ENTITY_KINDS, shown_value

MOST_MENTIONS = 400
_VALUE_TYPES = {"date": "date"}


@dataclass
class Mention:
    """What is named, with all places on the page that name it."""

    anchor: str
    text: str
    organisation_id: UUID | None
    boxes: list[Box] = field(default_factory=list)
    count: int = 0


@dataclass
class Kind:
    """All mentions of one kind on a page."""

    slug: str
    label: str
    icon: str
    mentions: list[Mention] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The name of the kind in an address."""
        return f"kind-{self.slug}"


def mentions_on(*, reading_id: UUID, page: int) -> Sequence[Kind]:
    """Return what is named on a page, kinds in the order of their table, mentions in the order of the text."""
    kinds: dict[str, Kind] = {}
    found: dict[tuple[str, str], Mention] = {}
    for entity in entities_of(reading_id=reading_id).filter(page_number=page)[:MOST_MENTIONS]:
        label, icon = ENTITY_KINDS.get(entity.kind, (entity.kind.replace("_", " ").capitalize(), "tag"))
        kind = kinds.setdefault(entity.kind, Kind(entity.kind, label, icon))
        key = (entity.kind, entity.value)
        if key not in found:
            text = shown_value(_VALUE_TYPES.get(entity.kind, "text"), entity.value, key=entity.kind)
            found[key] = Mention(f"entity-{entity.pk}", text, entity.organisation_id)
            kind.mentions.append(found[key])
        found[key].count += 1
        if box := box_of(entity.box):
            found[key].boxes.append(box)
    order = list(ENTITY_KINDS)
    return sorted(kinds.values(), key=lambda kind: order.index(kind.slug) if kind.slug in order else len(order))
