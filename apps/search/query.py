"""The search over a workspace's documents: by words, by meaning, or both; one result a document."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args
from uuid import UUID

from django.db.models import BooleanField, Count, QuerySet
from django.db.models.expressions import RawSQL

from apps.accounts.models import User
from apps.core.errors import UserError
from apps.documents.models import Document
from apps.documents.selectors import visible_to
from apps.search import cursors, vectors
from apps.search.by_meaning import find_by_meaning
from apps.search.by_words import find_by_words
from apps.search.matches import LEAST_COSINE, Match, blend
from apps.search.snippets import snippets
from apps.search.terms import Query, parse

Mode = Literal["hybrid", "text", "semantic"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
LARGEST_PAGE: Final = 100


class UnknownModeError(UserError):
    """There is no such way of searching."""

    code = "unknown_mode"
    message = "The mode is one of hybrid, text and semantic."


@dataclass(frozen=True)
class SearchFilters:
    """Which documents are searched; empty: all. `statuses` as in the database, `types` as slugs ("": not typed)."""

    types: Sequence[str] = ()
    statuses: Sequence[str] = ()
    tags: Sequence[str] = ()
    received_after: datetime | None = None
    received_before: datetime | None = None

    def apply(self, documents: QuerySet[Document]) -> QuerySet[Document]:
        """Narrow a queryset down."""
        if self.types:
            documents = documents.filter(type_label__in=self.types)
        if self.statuses:
            documents = documents.filter(status__in=self.statuses)
        if self.tags:
            tagged = Document.tags.through.objects.filter(tag__name__in=self.tags).values("document_id")
            documents = documents.filter(pk__in=tagged)
        if self.received_after:
            documents = documents.filter(received_at__gte=self.received_after)
        if self.received_before:
            documents = documents.filter(received_at__lt=self.received_before)
        return documents


@dataclass(frozen=True)
class SearchHit:
    """A document, its best page, and a snippet of it (HTML: escaped text with <mark>). Scores compare in one answer."""

    document: Document
    page: int
    score: float
    snippet: str


@dataclass(frozen=True)
class SearchAnswer:
    """One page of results; facets count all of them; `degraded` names what was left out ("semantic")."""

    results: list[SearchHit]
    facets: dict[str, dict[str, int]]
    degraded: list[str]
    next_cursor: str | None
    total: int


def search(
    *,
    user: User,
    workspace_id: UUID,
    q: str,
    mode: str = "hybrid",
    page_size: int = 20,
    cursor: str | None = None,
    filters: SearchFilters | None = None,
) -> SearchAnswer:
    """Find documents; raises UnknownModeError and InvalidCursorError. At most some 2,000 documents are ranked."""
    if mode not in MODES:
        raise UnknownModeError
    query = parse(q)
    documents = (filters or SearchFilters()).apply(visible_to(user=user, workspace_id=workspace_id))
    ranking, degraded = _rank(documents, workspace_id, q, query, mode)
    start = cursors.after(ranking, cursor)
    shown = ranking[start : start + max(1, min(page_size, LARGEST_PAGE))]
    return SearchAnswer(
        results=_hits(documents, shown, query),
        facets=_facets(documents, ranking),
        degraded=degraded,
        next_cursor=cursors.encode(shown[-1]) if start + len(shown) < len(ranking) else None,
        total=len(ranking),
    )


def _rank(
    documents: QuerySet[Document], workspace_id: UUID, q: str, query: Query, mode: str
) -> tuple[list[Match], list[str]]:
    """Search in the asked ways; the text is searched while the encoder works on the query's vector."""
    if not q.strip():
        return [], []
    request = vectors.ask(q) if mode != "text" else None
    words = find_by_words(documents=documents, workspace_id=workspace_id, query=query) if mode != "semantic" else []
    if mode == "text":
        return words, []
    answer = vectors.collect(request)
    if answer is None:
        return words, ["semantic"]
    meaning = find_by_meaning(documents=documents, workspace_id=workspace_id, answer=answer)
    if mode == "semantic":
        return [match for match in meaning if match.score >= LEAST_COSINE], []
    return blend(words=words, meaning=meaning), []


def _hits(documents: QuerySet[Document], shown: Sequence[Match], query: Query) -> list[SearchHit]:
    rows = documents.filter(pk__in=[match.document_id for match in shown]).prefetch_related("tags")
    by_id = {document.pk: document for document in rows}
    texts = snippets(matches=shown, query=query)
    return [
        SearchHit(by_id[match.document_id], match.page, round(match.score, 6), texts.get(match.document_id, ""))
        for match in shown
        if match.document_id in by_id
    ]


def _facets(documents: QuerySet[Document], ranking: Sequence[Match]) -> dict[str, dict[str, int]]:
    """Count all results by type and by status, the most frequent first."""
    # One array instead of a thousand parameters, which Django is slow to write.
    one_of = RawSQL("documents_document.id = ANY(%s)", [[match.document_id for match in ranking]], BooleanField())
    found = documents.filter(one_of).order_by()
    by_type: Counter[str] = Counter()
    by_status: Counter[str] = Counter()
    for label, status, count in found.values_list("type_label", "status").annotate(count=Count("id")):
        by_type[label] += count
        by_status[status.lower()] += count
    return {"type": _frequent_first(by_type), "status": _frequent_first(by_status)}


def _frequent_first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
