"""Full-text search: candidates from the index, ranked by BM25 (ts_rank knows nothing of how rare a word is)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import QuerySet
from numpy.typing import NDArray

from apps.documents.models import Document
from apps.search.matches import Match, best_first, visible_sql
from apps.search.terms import Query, Statistics, statistics

MOST_CANDIDATES: Final = 1_000
FEW: Final = 20  # with fewer pages that hold all words, pages that hold some of them follow
K1, B = 1.2, 0.75  # the usual constants of BM25
TITLE_WEIGHT: Final = 0.6  # of a word's weight, for one in the title or the file's name

# ts_filter() with all weights unpacks a stored vector once, instead of once for every word.
CANDIDATES: Final = """
    WITH visible AS ({visible}),
    candidate AS MATERIALIZED (
        SELECT page.document_id, page.page_number, ts_filter(page.terms, '{{a,b,c,d}}') AS terms
        FROM search_pageindex AS page JOIN visible ON visible.current_reading_id = page.reading_id
        WHERE page.workspace_id = %s AND page.terms @@ %s::tsquery
        LIMIT %s
    )
    SELECT document_id, page_number, length(terms), ARRAY[{ranks}] FROM candidate
"""
# The same expression as the index `document_words` has.
TITLE: Final = "to_tsvector('docintel', translate(title || ' ' || file_name, '._-', '   '))"
TITLES: Final = """
    WITH visible AS ({visible}),
    titled AS MATERIALIZED (
        SELECT document.id, {title} AS terms FROM documents_document AS document JOIN visible USING (id)
        WHERE document.workspace_id = %s AND {title} @@ %s::tsquery
        LIMIT %s
    )
    SELECT id, terms @@ %s::tsquery, ARRAY[{ranks}] FROM titled
"""


@dataclass(frozen=True)
class _Title:
    """How well a title fits, and whether it answers the query by itself."""

    score: float
    is_strict: bool


def find_by_words(*, documents: QuerySet[Document], workspace_id: UUID, query: Query) -> list[Match]:
    """Rank the pages of these documents; those that answer the query strictly come first."""
    if not query.words:
        return []
    known = statistics(workspace_id=workspace_id, words=query.words)
    search = _Search(documents, workspace_id, query, _weights(query.words, known))
    rare = " | ".join(_rarest(query.words, known))
    titles = search.titles(rare)
    strict = _boosted(search.pages(query.strict), titles)
    strict += _title_only({key: title for key, title in titles.items() if title.is_strict}, strict)
    if not query.is_plain or len(strict) >= FEW:
        return best_first(strict)
    relaxed = _boosted(search.pages(rare), titles)
    lead = max((match.score for match in relaxed), default=0.0)  # lifts strict matches over all others
    lifted = [replace(match, score=match.score + lead) for match in strict]
    return best_first([*lifted, *relaxed, *_title_only(titles, [*strict, *relaxed])])


def _weights(words: Sequence[str], known: Statistics) -> NDArray[np.float64]:
    """Return each word's inverse document frequency."""
    holding = np.minimum(np.array([known.holding[word] for word in words], dtype=float), known.pages)
    return np.asarray(np.log1p((known.pages - holding + 0.5) / (holding + 0.5)))


def _rarest(words: Sequence[str], known: Statistics) -> list[str]:
    """Choose the rarest words whose pages together fill the candidates; the others only count in the ranking."""
    chosen, pages = [], 0
    for word in sorted(words, key=lambda word: known.holding[word]):
        chosen.append(word)
        pages += known.holding[word]
        if pages >= MOST_CANDIDATES:
            break
    return chosen


def _occurrences(ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tell from ts_rank how often a single word occurs.

    For one word without weights ts_rank is 0.1 * (1/1 + 1/4 + ... + 1/n^2) / (pi^2 / 6); the rest of that series is
    1 / (n + 1/2) to within 5 %.
    """
    missing = np.pi**2 / 6 * (1 - np.minimum(ranks / 0.1, 0.9999))
    return np.where(ranks > 0, 1 / missing - 0.5, 0.0)


@dataclass(frozen=True)
class _Search:
    """One query over one set of documents; `weights` as `query.words`."""

    documents: QuerySet[Document]
    workspace_id: UUID
    query: Query
    weights: NDArray[np.float64]

    def pages(self, asked: str) -> list[Match]:
        """Score pages that answer a query in PostgreSQL's form by all words."""
        visible, params = visible_sql(self.documents)
        ranks = ", ".join(["ts_rank(terms, %s::tsquery)"] * len(self.query.words))
        values = [*params, self.workspace_id, asked, MOST_CANDIDATES, *self.query.words]
        rows = _rows(CANDIDATES.format(visible=visible, ranks=ranks), values)
        if not rows:
            return []
        lengths = np.array([row[2] for row in rows], dtype=float)
        counts = _occurrences(np.array([row[3] for row in rows], dtype=float))
        norm = K1 * (1 - B + B * lengths / lengths.mean())
        scores = (counts * (K1 + 1) / (counts + norm[:, None])) @ self.weights
        return [Match(row[0], row[1], float(score)) for row, score in zip(rows, scores, strict=True)]

    def titles(self, asked: str) -> dict[UUID, _Title]:
        """Score documents whose title or file name answers a query in PostgreSQL's form by all words."""
        visible, params = visible_sql(self.documents)
        ranks = ", ".join(["ts_rank(terms, %s::tsquery)"] * len(self.query.words))
        sql = TITLES.format(visible=visible, ranks=ranks, title=TITLE)
        query = self.query
        rows = _rows(sql, [*params, self.workspace_id, asked, MOST_CANDIDATES, query.strict, *query.words])
        hits = [(np.array(row[2], dtype=float) > 0) @ self.weights for row in rows]
        return {row[0]: _Title(TITLE_WEIGHT * float(hit), row[1]) for row, hit in zip(rows, hits, strict=True)}


def _boosted(matches: Sequence[Match], titles: dict[UUID, _Title]) -> list[Match]:
    nothing = _Title(0.0, is_strict=False)
    return [replace(match, score=match.score + titles.get(match.document_id, nothing).score) for match in matches]


def _title_only(titles: dict[UUID, _Title], found: Sequence[Match]) -> list[Match]:
    """Give the documents that were found by title alone, with their first page."""
    known = {match.document_id for match in found}
    return [Match(identifier, 1, title.score) for identifier, title in titles.items() if identifier not in known]


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
