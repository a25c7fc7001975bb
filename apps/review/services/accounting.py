"""Where documents stand with the clerk: to check, approved, exported."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core import audit
from apps.core.clock import now
from apps.core.generations import bump_on_commit
from apps.documents.models import Document
from apps.review.models import Accounting, AccountingState


@transaction.atomic
def accounting_set(
    *, documents: Sequence[Document], state: AccountingState, by: User | None, at: datetime | None = None
) -> int:
    """Move documents to a state; returns how many were in another one. Who and when is kept, and in the audit log."""
    moment = at or now()
    moved = 0
    for document in sorted(documents, key=lambda document: document.pk):  # as all who change several do
        moved += _move(document, state, by, moment)
    for workspace_id in {document.workspace_id for document in documents}:
        bump_on_commit(workspace_id)
    return moved


def accounting_reopen(*, document: Document, by: User) -> None:
    """Note that a value of a document changed after it was approved or exported: it is to be checked again."""
    row = Accounting.objects.filter(document=document).exclude(state=AccountingState.TO_CHECK).first()
    if row is not None:
        _move(document, AccountingState.TO_CHECK, by, now())


def _move(document: Document, state: AccountingState, by: User | None, at: datetime) -> bool:
    row = Accounting.objects.select_for_update().filter(document=document).first()
    before = row.state if row else AccountingState.TO_CHECK
    if before == state:
        return False
    changed = {"state": state, "changed_at": at, "by_id": by.pk if by else None, "by_label": str(by) if by else ""}
    Accounting.objects.update_or_create(
        document=document, defaults=changed, create_defaults={**changed, "workspace_id": document.workspace_id}
    )
    audit.record(
        action="document.accounting",
        object_kind="document",
        object_id=document.pk,
        workspace_id=document.workspace_id,
        actor=by,
        data={"before": before.lower(), "after": state.lower()},
    )
    return True
