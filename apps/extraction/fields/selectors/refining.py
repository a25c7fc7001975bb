"""What a workspace learned of ranking: its versions, the one in use, and what there is to learn from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from apps.core.errors import NotFoundError
from apps.documents.models import Document
from apps.extraction.engine.fields.catalogue import entries_of
from apps.extraction.models import (
    FieldValue,
    Method,
    RankingCandidates,
    RankingJob,
    RankingState,
    RankingVersion,
    ValueState,
)

MOST_DOCUMENTS: Final = 400  # of a type, those decided last
MOST_VALUES: Final = 20_000  # that are looked through for them


@dataclass(frozen=True)
class DecidedDocument:
    """A document of which people decided values; a key without a value is one that they said is not there."""

    document_id: UUID
    reading_id: UUID
    sha256: str
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)


def ranking_in_use(*, workspace_id: UUID, document_type: str) -> RankingVersion | None:
    """Return what ranks the fields of a type beside the shipped ranker, if anything does."""
    return rankings_of(workspace_id=workspace_id, document_type=document_type).filter(state=RankingState.ACTIVE).first()


def rankings_of(*, workspace_id: UUID, document_type: str) -> QuerySet[RankingVersion]:
    """Return the versions of a workspace's ranking of a type, newest first."""
    return RankingVersion.objects.filter(workspace_id=workspace_id, document_type=document_type).order_by("-id")


def ranking_get(*, workspace_id: UUID, document_type: str, version_id: UUID) -> RankingVersion:
    """Return one version of a type's ranking; raises NotFoundError, also for one of another type."""
    version = rankings_of(workspace_id=workspace_id, document_type=document_type).filter(pk=version_id).first()
    if version is None:
        raise NotFoundError("There is no such version.")
    return version


def ranking_job_of(*, workspace_id: UUID, document_type: str) -> RankingJob | None:
    """Return the learning of a type's ranking, None where nobody has decided a value of one yet."""
    return RankingJob.objects.filter(workspace_id=workspace_id, document_type=document_type).first()


def shipped_producer(producer: str) -> str:
    """Return the producer of a value without what a workspace learned on top of it."""
    return producer.partition("+")[0]


def decided_documents(*, workspace_id: UUID, document_type: str, keys: Sequence[str]) -> list[DecidedDocument]:
    """Return the documents whose values people decided last, with those that stand; only people's words count.

    What a machine accepted, or nobody looked at, is not among them.
    """
    documents = Document.objects.filter(
        workspace_id=workspace_id, type_label=document_type, deleted_at__isnull=True, current_reading__isnull=False
    )
    words = FieldValue.objects.filter(
        workspace_id=workspace_id, method=Method.HUMAN, reading__isnull=True, key__in=list(keys), document__in=documents
    )
    superseded = FieldValue.objects.filter(workspace_id=workspace_id, supersedes__isnull=False).values("supersedes")
    standing = words.exclude(pk__in=superseded).order_by("-id")
    repeatable = {entry.key for entry in entries_of(document_type) if entry.repeatable}
    found: dict[UUID, dict[str, tuple[str, ...]]] = {}
    for document_id, key, value, state in standing.values_list("document_id", "key", "value", "state")[:MOST_VALUES]:
        if document_id not in found and len(found) == MOST_DOCUMENTS:
            continue
        said = found.setdefault(document_id, {})
        own = said.get(key, ())
        if key in said and key not in repeatable:  # an earlier word
            continue
        said[key] = own if state == ValueState.REJECTED else (*own, value)
    rows = documents.filter(pk__in=list(found)).values_list(
        "pk", "current_reading_id", "current_reading__version__blob__sha256"
    )
    return [
        DecidedDocument(pk, reading_id, sha256, found[pk])
        for pk, reading_id, sha256 in rows.order_by("pk")
        if reading_id is not None
    ]


def candidates_kept(*, reading_ids: Sequence[UUID], made_by: str) -> dict[UUID, bytes]:
    """Return the packed candidates of readings, so far as they were made by what is named."""
    found = RankingCandidates.objects.filter(reading_id__in=list(reading_ids), made_by=made_by)
    return {pk: bytes(data) for pk, data in found.values_list("reading_id", "data")}
