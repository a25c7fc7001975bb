"""One document's two readings side by side, and the sums of many."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import Sum

from apps.classification.selectors import prediction_of
from apps.documents.models import Document, TypeSource
from apps.extraction.fields.selectors.values import rejected_keys
from apps.extraction.models import FieldValue, Method, ValueState
from apps.pipeline.models import PipelineRun, RerunItem, StepRun, Trigger
from apps.pipeline.reruns.differences import Difference, Kind, Told, agreement, differences


@dataclass(frozen=True)
class Figures:
    """How the second reading differs from the first; `ms` is what all parts of the work took, None where not known."""

    same: int = 0
    changed: int = 0
    gained: int = 0
    lost: int = 0
    decided: int = 0
    agreed_before: int = 0
    agreed_after: int = 0
    type_before: str = ""
    type_after: str = ""
    type_decided: str = ""
    ms_before: int | None = None
    ms_after: int | None = None


@dataclass(frozen=True)
class Compared:
    """The figures of a document, and what became of every value."""

    figures: Figures
    values: list[Difference]


def compared(item: RerunItem) -> Compared:
    """Compare the two readings of a document with each other and with people's words as they are now."""
    document = item.document
    was, became = _told(item.before_id), _told(item.after_id)
    found = differences(was, became)
    counts = {kind: sum(each.kind is kind for each in found) for kind in Kind}
    agreed = agreement(was, became, _decided(document))
    return Compared(
        Figures(
            **{kind.value: count for kind, count in counts.items()},
            decided=agreed.decided,
            agreed_before=agreed.before,
            agreed_after=agreed.after,
            type_before=_type(item.before_id),
            type_after=_type(item.after_id),
            type_decided=document.type_label if document.type_source == TypeSource.HUMAN else "",
            ms_before=_work_ms(item.before_id),
            ms_after=_work_ms(item.after_id),
        ),
        found,
    )


def figures_of(item: RerunItem) -> Figures | None:
    """Return the figures as they were noted when the second reading was done, or decided about; None before."""
    if item.figures is None:
        return None
    known = {each.name for each in fields(Figures)}
    return Figures(**{key: value for key, value in item.figures.items() if key in known})


def noted(item: RerunItem) -> dict[str, Any]:
    """Return the figures to note."""
    return asdict(compared(item).figures)


@dataclass(frozen=True)
class Sums:
    """The figures of many documents together."""

    documents: int
    same: int
    changed: int
    gained: int
    lost: int
    decided: int
    agreed_before: int
    agreed_after: int
    types_changed: int
    types_decided: int
    types_right_before: int
    types_right_after: int
    timed: int
    ms_before: int
    ms_after: int


def sums(found: Iterable[Figures]) -> Sums:
    """Add up the figures of documents; times only of those with both."""
    rows = list(found)
    decided = [row for row in rows if row.type_decided]
    timed = [(row.ms_before, row.ms_after) for row in rows if row.ms_before is not None and row.ms_after is not None]
    return Sums(
        documents=len(rows),
        same=sum(row.same for row in rows),
        changed=sum(row.changed for row in rows),
        gained=sum(row.gained for row in rows),
        lost=sum(row.lost for row in rows),
        decided=sum(row.decided for row in rows),
        agreed_before=sum(row.agreed_before for row in rows),
        agreed_after=sum(row.agreed_after for row in rows),
        types_changed=sum(row.type_before != row.type_after for row in rows),
        types_decided=len(decided),
        types_right_before=sum(row.type_before == row.type_decided for row in decided),
        types_right_after=sum(row.type_after == row.type_decided for row in decided),
        timed=len(timed),
        ms_before=sum(before for before, _ in timed),
        ms_after=sum(after for _, after in timed),
    )


def _told(reading_id: UUID | None) -> list[Told]:
    if reading_id is None:
        return []
    return [_as_told(value) for value in FieldValue.objects.filter(reading_id=reading_id).order_by("key", "position")]


def _as_told(value: FieldValue) -> Told:
    if value.value_table is None:
        currency = f" {value.currency}" if value.currency else ""
        return Told(value.key, value.value + currency, value.value + currency)
    rows = len(value.value_table)
    return Told(value.key, json.dumps(value.value_table, sort_keys=True), f"{rows} line{'' if rows == 1 else 's'}")


def _decided(document: Document) -> Mapping[str, frozenset[str]]:
    """Return what people decided of a document's fields; an empty set where they said that there is no such value."""
    said = FieldValue.objects.filter(document=document, method=Method.HUMAN, is_effective=True)
    found: dict[str, set[str]] = {key: set() for key in rejected_keys(document=document)}
    for value in said.exclude(state=ValueState.REJECTED):
        found.setdefault(value.key, set()).add(_as_told(value).value)
    return {key: frozenset(values) for key, values in found.items()}


def _type(reading_id: UUID | None) -> str:
    prediction = prediction_of(reading_id=reading_id) if reading_id else None
    return prediction.label if prediction else ""


def _work_ms(reading_id: UUID | None) -> int | None:
    """Sum up the parts of a reading's run; None where it took over the pages of another one."""
    if reading_id is None:
        return None
    run = PipelineRun.objects.filter(reading_id=reading_id).exclude(trigger=Trigger.FIELDS).first()
    if run is None:
        return None
    total = StepRun.objects.filter(run=run).aggregate(total=Sum("duration_ms"))["total"]
    return None if total is None else int(total)
