"""Reading documents. `visible_to` is the only door to their rows."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, OuterRef, QuerySet

from apps.accounts.models import User
from apps.core.errors import NotFoundError
from apps.core.prepared import Given, Prepared
from apps.documents.blocks import BlockRow
from apps.documents.blocks import unpack as unpack_blocks
from apps.documents.models import (
    Blob,
    Document,
    DocumentStatus,
    DocumentVersion,
    Page,
    PageContent,
    Reading,
    Tag,
    TagDecision,
)
from apps.documents.words import WordRow, unpack

UNFINISHED = (DocumentStatus.QUEUED, DocumentStatus.PROCESSING)
_READING = Prepared(lambda: Reading.objects.filter(pk=Given("reading_id")))


def visible_to(*, user: User, workspace_id: UUID | None = None, in_trash: bool = False) -> QuerySet[Document]:
    """Return the documents of the user's workspaces (or of one of them), without or only those in the trash."""
    documents = Document.objects.filter(workspace__memberships__user=user, deleted_at__isnull=not in_trash)
    if workspace_id is not None:
        documents = documents.filter(workspace_id=workspace_id)
    return documents


def document_get(
    *, user: User, document_id: UUID, workspace_id: UUID | None = None, in_trash: bool = False
) -> Document:
    """Return one visible document; raises NotFoundError, for strangers' documents as well.

    With it come its `refused_tags`: the names of those that people said do not belong on it.
    """
    found = _with_refused_tags(visible_to(user=user, workspace_id=workspace_id, in_trash=in_trash))
    found = found.select_related("current_reading", "workspace", "created_by").prefetch_related("tags")
    return _the_one(found, document_id)


def document_with_tag_names(*, user: User, document_id: UUID, workspace_id: UUID) -> Document:
    """Return one visible document as `with_tag_names` gives it, with `refused_tags`; raises NotFoundError."""
    found = _with_refused_tags(visible_to(user=user, workspace_id=workspace_id))
    return _the_one(with_tag_names(found), document_id)


def _with_refused_tags(documents: QuerySet[Document]) -> QuerySet[Document]:
    refused = TagDecision.objects.filter(document_id=OuterRef("pk"), is_wanted=False).order_by("tag__name")
    return documents.annotate(refused_tags=ArraySubquery(refused.values("tag__name")))


def _the_one(documents: QuerySet[Document], document_id: UUID) -> Document:
    document = documents.filter(pk=document_id).order_by().first()
    if document is None:
        raise NotFoundError("There is no such document.")
    return document


def with_tag_names(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Let documents come with `tag_names`, in order: objects for their tags would take as long as their rows."""
    names = Tag.objects.filter(documents=OuterRef("pk")).order_by("name").values("name")
    return documents.annotate(tag_names=ArraySubquery(names))


def upload_of(*, workspace_id: UUID, sha256: str) -> Document | None:
    """Return the document that came in as these bytes, in the trash or not."""
    versions = DocumentVersion.objects.filter(is_upload=True, blob__workspace_id=workspace_id, blob__sha256=sha256)
    version = versions.select_related("document").first()
    return version.document if version else None


def original_of(*, document: Document) -> Blob:
    """Return the blob of the newest version."""
    blob = Blob.objects.filter(versions__document=document).order_by("-versions__number").first()
    if blob is None:
        raise NotFoundError("This document has no file.")
    return blob


_PARTS_SQL = """
WITH RECURSIVE family (id) AS (
    SELECT id FROM documents_document WHERE parent_id = ANY(%(ids)s)
    UNION
    SELECT part.id FROM documents_document AS part JOIN family ON part.parent_id = family.id
)
SELECT id FROM family
"""


def parts_below(*, ids: Sequence[UUID]) -> list[UUID]:
    """Return the ids of the parts of documents, and of their parts, however deep."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTS_SQL, {"ids": list(ids)})
        return [part_id for (part_id,) in cursor.fetchall()]


def parts_of(*, document: Document) -> QuerySet[Document]:
    """Return a document's own parts that are in or out of the trash as it is, in the order they were made."""
    return document.children.filter(deleted_at__isnull=document.deleted_at is None).order_by("pk")


def ancestors_of(*, document: Document) -> list[Document]:
    """Return what a document is a part of: its parent, the parent's parent, up to the file that came in."""
    found: list[Document] = []
    while document.parent is not None:
        document = document.parent
        found.append(document)
    return found


def pages_of(*, document: Document, first: int = 1, last: int | None = None) -> QuerySet[Page]:
    """Return the pages of the current reading, by number from `first` to `last` (None: to the end)."""
    pages = Page.objects.filter(reading=document.current_reading_id, number__gte=first).order_by("number")
    return pages if last is None else pages.filter(number__lte=last)


def reading_get(*, reading_id: UUID) -> Reading:
    """Return a reading by itself; raises Reading.DoesNotExist."""
    return _READING.one(reading_id=reading_id)


def words_of(*, page_ids: Iterable[UUID]) -> dict[UUID, list[WordRow]]:
    """Return the words of pages, by page id."""
    contents = PageContent.objects.filter(page_id__in=list(page_ids)).only("words")
    return {content.page_id: unpack(bytes(content.words)) for content in contents}


def blocks_of(*, page_ids: Iterable[UUID]) -> dict[UUID, list[BlockRow]]:
    """Return the blocks of pages that were laid out, by page id."""
    contents = PageContent.objects.filter(page_id__in=list(page_ids), blocks__isnull=False).only("blocks")
    return {content.page_id: unpack_blocks(bytes(content.blocks or b"")) for content in contents}


def tags_in(*, workspace_id: UUID) -> QuerySet[Tag]:
    """Return a workspace's tags by name."""
    return Tag.objects.filter(workspace_id=workspace_id).order_by("name")


_SAID_SQL = """
SELECT EXISTS (SELECT 1 FROM documents_document WHERE id = %(document)s AND tags_confirmed_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM documents_tagdecision WHERE document_id = %(document)s)
"""


def tags_were_said(*, document_id: UUID) -> bool:
    """Tell whether somebody spoke of a document's tags."""
    with connection.cursor() as cursor:
        cursor.execute(_SAID_SQL, {"document": document_id})
        return bool(cursor.fetchone()[0])


# One probe of the index document_type for each type, where DISTINCT would read the row of every document.
_TYPES_SQL = """
WITH RECURSIVE found (label) AS (
    SELECT (SELECT min(type_label) FROM documents_document WHERE workspace_id = %(workspace)s AND type_label > '')
    UNION ALL
    SELECT (
        SELECT min(type_label) FROM documents_document WHERE workspace_id = %(workspace)s AND type_label > found.label
    )
    FROM found
    WHERE found.label IS NOT NULL
)
SELECT label FROM found WHERE label IS NOT NULL
"""


def types_in(*, workspace_id: UUID) -> list[str]:
    """Return the slugs of the types that a workspace's documents have, those in the trash included."""
    with connection.cursor() as cursor:
        cursor.execute(_TYPES_SQL, {"workspace": workspace_id})
        return [label for (label,) in cursor.fetchall()]


def status_counts(*, user: User, workspace_id: UUID) -> dict[str, int]:
    """Count a workspace's documents by status."""
    return count_by_status(documents=visible_to(user=user, workspace_id=workspace_id))


def count_by_type(*, documents: QuerySet[Document]) -> dict[str, int]:
    """Count documents by type; "" stands for those that have none."""
    rows = documents.order_by().values("type_label").annotate(count=Count("id"))
    return {row["type_label"]: row["count"] for row in rows}


def count_by_status(*, documents: QuerySet[Document]) -> dict[str, int]:
    """Count documents by status."""
    rows = documents.order_by().values("status").annotate(count=Count("id"))
    return {row["status"]: row["count"] for row in rows}


def first_read(*, document_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the documents that have one reading only: nobody can have seen another machine's word on them."""
    readings = Reading.objects.filter(version__document_id__in=list(document_ids)).order_by()
    counted = readings.values_list("version__document_id").annotate(count=Count("id"))
    return {document_id for document_id, count in counted if count == 1}
