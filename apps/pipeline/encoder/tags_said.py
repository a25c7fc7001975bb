"""What people said of tags on documents, as heads learn it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import numpy as np
from django.db.models import Exists, OuterRef, Q
from numpy.typing import NDArray

from apps.classification.engine.training.tag_fit import FEWEST, Said, chosen, learnable
from apps.documents.models import Document, Tag, TagDecision
from apps.pipeline.encoder.confirmed import typed_readings

MOST_TAGS: Final = 100  # those put on most documents: time and memory of a fit grow with them


@dataclass(frozen=True)
class TagsSaid:
    """Readings of documents, oldest word first, with what is known of tags on them: `said` (readings, tags)."""

    reading_ids: list[UUID]
    said: NDArray[np.int8]
    tags: list[Tag]


class _Decision(NamedTuple):
    document_id: UUID
    tag_id: UUID
    is_wanted: bool
    decided_at: datetime


def tags_said(*, workspace_id: UUID) -> TagsSaid | None:
    """Return what a fit takes, the newest of each tag; None where there is too little for any tag."""
    decisions = _decisions(workspace_id)
    counts = Counter(each.tag_id for each in decisions if each.is_wanted)
    wanted = [pk for pk, count in counts.most_common(MOST_TAGS) if count >= FEWEST]
    tags = list(Tag.objects.filter(pk__in=wanted).order_by("pk"))
    if not tags:
        return None
    documents, said = _matrix(workspace_id, decisions, tags)
    newest = chosen(said)
    readings = dict(typed_readings(Document.objects.filter(pk__in=[documents[row] for row in newest.tolist()])))
    rows = np.array([row for row in newest.tolist() if documents[row] in readings], dtype=np.int64)
    columns = np.flatnonzero(learnable(said[rows]))
    if not len(columns):
        return None
    kept = said[np.ix_(rows, columns)]
    spoken = (kept != Said.UNKNOWN).any(axis=1)
    return TagsSaid(
        reading_ids=[readings[documents[row]] for row in rows[spoken].tolist()],
        said=kept[spoken],
        tags=[tags[column] for column in columns.tolist()],
    )


def _decisions(workspace_id: UUID) -> list[_Decision]:
    found = TagDecision.objects.filter(workspace_id=workspace_id, document__deleted_at__isnull=True).order_by()
    return [_Decision(*row) for row in found.values_list("document_id", "tag_id", "is_wanted", "decided_at")]


def _matrix(
    workspace_id: UUID, decisions: Sequence[_Decision], tags: Sequence[Tag]
) -> tuple[list[UUID], NDArray[np.int8]]:
    """Return the documents somebody spoke of, oldest word first, and `said` (documents, tags)."""
    confirmed = _confirmed(workspace_id)
    moments = dict(confirmed)
    for each in decisions:
        moments[each.document_id] = max(each.decided_at, moments.get(each.document_id, each.decided_at))
    documents = sorted(moments, key=lambda pk: (moments[pk], pk))
    rows = {pk: row for row, pk in enumerate(documents)}
    columns = {tag.pk: column for column, tag in enumerate(tags)}
    said = np.zeros((len(documents), len(tags)), dtype=np.int8)
    said[[rows[each.document_id] for each in decisions if each.is_wanted]] = Said.TAGGED_WITHOUT
    made = np.array([tag.created_at.timestamp() for tag in tags])
    moments_at = np.array([moment.timestamp() for moment in confirmed.values()]).reshape(-1, 1)
    said[[rows[pk] for pk in confirmed]] = np.where(made <= moments_at, Said.CONFIRMED_WITHOUT, Said.TAGGED_WITHOUT)
    for document_id, tag_id in _inherited(workspace_id, tags):
        if document_id in rows:
            said[rows[document_id], columns[tag_id]] = Said.UNKNOWN
    for each in decisions:
        if each.tag_id in columns:
            said[rows[each.document_id], columns[each.tag_id]] = Said.YES if each.is_wanted else Said.NO
    return documents, said


def _confirmed(workspace_id: UUID) -> dict[UUID, datetime]:
    """Return when somebody said of documents that they have all their tags."""
    found = Document.objects.filter(workspace_id=workspace_id, deleted_at__isnull=True, tags_confirmed_at__isnull=False)
    moments = found.order_by().values_list("pk", "tags_confirmed_at")
    return {pk: moment for pk, moment in moments if moment is not None}


def _inherited(workspace_id: UUID, tags: Sequence[Tag]) -> list[tuple[UUID, UUID]]:
    """Return tags on documents of which nobody said that they belong there: those of what they are parts of."""
    said = TagDecision.objects.filter(document_id=OuterRef("document_id"), tag_id=OuterRef("tag_id"))
    there = Document.tags.through.objects.filter(~Exists(said), Q(document__workspace_id=workspace_id), tag__in=tags)
    return list(there.values_list("document_id", "tag_id"))
