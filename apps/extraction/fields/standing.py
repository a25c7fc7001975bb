"""What of a machine's values still counts beside what people said of a document."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from apps.core.prepared import Given, Prepared
from apps.extraction.engine.fields.support import bare
from apps.extraction.models import FieldValue, Method

SAME_PLACE: Final = 0.5  # share of two boxes' common area in their union from which they are one place
_WORDS: Final = Prepared(
    lambda: FieldValue.objects.filter(document_id=Given("document_id"), method=Method.HUMAN).order_by("id")
)


class Standing:
    """People's last words on a document, by key."""

    def __init__(self, decisions: Iterable[FieldValue]) -> None:
        self._by_key: dict[str, list[FieldValue]] = {}
        for decision in decisions:
            self._by_key.setdefault(decision.key, []).append(decision)

    def replaces(self, value: FieldValue) -> bool:
        """Tell whether somebody's word stands in the place of a machine's value.

        A word on a field as a whole (`replaced` says so) stands for all its values, one on a value of a repeatable
        field for the value of the same text or place, in whatever reading it comes again.
        """
        return any(_covers(decision, value) for decision in self._by_key.get(value.key, ()))


def decisions_of(*, document_id: UUID) -> list[FieldValue]:
    """Return people's last words on a document: those that no later one replaces, rejections among them."""
    words = _WORDS.rows(document_id=document_id)
    superseded = {word.supersedes_id for word in words}
    return [word for word in words if word.pk not in superseded]


def anchor_of(value: FieldValue) -> dict[str, Any]:
    """Return what tells a value of a repeatable field again in another reading."""
    return {"value": value.value, "page": value.page_number, "box": value.box}


WHOLE_FIELD: Final[dict[str, Any]] = {"whole_field": True}


def _covers(decision: FieldValue, value: FieldValue) -> bool:
    replaced = decision.replaced or {}
    if replaced.get("whole_field"):
        return True
    own = anchor_of(decision)
    return any(_is_same(anchor, value) for anchor in (replaced, own) if anchor)


def _is_same(anchor: dict[str, Any], value: FieldValue) -> bool:
    text = anchor.get("value") or ""
    if text and bare(text) == bare(value.value):
        return True
    box, page = anchor.get("box"), anchor.get("page")
    return bool(box and value.box and page == value.page_number and _overlap(box, value.box) >= SAME_PLACE)


def _overlap(one: Sequence[float], other: Sequence[float]) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    return common / ((one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]) - common)
