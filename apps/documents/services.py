"""Changing documents: creating, naming, tagging, trashing; the copies of status and type that lists show."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.accounts.models import User
from apps.core import audit, outbox
from apps.core.clock import now
from apps.core.generations import bump_on_commit
from apps.documents import storage
from apps.documents.models import Blob, Document, DocumentStatus, DocumentVersion, Page, PageContent, Reading, Tag
from apps.documents.storage import StoredBytes

TITLE_LENGTH = 250
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Created:
    """A document, and whether its bytes were there before."""

    document: Document
    duplicate: bool


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
    """Make a document of received bytes, or return the first one that has them; the caller holds a transaction."""
    blob = _blob_of(workspace_id, stored)
    storage.keep(stored, workspace_id=workspace_id)
    first = DocumentVersion.objects.filter(blob=blob, is_upload=True).select_related("document").first()
    if first is not None:
        return Created(document=first.document, duplicate=True)
    file_name = _one_line(file_name)
    document = Document.objects.create(
        workspace_id=workspace_id,
        title=(_one_line(title) or file_name)[:TITLE_LENGTH],
        file_name=file_name[:TITLE_LENGTH],
        source=source,
        created_by=by,
        received_at=at or now(),
    )
    DocumentVersion.objects.create(workspace_id=workspace_id, document=document, blob=blob)
    if tags:
        _set_tags(document, tags)
    _record("document.create", document, by, {"file_name": file_name, "source": source})
    return Created(document=document, duplicate=False)


def _one_line(name: str) -> str:
    """Replace what cannot be shown or sent in a header: on disk a file's name may hold line breaks."""
    return _CONTROLS.sub(" ", name).strip()


def _blob_of(workspace_id: UUID, stored: StoredBytes) -> Blob:
    """Return the row of these bytes, made if missing; of two uploads of the same bytes one waits here."""
    _bytes_lock(workspace_id, stored.sha256)
    blob = Blob(workspace_id=workspace_id, sha256=stored.sha256, size=stored.size)
    Blob.objects.bulk_create([blob], ignore_conflicts=True)  # locks no row that is there: readers describe it
    return Blob.objects.get(workspace_id=workspace_id, sha256=stored.sha256)


def _bytes_lock(workspace_id: UUID, sha256: str) -> None:
    """Lock bytes until the transaction ends, whether a row names them or not.

    The first of all locks (bytes, document, run, part): who brings, deletes or removes the same bytes waits here.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{workspace_id}/{sha256}"])


def _set_tags(document: Document, names: Iterable[str]) -> None:
    wanted = sorted({name.strip()[:60] for name in names if name.strip()})
    tags = [Tag.objects.get_or_create(workspace_id=document.workspace_id, name=name)[0] for name in wanted]
    document.tags.set(tags)


def _record(action: str, document: Document, by: User | None, data: dict[str, Any]) -> None:
    bump_on_commit(document.workspace_id)
    audit.record(
        action=action,
        object_kind="document",
        object_id=document.pk,
        workspace_id=document.workspace_id,
        actor=by,
        data=data,
    )


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
        _set_tags(document, tags)
    if changed:
        _record("document.update", document, by, changed)


@transaction.atomic
def documents_tag(*, documents: Sequence[Document], name: str, by: User) -> int:
    """Add one tag to documents; returns how many."""
    for document in documents:
        tag, _ = Tag.objects.get_or_create(workspace_id=document.workspace_id, name=name.strip()[:60])
        document.tags.add(tag)
        _record("document.tag", document, by, {"tag": tag.name})
    return len(documents)


def _in_order(documents: Iterable[Document]) -> list[Document]:
    """Sort documents as everybody does who changes several: in different orders two would wait for each other."""
    return sorted(documents, key=lambda document: document.pk)


@transaction.atomic
def documents_trash(*, documents: Sequence[Document], by: User | None, at: datetime | None = None) -> int:
    """Move documents to the trash; returns how many."""
    for document in _in_order(documents):
        document.deleted_at = at or now()
        document.save(update_fields=["deleted_at"])
        _record("document.trash", document, by, {})
    return len(documents)


@transaction.atomic
def documents_restore(*, documents: Sequence[Document], by: User | None) -> int:
    """Take documents out of the trash; returns how many."""
    for document in _in_order(documents):
        document.deleted_at = None
        document.save(update_fields=["deleted_at"])
        _record("document.restore", document, by, {})
    return len(documents)


@transaction.atomic
def document_purge(*, document: Document, by: User | None) -> bool:
    """Delete a document for good, with its bytes where no other document has them.

    False, and nothing done, where somebody deleted it or took it out of the trash since it was chosen.
    """
    blobs = list(Blob.objects.filter(versions__document=document).order_by("sha256").distinct())
    for blob in blobs:
        _bytes_lock(blob.workspace_id, blob.sha256)
    locked = Document.objects.select_for_update(of=("self",)).filter(pk=document.pk).first()
    if locked is None or (document.deleted_at is not None and locked.deleted_at is None):
        return False
    _record("document.purge", document, by, {"title": document.title})
    locked.delete()
    unused = [blob for blob in blobs if not blob.versions.exists()]
    for blob in unused:
        blob.delete()
    outbox.publish(
        kind="document.purged",
        workspace_id=document.workspace_id,
        subject_id=document.pk,
        data={"unused": [blob.sha256 for blob in unused]},
    )
    transaction.on_commit(
        lambda: bytes_forget(workspace_id=document.workspace_id, hashes=[blob.sha256 for blob in unused]), robust=True
    )
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


def reading_create(*, document: Document, producer: str, config_hash: str) -> Reading:
    """Begin a new reading of the newest version; the first one of a document is its current one at once."""
    version = document.versions.order_by("-number")[0]
    reading = Reading.objects.create(
        workspace_id=document.workspace_id, version=version, producer=producer, config_hash=config_hash
    )
    if document.current_reading_id is None:
        document.current_reading = reading
        document.save(update_fields=["current_reading"])
    return reading


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


def pages_store(*, pages: Sequence[Page], words: Sequence[bytes]) -> None:
    """Store pages with their packed words; pages of the same numbers are replaced."""
    if not pages:
        return
    numbers = [page.number for page in pages]
    Page.objects.filter(reading_id=pages[0].reading_id, number__in=numbers).delete()
    Page.objects.bulk_create(pages)
    PageContent.objects.bulk_create(
        [PageContent(page=page, words=packed) for page, packed in zip(pages, words, strict=True)]
    )


def document_set_status(*, document_id: UUID, status: DocumentStatus, finished_at: datetime | None = None) -> None:
    """Keep the copy of the status that lists show."""
    Document.objects.filter(pk=document_id).update(status=status, finished_at=finished_at)


def document_mark_searchable(*, document_id: UUID, at: datetime) -> None:
    """Note when a document's text could first be found."""
    Document.objects.filter(pk=document_id, searchable_at__isnull=True).update(searchable_at=at)


def document_set_type(*, document_id: UUID, label: str, confidence: float | None, source: str) -> None:
    """Keep the copy of the type that lists show; a person's word is never overwritten by a model's."""
    documents = Document.objects.filter(pk=document_id)
    if source != "HUMAN":
        documents = documents.exclude(type_source="HUMAN")
    documents.update(type_label=label, type_confidence=confidence, type_source=source)
