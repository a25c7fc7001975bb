"""The documents a workspace's head learns from: those of which a person said what they are."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

import numpy as np
from django.db.models import Max, QuerySet

from apps.classification.engine.training.refit import chosen
from apps.classification.models import Prediction
from apps.documents.models import Document, Reading, TypeSource
from apps.review.models import Correction

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class ConfirmedExample(NamedTuple):
    """A document's reading, and what a person said it is."""

    reading_id: UUID
    label: str


def confirmed_examples(*, workspace_id: UUID, slugs: Sequence[str]) -> list[ConfirmedExample]:
    """Return the examples to fit to, oldest decision first: as many of each label, the newest, as a refit takes.

    `slugs` are the labels of the head: what was confirmed as `other`, or as a type that is retired, teaches nothing.
    """
    documents = Document.objects.filter(
        workspace_id=workspace_id,
        type_source=TypeSource.HUMAN,
        type_label__in=slugs,
        deleted_at__isnull=True,
    )
    said = Correction.objects.filter(workspace_id=workspace_id, subject="type").order_by()
    moments = dict(said.values_list("document_id").annotate(Max("created_at")))
    labels = dict(documents.values_list("pk", "type_label"))
    rows = [(pk, reading_id, labels[pk]) for pk, reading_id in typed_readings(documents) if pk in labels]
    rows.sort(key=lambda row: (moments.get(row[0], _NEVER), row[0]))
    places = {slug: place for place, slug in enumerate(slugs)}
    kept = chosen(np.array([places[label] for _, _, label in rows], dtype=np.int64))
    return [ConfirmedExample(rows[place][1], rows[place][2]) for place in kept.tolist()]


def typed_readings(documents: QuerySet[Document]) -> QuerySet[Prediction, tuple[UUID, UUID]]:
    """Return each document with its newest reading that was typed: while fields are read anew it is not shown yet."""
    found = Prediction.objects.filter(reading__version__document__in=documents)
    newest = found.order_by("reading__version__document_id", "-id").distinct("reading__version__document_id")
    return newest.values_list("reading__version__document_id", "reading_id")


def hashes_of(*, reading_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the hash of the bytes that each reading is of."""
    found = Reading.objects.filter(pk__in=list(reading_ids))
    return dict(found.values_list("pk", "version__blob__sha256"))
