"""Writing an export's file: documents a few at a time, so that memory and leases last however many there are."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.db import connection
from django.db.models import F
from structlog import get_logger

from apps.core.errors import BugError, DocintelError, UserError
from apps.documents.models import Document
from apps.extraction.fields.selectors.values import EFFECTIVE
from apps.extraction.models import FieldValue
from apps.pipeline.exports.files import export_file, line_columns
from apps.pipeline.exports.rows import keys_of, rows_of
from apps.pipeline.exports.services import (
    ExportLease,
    ExportLostError,
    export_claim,
    export_complete,
    export_fail,
    export_renew,
)
from apps.pipeline.models import Export

log = get_logger(__name__)
DOCUMENTS_AT_ONCE: Final = 200


def export_next() -> bool:
    """Write the next export that waits; False where none does."""
    lease = export_claim()
    if lease is None:
        return False
    try:
        _write(lease)
    except ExportLostError:
        log.warning("export_lost", export=str(lease.export_id))
    except Exception as error:  # whatever goes wrong becomes the export's recorded failure
        told = error if isinstance(error, DocintelError) else BugError()
        if told is not error:
            log.exception("export_bug", export=str(lease.export_id))
        is_hopeless = isinstance(error, UserError)
        export_fail(lease=lease, code=told.code, message=told.message, is_hopeless=is_hopeless)
    return True


def _write(lease: ExportLease) -> None:
    export = Export.objects.get(pk=lease.export_id)
    suffix = export.format.lower()
    with _kept(lease), tempfile.TemporaryDirectory(prefix="docintel-export-") as folder:
        path = Path(folder) / f"export.{suffix}"
        row_count = _fill(lease, export, path, suffix)
        size = path.stat().st_size
        key = f"{export.workspace_id}/exports/{lease.token}.{suffix}"  # of this lease alone: two never write one file
        with path.open("rb") as handle:
            key = storages["default"].save(key, File(handle))
    try:
        export_complete(lease=lease, file_key=key, file_size=size, row_count=row_count)
    except Exception:
        with suppress(OSError):
            storages["default"].delete(key)
        raise


@contextmanager
def _kept(lease: ExportLease) -> Iterator[None]:
    """Renew the lease inside the block: collecting columns and closing a large workbook may take longer than it."""
    ended = threading.Event()
    thread = threading.Thread(target=_renew_until, args=(lease, ended), name="export-keeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _renew_until(lease: ExportLease, ended: threading.Event) -> None:
    while not ended.wait(settings.LEASE_S / 3):
        try:
            export_renew(lease=lease)
        except Exception as error:  # noqa: BLE001  (lost or not, the writer finds out when it stores)
            log.warning("renewal_failed", error=repr(error))
        finally:
            connection.close()


def _fill(lease: ExportLease, export: Export, path: Path, suffix: str) -> int:
    documents = Document.objects.filter(export_items__export=export)
    values = FieldValue.objects.filter(EFFECTIVE, document__in=documents)
    pairs = values.order_by().values_list("key", "value_type").distinct()
    keys, has_tables = keys_of((key, kind == "table") for key, kind in pairs)
    columns = line_columns(_columns(export)) if has_tables else []
    file = export_file(path, suffix, keys=keys, columns=columns)
    for group in _groups(export):
        export_renew(lease=lease)
        for rows in rows_of(group):
            file.add(rows)
    file.close()
    return file.row_count


def _columns(export: Export) -> set[str]:
    """Return the columns of all tables."""
    tables = FieldValue.objects.filter(
        EFFECTIVE, document__export_items__export=export, value_table__isnull=False
    ).values_list("value_table", flat=True)
    return {name for table in tables.iterator(chunk_size=500) for row in table or () for name in row}


def _groups(export: Export) -> Iterator[list[Document]]:
    """Yield the documents as they were listed, a few at a time; those deleted for good meanwhile are gone."""
    items = export.items.filter(document__isnull=False).order_by("id")
    ids = list(items.annotate(wanted=F("document_id")).values_list("wanted", flat=True))
    for start in range(0, len(ids), DOCUMENTS_AT_ONCE):
        found = Document.objects.in_bulk(ids[start : start + DOCUMENTS_AT_ONCE])
        yield [found[pk] for pk in ids[start : start + DOCUMENTS_AT_ONCE] if pk in found]
