"""What the two ways of searching give: each document's best page, and how well it fits."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.documents.models import Document


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
    return list({match.document_id: match for match in reversed(ranked)}.values())[::-1]


def fuse(rankings: Iterable[list[Match]], *, constant: int = 60) -> list[Match]:
    """Join rankings by reciprocal rank fusion (Cormack, Clarke and Buettcher, 2009); pages come from the first one."""
    scores: dict[UUID, float] = {}
    shown: dict[UUID, Match] = {}
    for ranking in rankings:
        for place, match in enumerate(ranking, 1):
            scores[match.document_id] = scores.get(match.document_id, 0.0) + 1 / (constant + place)
            shown.setdefault(match.document_id, match)
    joined = [
        Match(match.document_id, match.page, scores[match.document_id], match.start, match.end)
        for match in shown.values()
    ]
    return best_first(joined)
