"""Keeping what heads propose: in place of what they proposed before."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.classification.engine.tags import ProposedTag
from apps.classification.models import ModelVersion, TagSuggestion
from apps.core.generations import bump_on_commit
from apps.documents.models import Document, Tag, TagDecision

Pair = tuple[UUID, UUID]  # of a document and a tag


@transaction.atomic
def suggestions_store(*, workspace_id: UUID, version: ModelVersion, found: Mapping[UUID, Sequence[ProposedTag]]) -> int:
    """Keep what is proposed for documents; returns how many have other proposals than before."""
    wanted = _unanswered(workspace_id, found)
    stored = TagSuggestion.objects.filter(document__in=list(found))
    stored = stored.only("document", "tag", "model_version", "probability")
    before = {(each.document_id, each.tag_id): each for each in stored}
    gone = [each.pk for pair, each in before.items() if pair not in wanted]
    new = {pair: each for pair, each in wanted.items() if pair not in before or _differs(before[pair], version, each)}
    if gone:
        TagSuggestion.objects.filter(pk__in=gone).delete()
    TagSuggestion.objects.bulk_create(
        [
            TagSuggestion(
                workspace_id=workspace_id,
                document_id=document_id,
                tag_id=tag_id,
                model_version=version,
                probability=each.probability,
                lead=each.lead,
            )
            for (document_id, tag_id), each in sorted(new.items())
        ],
        update_conflicts=True,
        unique_fields=["document", "tag"],
        update_fields=["model_version", "probability", "lead"],
    )
    if gone or new:
        bump_on_commit(workspace_id)
    return len({document_id for document_id, _ in set(before) ^ set(wanted)})


def _unanswered(workspace_id: UUID, found: Mapping[UUID, Sequence[ProposedTag]]) -> dict[Pair, ProposedTag]:
    """Return what is found by pair, without what people have answered already (see `open_suggestions`)."""
    named = {each.tag for some in found.values() for each in some}
    if not named:
        return {}
    tags = {str(tag.pk): tag for tag in Tag.objects.filter(workspace_id=workspace_id, pk__in=named)}
    documents = [document_id for document_id, some in found.items() if some]
    answered = set(TagDecision.objects.filter(document__in=documents).values_list("document_id", "tag_id"))
    answered |= set(Document.tags.through.objects.filter(document__in=documents).values_list("document_id", "tag_id"))
    confirmed = dict(Document.objects.filter(pk__in=documents).values_list("pk", "tags_confirmed_at"))
    pairs = {
        (document_id, tag.pk): each
        for document_id in documents
        for each in found[document_id]
        if (tag := tags.get(each.tag)) is not None and _is_newer(tag, confirmed.get(document_id))
    }
    return {pair: each for pair, each in pairs.items() if pair not in answered}


def _is_newer(tag: Tag, moment: datetime | None) -> bool:
    return moment is None or tag.created_at > moment


def suggestions_forget(*, workspace_id: UUID) -> int:
    """Propose nothing any more; returns for how many documents something was proposed."""
    documents = Document.objects.filter(tag_suggestions__workspace_id=workspace_id).distinct().count()
    TagSuggestion.objects.filter(workspace_id=workspace_id).delete()
    bump_on_commit(workspace_id)
    return documents


def _differs(before: TagSuggestion, version: ModelVersion, now: ProposedTag) -> bool:
    """Tell whether people see something else: another per cent, one where there was none, or another version."""
    if before.model_version_id != version.pk or (before.probability is None) != (now.probability is None):
        return True
    if before.probability is None or now.probability is None:
        return False
    return round(before.probability, 2) != round(now.probability, 2)
