"""Reading the index."""

import json
from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from numpy.typing import NDArray

from apps.documents.models import Document
from apps.search.models import PageIndex

_LEADING = """
    SELECT page_number, start, "end", vector::text FROM search_chunk
    WHERE reading_id = %s AND model = %s AND page_number <= %s
    ORDER BY page_number, start LIMIT %s
"""


class StoredPassage(NamedTuple):
    """A passage in the index: characters start:end of a page's text, and its vector, shape (dimensions,)."""

    page: int
    start: int
    end: int
    vector: NDArray[np.float32]


def passages_of(*, reading_id: UUID, model: str, last_page: int, most: int) -> list[StoredPassage]:
    """Return a reading's first passages, none beyond a page, in reading order."""
    with connection.cursor() as cursor:
        cursor.execute(_LEADING, [reading_id, model, last_page, most])
        rows = cursor.fetchall()
    return [
        StoredPassage(page, start, end, np.asarray(json.loads(vector), dtype=np.float32))
        for page, start, end, vector in rows
    ]


def documents_with_words(*, workspace_id: UUID, words: str) -> QuerySet[PageIndex, UUID]:
    """Return the ids of a workspace's documents with a page that has all the words (in a search engine's syntax).

    Only current readings count: while a document is read anew, the index holds what both readings found.
    """
    query = SearchQuery(words, config="docintel", search_type="websearch")
    current = Document.objects.filter(current_reading_id=OuterRef("reading_id"))
    pages = PageIndex.objects.filter(Exists(current), workspace_id=workspace_id, terms=query)
    return pages.values_list("document_id", flat=True)
