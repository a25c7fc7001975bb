"""Reading mentions and organisations, always through the documents that somebody may see."""

from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.accounts.policy import Action, require
from apps.core.errors import NotFoundError
from apps.documents.models import Document
from apps.documents.selectors import visible_to
from apps.extraction.fields.selectors.values import EFFECTIVE
from apps.extraction.models import Entity, FieldValue, Organisation


def entities_of(*, reading_id: UUID) -> QuerySet[Entity]:
    """Return a reading's mentions by page, in the order they were found."""
    return Entity.objects.filter(reading_id=reading_id).select_related("organisation").order_by("page_number", "id")


def organisations_in(*, user: User, workspace_id: UUID, q: str = "") -> QuerySet[Organisation]:
    """Return a workspace's organisations by name, those merged into others left out; `q` is a part of any name.

    Raises NotFoundError for strangers.
    """
    require(user=user, action=Action.VIEW, workspace=workspace_id)
    found = Organisation.objects.filter(workspace_id=workspace_id, merged_into__isnull=True)
    if q.strip():
        found = found.filter(aliases__text__icontains=q.strip()).distinct()
    return found.order_by("name", "id")


def organisation_get(*, user: User, workspace_id: UUID, organisation_id: UUID) -> Organisation:
    """Return an organisation, for a merged one the one it was merged into; raises NotFoundError."""
    require(user=user, action=Action.VIEW, workspace=workspace_id)
    found = Organisation.objects.filter(workspace_id=workspace_id, pk=organisation_id)
    organisation = found.select_related("merged_into").prefetch_related("aliases").first()
    if organisation is None:
        raise NotFoundError("There is no such organisation.")
    return organisation.merged_into or organisation


def documents_naming(*, user: User, organisation: Organisation) -> QuerySet[Document]:
    """Return the visible documents in whose values or text an organisation is named, newest first."""
    mentioned = Entity.objects.filter(organisation=organisation, reading_id=OuterRef("current_reading_id"))
    of_value = FieldValue.objects.filter(EFFECTIVE, organisation=organisation, document_id=OuterRef("pk"))
    documents = visible_to(user=user, workspace_id=organisation.workspace_id)
    return documents.filter(Q(Exists(mentioned)) | Q(Exists(of_value))).order_by("-received_at", "-id")


def kinds_of(*, reading_id: UUID) -> dict[str, int]:
    """Count a reading's mentions by kind."""
    rows = Entity.objects.filter(reading_id=reading_id).order_by().values("kind").annotate(count=Count("id"))
    return dict(rows.order_by("kind").values_list("kind", "count"))


def keys_naming(*, organisation: Organisation) -> dict[str, int]:
    """Count the values that name an organisation by the field's key: as a seller, a party, a sender."""
    values = FieldValue.objects.filter(EFFECTIVE, organisation=organisation, document__deleted_at__isnull=True)
    rows = values.order_by().values("key").annotate(count=Count("document_id", distinct=True))
    return {row["key"]: row["count"] for row in rows.order_by(F("count").desc(), "key")}
