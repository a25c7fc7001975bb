"""Semantic search: the passages whose vectors are nearest to the query's."""

from typing import Any, Final
from uuid import UUID

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import QuerySet

from apps.documents.models import Document
from apps.search.matches import Match, best_first, visible_sql
from apps.search.vectors import Answer

EXACT_UP_TO: Final = 10_000  # passages; an exact scan of so many takes some 10 ms and cannot miss
NEAREST: Final = 600
COUNT_TTL_S: Final = 60

COUNT: Final = "SELECT count(*) FROM (SELECT 1 FROM search_chunk WHERE workspace_id = %s LIMIT %s) AS found"
# MATERIALIZED keeps the planner from answering through the graph index.
EXACT: Final = """
    WITH visible AS ({visible}),
    mine AS MATERIALIZED (
        SELECT chunk.document_id, chunk.page_number, chunk.start, chunk."end", chunk.vector <=> %s::halfvec AS distance
        FROM search_chunk AS chunk JOIN visible ON visible.current_reading_id = chunk.reading_id
        WHERE chunk.workspace_id = %s AND chunk.model = %s
    )
    SELECT * FROM mine ORDER BY distance LIMIT %s
"""
GRAPH: Final = """
    WITH visible AS ({visible})
    SELECT document_id, page_number, start, "end", vector <=> %s::halfvec AS distance FROM search_chunk
    WHERE workspace_id = %s AND model = %s AND reading_id IN (SELECT current_reading_id FROM visible)
    ORDER BY distance LIMIT %s
"""
# Without an iterative scan a filtered graph search can silently find nothing.
SETTINGS: Final = "SET LOCAL hnsw.iterative_scan = relaxed_order; SET LOCAL hnsw.ef_search = 200"


def find_by_meaning(*, documents: QuerySet[Document], workspace_id: UUID, answer: Answer) -> list[Match]:
    """Rank documents by their nearest passage; the score is the cosine similarity."""
    visible, params = visible_sql(documents)
    vector = f"[{','.join(f'{number:.6g}' for number in answer.vector)}]"
    values = [*params, vector, workspace_id, answer.model, NEAREST]
    with transaction.atomic(), connection.cursor() as cursor:
        if _is_small(workspace_id):
            cursor.execute(EXACT.format(visible=visible), values)
        else:
            cursor.execute(SETTINGS)
            cursor.execute(GRAPH.format(visible=visible), values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return best_first(Match(row[0], row[1], 1 - float(row[4]), row[2], row[3]) for row in rows)


def _is_small(workspace_id: UUID) -> bool:
    def count() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [workspace_id, EXACT_UP_TO + 1])
            return bool(cursor.fetchone()[0] <= EXACT_UP_TO)

    return bool(cache.get_or_set(f"search-small:{workspace_id}", count, timeout=COUNT_TTL_S))
