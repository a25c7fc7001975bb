"""Reading the index."""

from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, QuerySet

from apps.documents.models import Document
from apps.search.models import Chunk, PageIndex


def passage_vectors(*, reading_id: UUID, model: str, last_page: int) -> list[list[float]]:
    """Return the vectors of a reading's passages up to a page, in reading order."""
    chunks = Chunk.objects.filter(reading_id=reading_id, model=model, page_number__lte=last_page)
    chunks = chunks.order_by("page_number", "start")
    return [list(vector) for vector in chunks.values_list("vector", flat=True)]


def documents_with_words(*, workspace_id: UUID, words: str) -> QuerySet[PageIndex, UUID]:
    """Return the ids of a workspace's documents with a page that has all the words (in a search engine's syntax).

    Only current readings count: while a document is read anew, the index holds what both readings found.
    """
    query = SearchQuery(words, config="docintel", search_type="websearch")
    current = Document.objects.filter(current_reading_id=OuterRef("reading_id"))
    pages = PageIndex.objects.filter(Exists(current), workspace_id=workspace_id, terms=query)
    return pages.values_list("document_id", flat=True)
