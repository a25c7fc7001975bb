"""What the two ways of searching give: each document's best page, and how well it fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from apps.documents.models import Document

MEANING_WEIGHT: Final = 1.5  # flat between 1 and 3 on Cranfield's 225 queries: nDCG@10 .56 to .57
LEAST_COSINE: Final = 0.25  # below it passages are unrelated: 99 of 100 relevant ones of Cranfield lie above .2


@dataclass(frozen=True)
class Match:
    """A document's best page; `start` and `end` name the passage where there is one (characters of the page's text)."""

    document_id: UUID
    page: int
    score: float
    start: int | None = None
    end: int | None = None


def visible_sql(documents: QuerySet[Document]) -> tuple[str, tuple[Any, ...]]:
    """Turn a queryset of visible documents into SQL with the columns `id` and `current_reading_id`."""
    chosen = documents.order_by().values("id", "current_reading_id")
    sql, params = chosen.query.sql_with_params()
    return sql, tuple(params)


def best_first(matches: Iterable[Match]) -> list[Match]:
    """Keep each document's best match, best first; equals by document, newest first, so that pages are stable."""
    ranked = sorted(matches, key=lambda match: (match.score, match.document_id, -match.page), reverse=True)
    best: dict[UUID, Match] = {}
    for match in ranked:
        best.setdefault(match.document_id, match)
    return list(best.values())


def blend(*, words: Sequence[Match], meaning: Sequence[Match]) -> list[Match]:
    """Join a ranking by words and one by meaning as a convex combination of their scores.

    Full-text scores are divided by the best one, cosines are used as they are (Bruch, Gai and Ingber, "An analysis of
    fusion functions for hybrid retrieval", 2023). The page is the one that holds the words, where there is one.
    """
    best = max((match.score for match in words), default=0.0) or 1.0
    joined = {match.document_id: replace(match, score=match.score / best) for match in words}
    for match in meaning:
        known = joined.get(match.document_id)
        if known is not None:
            joined[match.document_id] = replace(known, score=known.score + MEANING_WEIGHT * match.score)
        elif match.score >= LEAST_COSINE:
            joined[match.document_id] = replace(match, score=MEANING_WEIGHT * match.score)
    return best_first(joined.values())
