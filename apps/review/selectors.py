"""Reading review tasks, corrections, warnings, accounting states, and what a person may say a document is."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, QuerySet, When

from apps.accounts.models import User
from apps.classification.selectors import BUILT_IN, labels_in, retired_labels
from apps.documents.models import Document
from apps.documents.selectors import types_in, visible_to
from apps.extraction.fields.selectors.schemas import types_with_schema
from apps.review.models import (
    Accounting,
    AccountingState,
    Correction,
    DocumentWarning,
    ReviewTask,
    TaskKind,
    TaskPurpose,
)


def known_types(*, workspace_id: UUID) -> list[str]:
    """Return the slugs a document's type may be: the built-in types, `other`, and the workspace's own.

    Types that people retired are not among them, though documents may still have them.
    """
    added = labels_in(workspace_id=workspace_id).values_list("slug", flat=True)
    own = {*added, *types_in(workspace_id=workspace_id), *types_with_schema(workspace_id=workspace_id)}
    own -= set(retired_labels(workspace_id=workspace_id).values_list("slug", flat=True))
    return [*BUILT_IN, *sorted(own - set(BUILT_IN))]


def open_tasks(*, user: User, workspace_id: UUID, kind: str = "") -> QuerySet[ReviewTask]:
    """Return the open questions (of one kind) about documents that the user may see, oldest first."""
    documents = visible_to(user=user, workspace_id=workspace_id)
    tasks = ReviewTask.objects.filter(done_at__isnull=True, document__in=documents)
    if kind:
        tasks = tasks.filter(kind=kind)
    return tasks.select_related("document").order_by("id")


def drawn_first(tasks: QuerySet[ReviewTask]) -> QuerySet[ReviewTask]:
    """Put what was drawn at random before doubts, each oldest first: certificates wait for it."""
    return tasks.order_by(Case(When(purpose=TaskPurpose.DOUBT, then=1), default=0), "id")


def corrections_of(*, document_id: UUID) -> QuerySet[Correction]:
    """Return a document's human decisions, newest first."""
    return Correction.objects.filter(document_id=document_id).order_by("-id")


def is_bundle_decided(*, document_id: UUID) -> bool:
    """Tell whether a person has said already if a document is a bundle."""
    return Correction.objects.filter(document_id=document_id, subject="bundle").exists()


def bundle_question_of(*, document_id: UUID) -> ReviewTask | None:
    """Return the open question whether a document is several."""
    return ReviewTask.objects.filter(document_id=document_id, kind=TaskKind.BUNDLE, done_at=None).first()


def fields_question_of(*, document_id: UUID) -> ReviewTask | None:
    """Return the open question whether a document's values are right."""
    return ReviewTask.objects.filter(document_id=document_id, kind=TaskKind.FIELDS, done_at=None).first()


def warnings_of(*, document_id: UUID, dismissed: bool = False) -> QuerySet[DocumentWarning]:
    """Return what is odd about a document, oldest first; what concerns a document in the trash is left out."""
    found = DocumentWarning.objects.filter(document_id=document_id, other__deleted_at__isnull=True)
    if not dismissed:
        found = found.filter(dismissed_at__isnull=True)
    return found.select_related("other").order_by("id")


def open_warnings(*, user: User, workspace_id: UUID) -> QuerySet[DocumentWarning]:
    """Return the warnings that nobody dismissed of documents the user may see, newest first."""
    documents = visible_to(user=user, workspace_id=workspace_id)
    found = DocumentWarning.objects.filter(
        workspace_id=workspace_id, dismissed_at__isnull=True, document__in=documents, other__deleted_at__isnull=True
    )
    return found.select_related("document", "other").order_by("-id")


def with_open_warnings(*, documents: QuerySet[Document], wanted: bool) -> QuerySet[Document]:
    """Keep the documents with (or without) a warning that nobody dismissed."""
    has = Exists(
        DocumentWarning.objects.filter(
            document_id=OuterRef("pk"), dismissed_at__isnull=True, other__deleted_at__isnull=True
        )
    )
    return documents.filter(has if wanted else ~has)


def accounting_of(*, document_id: UUID) -> Accounting | None:
    """Return where a document stands with the clerk; None: to be checked, and nobody has touched it."""
    return Accounting.objects.filter(document_id=document_id).first()


def accounting_states(*, document_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return where documents stand with the clerk; those that nobody has touched are left out."""
    return dict(Accounting.objects.filter(document_id__in=list(document_ids)).values_list("document_id", "state"))


def warned_documents(*, document_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the documents about which something is odd that nobody dismissed."""
    found = DocumentWarning.objects.filter(
        document_id__in=list(document_ids), dismissed_at__isnull=True, other__deleted_at__isnull=True
    )
    return set(found.values_list("document_id", flat=True))


def in_accounting_state(*, documents: QuerySet[Document], state: AccountingState) -> QuerySet[Document]:
    """Keep the documents in a state with the clerk; those without a row are to be checked."""
    rows = Accounting.objects.filter(document_id=OuterRef("pk"))
    if state == AccountingState.TO_CHECK:
        return documents.filter(~Exists(rows.exclude(state=state)))
    return documents.filter(Exists(rows.filter(state=state)))
