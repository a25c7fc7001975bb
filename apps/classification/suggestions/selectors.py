"""Reading proposed tags, and a workspace's tags with what was learned of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from apps.classification.engine.tags import MOST_SUGGESTED
from apps.classification.models import ModelVersion, Refit, TagSuggestion
from apps.classification.selectors import TAGS, active_version
from apps.core.errors import NotFoundError
from apps.documents.models import Document, TagDecision
from apps.documents.selectors import tags_in


def open_suggestions() -> QuerySet[TagSuggestion]:
    """Return the proposals that nobody has answered, likeliest first.

    Nothing is proposed where a person said that the document has all its tags, unless the tag is newer than that.
    """
    pair = {"document_id": OuterRef("document_id"), "tag_id": OuterRef("tag_id")}
    unconfirmed = Q(document__tags_confirmed_at__isnull=True) | Q(tag__created_at__gt=F("document__tags_confirmed_at"))
    decided, there = TagDecision.objects.filter(**pair), Document.tags.through.objects.filter(**pair)
    return TagSuggestion.objects.filter(unconfirmed, ~Exists(decided), ~Exists(there))


def suggestions_of(*, document_ids: Iterable[UUID]) -> dict[UUID, list[TagSuggestion]]:
    """Return what is proposed for each document, by its id, at most `MOST_SUGGESTED`; those without are missing."""
    found: dict[UUID, list[TagSuggestion]] = {}
    suggestions = open_suggestions().filter(document_id__in=list(document_ids))
    for suggestion in suggestions.select_related("tag", "model_version"):
        of_document = found.setdefault(suggestion.document_id, [])
        if len(of_document) < MOST_SUGGESTED:
            of_document.append(suggestion)
    return found


def with_suggestion(*, documents: QuerySet[Document], name: str) -> QuerySet[Document]:
    """Return those of the documents for which a tag is proposed."""
    return documents.filter(pk__in=open_suggestions().filter(tag__name=name).values("document_id"))


@dataclass(frozen=True)
class TagRow:
    """A tag with its documents, what people and heads say of it, and its figures; these are None before it is learned.

    `confirmed_count` are the documents that it was put on by people, and not by their parents; `score` is a version's.
    """

    name: str
    document_count: int
    confirmed_count: int
    refused_count: int
    suggested_count: int
    score: dict[str, Any] | None


def tags_listed(*, workspace_id: UUID, documents: QuerySet[Document]) -> list[TagRow]:
    """Return a workspace's tags by name; counted are the documents given."""
    version = active_version(workspace_id=workspace_id, family=TAGS)
    scores = version.metrics.get("tags", {}) if version else {}
    there = _counted(Document.tags.through.objects.filter(document__in=documents))
    said = TagDecision.objects.filter(document__in=documents)
    yes, no = _counted(said.filter(is_wanted=True)), _counted(said.filter(is_wanted=False))
    open_ones = _counted(open_suggestions().filter(document__in=documents))
    return [
        TagRow(
            name=tag.name,
            document_count=there.get(tag.pk, 0),
            confirmed_count=yes.get(tag.pk, 0),
            refused_count=no.get(tag.pk, 0),
            suggested_count=open_ones.get(tag.pk, 0),
            score=scores.get(str(tag.pk)),
        )
        for tag in tags_in(workspace_id=workspace_id)
    ]


def _counted(rows: QuerySet[Any]) -> dict[UUID, int]:
    return dict(rows.order_by().values_list("tag_id").annotate(count=Count("pk")))


def tag_versions_in(*, workspace_id: UUID) -> QuerySet[ModelVersion]:
    """Return the versions of a workspace's heads of tags, newest first."""
    return ModelVersion.objects.filter(workspace_id=workspace_id, family=TAGS).order_by("-id")


def tag_version_get(*, workspace_id: UUID, version_id: UUID) -> ModelVersion:
    """Return one version of the heads of tags; raises NotFoundError."""
    version = tag_versions_in(workspace_id=workspace_id).filter(pk=version_id).first()
    if version is None:
        raise NotFoundError("There is no such version.")
    return version


def last_tag_refit(*, workspace_id: UUID) -> Refit | None:
    """Return the newest refit of a workspace's tags."""
    return Refit.objects.filter(workspace_id=workspace_id, family=TAGS).order_by("-id").first()
