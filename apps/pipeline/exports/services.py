"""Asking for an export, claiming one, noting what came of it: the row is the job, as with the parts of a run."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from apps.accounts.models import User
from apps.core import audit
from apps.core.clock import now
from apps.core.doorbell import ring_on_commit
from apps.core.errors import ConflictError, TransientError
from apps.documents.models import Document
from apps.pipeline.models import Export, ExportFormat, ExportItem, ExportState
from apps.review.models import AccountingState
from apps.review.selectors import in_accounting_state
from apps.review.services.accounting import accounting_set

QUEUE: Final = "exports"
MOST_DOCUMENTS: Final = 50_000
MOST_ATTEMPTS: Final = 3
FILE_DAYS: Final = 30
_ROWS_AT_ONCE: Final = 2_000


class TooManyDocumentsError(ConflictError):
    """A list is too long for one export."""

    code = "too_many_documents"
    message = f"An export has at most {MOST_DOCUMENTS} documents. Filter the list further."


class NothingToExportError(ConflictError):
    """A list is empty."""

    code = "nothing_to_export"
    message = "No document passes these filters."


class ExportLostError(TransientError):
    """Another worker has taken an export over."""

    code = "lease_lost"
    message = "Another worker has taken over."


@dataclass(frozen=True)
class ExportLease:
    """A claimed export and the proof that it still is this worker's."""

    export_id: UUID
    token: UUID


@transaction.atomic
def export_request(
    *, documents: QuerySet[Document], workspace_id: UUID, filters: dict[str, Any], file_format: ExportFormat, by: User
) -> Export:
    """Ask for a file of the values of documents, which are chosen now; `filters` is kept to tell people what it was.

    Raises NothingToExportError or TooManyDocumentsError.
    """
    chosen = list(documents.order_by("-received_at", "-pk").values_list("pk", "title")[: MOST_DOCUMENTS + 1])
    if not chosen:
        raise NothingToExportError
    if len(chosen) > MOST_DOCUMENTS:
        raise TooManyDocumentsError
    export = Export.objects.create(
        workspace_id=workspace_id,
        format=file_format,
        filters=filters,
        document_count=len(chosen),
        by_id=by.pk,
        by_label=str(by),
    )
    ExportItem.objects.bulk_create(
        (
            ExportItem(workspace_id=workspace_id, export=export, document_id=document_id, title=title)
            for document_id, title in chosen
        ),
        batch_size=_ROWS_AT_ONCE,
    )
    _record("export.request", export, by)
    ring_on_commit(QUEUE)
    return export


# As with the parts of a run: claimed by one statement, the attempt counted there. A lease that ran out may be taken.
CLAIM: Final = """
    UPDATE pipeline_export SET state = 'RUNNING', attempt = attempt + 1, lease_token = gen_random_uuid(),
        lease_expires_at = clock_timestamp() + make_interval(secs => %(seconds)s)
    WHERE id = (
        SELECT id FROM pipeline_export
        WHERE (state = 'READY' AND available_at <= clock_timestamp())
              OR (state = 'RUNNING' AND lease_expires_at < clock_timestamp() AND attempt < %(most)s)
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id, lease_token
"""


def export_claim() -> ExportLease | None:
    """Claim the oldest export that waits, or whose worker is gone."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"seconds": settings.LEASE_S, "most": MOST_ATTEMPTS})
        row = cursor.fetchone()
    return ExportLease(*row) if row else None


def export_renew(*, lease: ExportLease) -> None:
    """Keep an export; raises ExportLostError where another worker has it by now."""
    expires_at = Now() + timedelta(seconds=settings.LEASE_S)
    if not _held(lease).update(lease_expires_at=expires_at):
        raise ExportLostError


@transaction.atomic
def export_complete(*, lease: ExportLease, file_key: str, file_size: int, row_count: int) -> None:
    """Note that the file lies in the storage; approved documents have gone out with it. Raises ExportLostError."""
    export = _held(lease).select_for_update().first()
    if export is None:
        raise ExportLostError
    export.state, export.finished_at = ExportState.SUCCEEDED, now()
    export.file_key, export.file_size, export.row_count = file_key, file_size, row_count
    export.lease_token = export.lease_expires_at = None
    export.error_code = export.error_message = ""
    export.save()
    by = User.objects.filter(pk=export.by_id).first() if export.by_id else None
    went_out = Document.objects.filter(export_items__export=export)
    approved = in_accounting_state(documents=went_out, state=AccountingState.APPROVED)
    accounting_set(documents=list(approved), state=AccountingState.EXPORTED, by=by)


def export_fail(*, lease: ExportLease, code: str, message: str, is_hopeless: bool = False) -> None:
    """Note a failure: another attempt in a moment, up to the limit, unless it would fail just so."""
    for export in _held(lease):
        is_last = is_hopeless or export.attempt >= MOST_ATTEMPTS
        _held(lease).update(
            state=ExportState.FAILED if is_last else ExportState.READY,
            available_at=now() + timedelta(seconds=2**export.attempt),
            finished_at=now() if is_last else None,
            lease_token=None,
            lease_expires_at=None,
            error_code=code,
            error_message=message,
        )


def exports_sweep() -> int:
    """End exports whose workers died at every attempt; returns how many wait for a worker."""
    lost = Export.objects.filter(state=ExportState.RUNNING, lease_expires_at__lt=Now(), attempt__gte=MOST_ATTEMPTS)
    message = f"The worker died {MOST_ATTEMPTS} times while writing this."
    ended = {"state": ExportState.FAILED, "finished_at": now(), "lease_token": None, "lease_expires_at": None}
    lost.update(**ended, error_code="worker_lost", error_message=message)
    ready = Export.objects.filter(state=ExportState.READY, available_at__lte=now())
    expired = Export.objects.filter(state=ExportState.RUNNING, lease_expires_at__lt=Now())
    return ready.count() + expired.count()


def exports_forget_files() -> int:
    """Remove the files of exports after their time; the rows go on telling what went out."""
    old = Export.objects.filter(finished_at__lt=now() - timedelta(days=FILE_DAYS)).exclude(file_key="")
    for export in old:
        storages["default"].delete(export.file_key)
        Export.objects.filter(pk=export.pk).update(file_key="")
    return len(old)


def _held(lease: ExportLease) -> QuerySet[Export]:
    return Export.objects.filter(pk=lease.export_id, state=ExportState.RUNNING, lease_token=lease.token)


def _record(action: str, export: Export, by: User) -> None:
    audit.record(
        action=action,
        object_kind="export",
        object_id=export.pk,
        workspace_id=export.workspace_id,
        actor=by,
        data={"format": export.format.lower(), "documents": export.document_count, "filters": export.filters},
    )
