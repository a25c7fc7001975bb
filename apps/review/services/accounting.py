"""Where documents stand with the clerk: to check, approved, exported."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from apps.accounts.models import User
from apps.core import audit
from apps.core.clock import now
from apps.core.generations import bump_on_commit
from apps.documents.models import Document
from apps.extraction.models import FieldValue
from apps.review.models import Accounting, AccountingState

MOVED: Final = "document.accounting"
REREAD: Final = "document.accounting_reread"


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


def is_beyond_checking(*, document: Document) -> bool:
    """Tell whether somebody has approved or exported a document."""
    return Accounting.objects.filter(document=document).exclude(state=AccountingState.TO_CHECK).exists()


def accounting_reread(*, document: Document, before: Iterable[FieldValue], after: Iterable[FieldValue]) -> None:
    """Have a document checked again where the values that count became others when machines read them anew.

    The history names the fields. The caller holds the document's lock.
    """
    changed = _changed_keys(before, after)
    row = Accounting.objects.filter(document=document).exclude(state=AccountingState.TO_CHECK).first()
    if row is not None and changed:
        _move(document, AccountingState.TO_CHECK, None, now(), action=REREAD, more={"changed": changed})


def _changed_keys(before: Iterable[FieldValue], after: Iterable[FieldValue]) -> list[str]:
    """Return the fields that say something else than before; the order of several values says nothing."""
    was, became = (
        Counter((value.key, value.value, value.currency, repr(value.value_table)) for value in values)
        for values in (before, after)
    )
    return sorted({key for key, *_ in ((was - became) + (became - was))})


def _move(
    document: Document,
    state: AccountingState,
    by: User | None,
    at: datetime,
    *,
    action: str = MOVED,
    more: dict[str, Any] | None = None,
) -> bool:
    row = Accounting.objects.select_for_update().filter(document=document).first()
    before = row.state if row else AccountingState.TO_CHECK
    if before == state:
        return False
    changed = {"state": state, "changed_at": at, "by_id": by.pk if by else None, "by_label": str(by) if by else ""}
    Accounting.objects.update_or_create(
        document=document, defaults=changed, create_defaults={**changed, "workspace_id": document.workspace_id}
    )
    audit.record(
        action=action,
        object_kind="document",
        object_id=document.pk,
        workspace_id=document.workspace_id,
        actor=by,
        data={"before": before.lower(), "after": state.lower(), **(more or {})},
    )
    return True
