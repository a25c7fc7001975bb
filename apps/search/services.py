"""Keeping the index: pages' terms and passages' vectors, in place of what was there for the same pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db import connection, transaction

from apps.documents.models import Reading
from apps.search.models import Chunk, PageIndex

# The configuration `docintel` (see migration 0001) drops accents and stems English.
INDEX = """
    INSERT INTO search_pageindex (workspace_id, document_id, reading_id, page_number, terms)
    SELECT %s, %s, %s, number, to_tsvector('docintel', left(text, 400000))
    FROM unnest(%s::int[], %s::text[]) AS page (number, text)
    ON CONFLICT (reading_id, page_number) DO UPDATE SET terms = excluded.terms
"""
# One statement for any number of passages, which a worker keeps prepared.
STORE = """
    INSERT INTO search_chunk (workspace_id, document_id, reading_id, model, page_number, start, "end", vector)
    SELECT %s, %s, %s, %s, number, start, "end", vector::halfvec
    FROM unnest(%s::int[], %s::int[], %s::int[], %s::text[]) AS passage (number, start, "end", vector)
"""


class PageText(Protocol):
    """A page as far as the index needs it."""

    @property
    def number(self) -> int:
        """Its number, from 1."""

    @property
    def text(self) -> str:
        """What it says."""


def index_pages(*, document_id: UUID, reading: Reading, pages: Sequence[PageText]) -> None:
    """Put pages into the full-text index."""
    numbers, texts = [page.number for page in pages], [page.text for page in pages]
    with connection.cursor() as cursor:
        cursor.execute(INDEX, [reading.workspace_id, document_id, reading.pk, numbers, texts])


@dataclass(frozen=True)
class Passage:
    """A passage of a page (character offsets) with its unit-length vector of 384 numbers."""

    page_number: int
    start: int
    end: int
    vector: Sequence[float]


def index_passages(
    *, document_id: UUID, reading: Reading, model: str, first: int, last: int, passages: Sequence[Passage]
) -> None:
    """Put the passages of pages `first` to `last` into the vector index."""
    old = Chunk.objects.filter(reading_id=reading.pk, model=model, page_number__gte=first, page_number__lte=last)
    old.delete()
    numbers = [passage.page_number for passage in passages]
    starts, ends = [passage.start for passage in passages], [passage.end for passage in passages]
    vectors = [_as_text(passage.vector) for passage in passages]
    with connection.cursor() as cursor:
        cursor.execute(STORE, [reading.workspace_id, document_id, reading.pk, model, numbers, starts, ends, vectors])


def _as_text(vector: Sequence[float]) -> str:
    """Write a vector as PostgreSQL reads it: five digits, where half precision keeps three to four."""
    return f"[{','.join(('%.5g',) * len(vector))}]" % tuple(vector)


def reading_take_over(*, before: UUID, after: UUID) -> None:
    """Hand on a reading's place in the index to the one that takes over its pages."""
    PageIndex.objects.filter(reading_id=before).update(reading_id=after)
    Chunk.objects.filter(reading_id=before).update(reading_id=after)


def forget_reading(*, reading_id: UUID) -> None:
    """Take a reading out of the index."""
    PageIndex.objects.filter(reading_id=reading_id).delete()
    Chunk.objects.filter(reading_id=reading_id).delete()


def forget_document(*, document_id: UUID) -> None:
    """Take a document out of the index."""
    PageIndex.objects.filter(document_id=document_id).delete()
    Chunk.objects.filter(document_id=document_id).delete()


REBUILD = """
    INSERT INTO search_pageindex (workspace_id, document_id, reading_id, page_number, terms)
    SELECT page.workspace_id, version.document_id, page.reading_id, page.number,
           to_tsvector('docintel', left(page.text, 400000))
    FROM documents_page AS page
    JOIN documents_reading AS reading ON reading.id = page.reading_id
    JOIN documents_documentversion AS version ON version.id = reading.version_id
"""


@transaction.atomic
def index_rebuild() -> int:
    """Drop the full-text index and build it anew from the stored pages; returns how many there are.

    Searches go on with the old rows until it is done; pages that are stored meanwhile wait for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE search_pageindex IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM search_pageindex")
        cursor.execute(REBUILD)
        return int(cursor.rowcount)
