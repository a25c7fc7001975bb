"""Reading the index."""

from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, QuerySet
from numpy.typing import NDArray

from apps.documents.models import Document
from apps.search.models import Chunk, PageIndex


class StoredPassage(NamedTuple):
    """A passage in the index: characters start:end of a page's text, and its vector, shape (dimensions,)."""

    page: int
    start: int
    end: int
    vector: NDArray[np.float32]


def passages_of(*, reading_id: UUID, model: str, last_page: int, most: int) -> list[StoredPassage]:
    """Return a reading's first passages, none beyond a page, in reading order."""
    chunks = Chunk.objects.filter(reading_id=reading_id, model=model, page_number__lte=last_page)
    rows = chunks.order_by("page_number", "start").values_list("page_number", "start", "end", "vector")[:most]
    return [StoredPassage(page, start, end, np.asarray(vector, dtype=np.float32)) for page, start, end, vector in rows]


def documents_with_words(*, workspace_id: UUID, words: str) -> QuerySet[PageIndex, UUID]:
    """Return the ids of a workspace's documents with a page that has all the words (in a search engine's syntax).

    Only current readings count: while a document is read anew, the index holds what both readings found.
    """
    query = SearchQuery(words, config="docintel", search_type="websearch")
    current = Document.objects.filter(current_reading_id=OuterRef("reading_id"))
    pages = PageIndex.objects.filter(Exists(current), workspace_id=workspace_id, terms=query)
    return pages.values_list("document_id", flat=True)
