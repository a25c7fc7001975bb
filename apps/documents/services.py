"""Changing documents: creating, naming, trashing; the copies of status and type that lists show."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.core import outbox
from apps.core.clock import now
from apps.core.errors import NotFoundError
from apps.core.ids import new_id
from apps.core.prepared import Given, Prepared
from apps.documents import storage
from apps.documents.models import (
    Blob,
    Document,
    DocumentStatus,
    DocumentVersion,
    Page,
    PageContent,
    Reading,
    Source,
)
from apps.documents.record import record
from apps.documents.selectors import ancestors_of, parts_below
from apps.documents.storage import StoredBytes
from apps.documents.tagging import tags_add, tags_put, tags_set

TITLE_LENGTH = 250
LOCK = "SELECT 1 FROM documents_document WHERE id = %s FOR NO KEY UPDATE"
_BLOB = Prepared(lambda: Blob.objects.filter(workspace_id=Given("workspace_id"), sha256=Given("sha256")))
_PAGES = Prepared(
    lambda: Page.objects.filter(reading_id=Given("reading_id"), number__range=(Given("first"), Given("last"))).only(
        "pk"
    )
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Created:
    """A document with its first version; without one if its bytes were there before."""

    document: Document
    version: DocumentVersion | None


def document_create(
    *,
    workspace_id: UUID,
    stored: StoredBytes,
    file_name: str,
    source: str,
    title: str = "",
    tags: Iterable[str] = (),
    by: User | None = None,
    at: datetime | None = None,
) -> Created:
    """Make a document of received bytes, or return the first one that has them, with the tags beside its own.

    The caller holds a transaction, in which a new document gets its first reading too (`first_reading_create`). Of two
    uploads of the same bytes one waits here.
    """
    _bytes_lock(workspace_id, stored.sha256)
    blob = _BLOB.first(workspace_id=workspace_id, sha256=stored.sha256)
    first = _upload_of(blob) if blob else None
    storage.keep(stored, workspace_id=workspace_id, is_known=first is not None)
    if first is not None:
        tags_add(document=first, names=tags, by=by)
        return Created(document=first, version=None)
    if blob is None:
        blob = Blob.objects.create(workspace_id=workspace_id, sha256=stored.sha256, size=stored.size)
    file_name = _one_line(file_name)
    document = Document.objects.create(
        workspace_id=workspace_id,
        title=(_one_line(title) or file_name)[:TITLE_LENGTH],
        file_name=file_name[:TITLE_LENGTH],
        source=source,
        created_by=by,
        received_at=at or now(),
        current_reading_id=new_id(),  # made in a moment; foreign keys are checked at the commit
    )
    version = DocumentVersion.objects.create(workspace_id=workspace_id, document=document, blob=blob)
    tags_put(document=document, names=tags, by=by)
    record("document.create", document, by, {"file_name": file_name, "source": source})
    return Created(document=document, version=version)


def document_part_create(
    *, parent: Document, key: str, stored: StoredBytes, file_name: str, title: str = "", by: User | None = None
) -> Created:
    """Make a document of a file inside another one, or of some of its pages; without a version if it is there.

    The caller holds a transaction, as for `document_create`. Equal bytes are stored once, and each part of them is a
    document. A part shares its parent's tags, moment and trash. Raises NotFoundError where the parent is gone.
    """
    _bytes_lock(parent.workspace_id, stored.sha256)
    parent = _part_parent(parent)
    known = parent.children.filter(part_key=key).first()
    if known is not None:
        return Created(document=known, version=None)
    blob = Blob.objects.filter(workspace_id=parent.workspace_id, sha256=stored.sha256).first()
    storage.keep(stored, workspace_id=parent.workspace_id, is_known=blob is not None)
    if blob is None:
        blob = Blob.objects.create(workspace_id=parent.workspace_id, sha256=stored.sha256, size=stored.size)
    file_name = _one_line(file_name)
    document = Document.objects.create(
        workspace_id=parent.workspace_id,
        parent=parent,
        part_key=key,
        title=(_one_line(title) or file_name)[:TITLE_LENGTH],
        file_name=file_name[:TITLE_LENGTH],
        source=Source.PART,
        created_by=by or parent.created_by,
        received_at=parent.received_at,
        deleted_at=parent.deleted_at,
        current_reading_id=new_id(),
    )
    version = DocumentVersion.objects.create(
        workspace_id=parent.workspace_id, document=document, blob=blob, is_upload=False
    )
    document.tags.set(parent.tags.all())
    record("document.create", document, by, {"file_name": file_name, "source": Source.PART, "parent": str(parent.pk)})
    return Created(document=document, version=version)


def _part_parent(parent: Document) -> Document:
    """Lock a parent as those do who change it: it may be trashed or deleted just now."""
    locked = Document.objects.select_for_update(of=("self",), no_key=True).filter(pk=parent.pk).first()
    if locked is None:
        raise NotFoundError("The document that this is a part of is gone.")
    return locked


def _one_line(name: str) -> str:
    """Replace what cannot be shown or sent in a header: on disk a file's name may hold line breaks."""
    return _CONTROLS.sub(" ", name).strip()


def _upload_of(blob: Blob) -> Document | None:
    """Return the document that came in by itself as these bytes."""
    version = DocumentVersion.objects.filter(blob=blob, is_upload=True).select_related("document").first()
    return version.document if version else None


def _bytes_lock(workspace_id: UUID, sha256: str) -> None:
    """Lock bytes until the transaction ends, whether a row names them or not.

    The first of all locks (bytes, document, run, part): who brings, deletes or removes the same bytes waits here.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{workspace_id}/{sha256}"])


@transaction.atomic
def document_update(
    *, document: Document, by: User, title: str | None = None, tags: Sequence[str] | None = None
) -> None:
    """Change a document's title, its tags, or both (None: leave as it is)."""
    changed: dict[str, Any] = {}
    if title is not None and title.strip() and title != document.title:
        changed["title"] = {"before": document.title, "after": title}
        document.title = title.strip()[:TITLE_LENGTH]
        document.save(update_fields=["title"])
    if tags is not None:
        changed["tags"] = list(tags)
        tags_set(document=document, names=tags, by=by)
    if changed:
        record("document.update", document, by, changed)


def _in_order(documents: Iterable[Document]) -> list[Document]:
    """Sort documents as everybody does who changes several: in different orders two would wait for each other."""
    return sorted(documents, key=lambda document: document.pk)


@transaction.atomic
def documents_trash(*, documents: Sequence[Document], by: User | None, at: datetime | None = None) -> int:
    """Move documents to the trash, their parts with them; returns how many were asked for."""
    moment = at or now()
    parts = Document.objects.filter(pk__in=parts_below(ids=[each.pk for each in documents]), deleted_at=None)
    for document in _in_order({each.pk: each for each in [*parts, *documents]}.values()):
        document.deleted_at = moment
        document.save(update_fields=["deleted_at"])
        record("document.trash", document, by, {})
    return len(documents)


@transaction.atomic
def documents_restore(*, documents: Sequence[Document], by: User | None) -> int:
    """Take documents out of the trash; returns how many were asked for.

    The parts come along that went into the trash with them, and what a part is a part of.
    """
    found = {document.pk: document for document in documents}
    for document in documents:
        with_it = Document.objects.filter(pk__in=parts_below(ids=[document.pk]), deleted_at=document.deleted_at)
        above = [each for each in ancestors_of(document=document) if each.deleted_at is not None]
        found = {each.pk: each for each in [*with_it, *above]} | found
    for document in _in_order(found.values()):
        document.deleted_at = None
        document.save(update_fields=["deleted_at"])
        outbox.publish(kind="document.restored", workspace_id=document.workspace_id, subject_id=document.pk)
        record("document.restore", document, by, {})
    return len(documents)


def document_purge(*, document: Document, by: User | None) -> bool:
    """Delete a document and its parts for good, with their bytes where no other document has them.

    False, and nothing done, where somebody deleted it or took it out of the trash since it was chosen.
    """
    while True:
        with transaction.atomic():
            purged = _purge(document, by)
        if purged is not None:
            return purged


def _purge(document: Document, by: User | None) -> bool | None:
    """Delete a family of documents; None where it grew before all of it was locked."""
    ids = [document.pk, *parts_below(ids=[document.pk])]
    blobs = list(Blob.objects.filter(versions__document__in=ids).order_by("sha256").distinct())
    for blob in blobs:
        _bytes_lock(blob.workspace_id, blob.sha256)
    family = list(Document.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    locked = next((each for each in family if each.pk == document.pk), None)
    if locked is None or (document.deleted_at is not None and locked.deleted_at is None):
        return False
    if set(parts_below(ids=[document.pk])) - set(ids):
        return None
    for each in family:
        record("document.purge", each, by, {"title": each.title})
    locked.delete()
    unused = [blob for blob in blobs if not blob.versions.exists()]
    for blob in unused:
        blob.delete()
    hashes = [blob.sha256 for blob in unused]
    workspace_id = document.workspace_id
    for each_id in ids:
        data = {"unused": hashes if each_id == document.pk else []}
        outbox.publish(kind="document.purged", workspace_id=workspace_id, subject_id=each_id, data=data)
    transaction.on_commit(lambda: bytes_forget(workspace_id=workspace_id, hashes=hashes), robust=True)
    return True


def bytes_forget(*, workspace_id: UUID, hashes: Iterable[str]) -> None:
    """Remove bytes from the storage that no row names; those that have come in again meanwhile stay."""
    for sha256 in hashes:
        with transaction.atomic():
            _bytes_lock(workspace_id, sha256)
            if not Blob.objects.filter(workspace_id=workspace_id, sha256=sha256).exists():
                storage.remove(Blob(workspace_id=workspace_id, sha256=sha256))


def documents_purge(*, documents: Iterable[Document], by: User | None) -> int:
    """Delete documents for good, each in a transaction of its own, so that a long list never holds locks for long."""
    return sum(document_purge(document=document, by=by) for document in documents)


def document_lock(*, document_id: UUID, wait: bool = True) -> bool:
    """Lock a document until the transaction ends; False if it is gone, or locked by somebody else and `wait` is off.

    Everybody locks in this order: bytes, document, run, part. Rows that point to it may be added meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK if wait else f"{LOCK} SKIP LOCKED", [document_id])
        return cursor.fetchone() is not None


def first_reading_create(*, version: DocumentVersion, producer: str, config_hash: str) -> Reading:
    """Begin the reading that a new document has as its current one, in the transaction that made the document."""
    return Reading.objects.create(
        pk=version.document.current_reading_id,
        workspace_id=version.workspace_id,
        version=version,
        producer=producer,
        config_hash=config_hash,
    )


def reading_create(*, document: Document, producer: str, config_hash: str) -> Reading:
    """Begin another reading of a document's newest version."""
    version = document.versions.order_by("-number")[0]
    return Reading.objects.create(
        workspace_id=document.workspace_id, version=version, producer=producer, config_hash=config_hash
    )


def reading_describe(*, reading: Reading, media_type: str, page_count: int | None, metadata: dict[str, Any]) -> None:
    """Note what opening the file told."""
    reading.media_type, reading.page_count, reading.metadata = media_type, page_count, metadata
    reading.save(update_fields=["media_type", "page_count", "metadata"])
    Document.objects.filter(current_reading=reading).update(media_type=media_type, page_count=page_count)
    Blob.objects.filter(pk=reading.version.blob_id, media_type="").update(media_type=media_type)


def reading_promote(*, document: Document, reading: Reading) -> None:
    """Make a reading the current one."""
    document.current_reading = reading
    document.media_type, document.page_count = reading.media_type, reading.page_count
    document.save(update_fields=["current_reading", "media_type", "page_count"])


def pages_store(*, contents: Sequence[PageContent]) -> None:
    """Store pages, each with its packed words and blocks; pages of the same numbers are replaced."""
    if not contents:
        return
    pages = [content.page for content in contents]
    numbers = [page.number for page in pages]
    reading_id = pages[0].reading_id
    if _PAGES.rows(reading_id=reading_id, first=min(numbers), last=max(numbers)):
        Page.objects.filter(reading_id=reading_id, number__in=numbers).delete()
    Page.objects.bulk_create(pages)
    PageContent.objects.bulk_create(contents)


def document_set_status(*, document_id: UUID, status: DocumentStatus, finished_at: datetime | None = None) -> None:
    """Keep the copy of the status that lists show."""
    Document.objects.filter(pk=document_id).update(status=status, finished_at=finished_at)


def document_note_progress(
    *, document_id: UUID, status: DocumentStatus | None = None, searchable_at: datetime | None = None
) -> None:
    """Note in one go that a document is being processed, and when its text could first be found."""
    changes: dict[str, Any] = {"status": status, "finished_at": None} if status else {}
    if searchable_at:
        changes["searchable_at"] = Coalesce("searchable_at", searchable_at)
    Document.objects.filter(pk=document_id).update(**changes)


def document_set_type(*, document_id: UUID, label: str, confidence: float | None, source: str) -> None:
    """Keep the copy of the type that lists show; a person's word is never overwritten by a model's."""
    documents = Document.objects.filter(pk=document_id)
    if source != "HUMAN":
        documents = documents.exclude(type_source="HUMAN")
    documents.update(type_label=label, type_confidence=confidence, type_source=source, type_certificate_id=None)
