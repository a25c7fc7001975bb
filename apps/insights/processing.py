"""Figures about how processing goes: durations, throughput, failures and what needs a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from apps.documents.models import Document, DocumentStatus
from apps.review.models import ReviewTask

DAYS: Final = 30
TROUBLED: Final = (DocumentStatus.FAILED, DocumentStatus.PARTIAL)

# What is read beside changes nothing of its document and counts nowhere here.
# Documents may be received with an older date than that of their upload (samples, mail), so the later one counts.
SEARCHABLE: Final = """
    SELECT percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY seconds), count(*) FROM (
        SELECT extract(epoch FROM searchable_at - greatest(received_at, created_at)) AS seconds
        FROM documents_document
        WHERE workspace_id = %s AND deleted_at IS NULL AND searchable_at >= %s) AS waits
"""
FINISHED: Final = """
    SELECT percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - created_at)),
           count(*)
    FROM pipeline_pipelinerun
    WHERE workspace_id = %s AND finished_at >= %s AND state IN ('SUCCEEDED', 'PARTIAL') AND NOT is_beside
"""
BY_HOUR: Final = """
    SELECT hour, count(run.id), count(run.id) FILTER (WHERE run.state = 'FAILED'), coalesce(sum(reading.page_count), 0)
    FROM generate_series(date_trunc('hour', %s::timestamptz) - interval '23 hours',
                         date_trunc('hour', %s::timestamptz), interval '1 hour') AS hour
    LEFT JOIN pipeline_pipelinerun AS run
        ON run.workspace_id = %s AND run.finished_at >= hour AND run.finished_at < hour + interval '1 hour'
        AND NOT run.is_beside
    LEFT JOIN documents_reading AS reading ON reading.id = run.reading_id
    GROUP BY hour ORDER BY hour
"""
# One row a code: how many documents it hit in their newest run, and the newest message.
FAILURES: Final = """
    WITH newest AS (
        SELECT DISTINCT ON (document_id) id, document_id, errors FROM pipeline_pipelinerun
        WHERE document_id IN (SELECT id FROM documents_document
                              WHERE workspace_id = %s AND deleted_at IS NULL AND status IN ('FAILED', 'PARTIAL'))
            AND NOT is_beside
        ORDER BY document_id, id DESC
    )
    SELECT error ->> 'code', count(DISTINCT document_id), (array_agg(error ->> 'message' ORDER BY newest.id DESC))[1]
    FROM newest, jsonb_array_elements(errors) AS error GROUP BY 1 ORDER BY 2 DESC, 1
"""


def processing_figures(*, documents: QuerySet[Document], workspace_id: UUID, moment: datetime) -> dict[str, Any]:
    """Measure a workspace's processing; durations in seconds over the last 30 days, throughput over 24 hours."""
    since = moment - timedelta(days=DAYS)
    hours = _rows(BY_HOUR, [moment, moment, workspace_id])
    return {
        "durations_s": {
            "searchable": _percentiles(SEARCHABLE, workspace_id, since),
            "finished": _percentiles(FINISHED, workspace_id, since),
        },
        "throughput_24_h": {
            "documents": sum(row[1] for row in hours),
            "pages": sum(row[3] for row in hours),
            "by_hour": [
                {"hour": row[0].isoformat(), "documents": row[1], "failed": row[2], "pages": row[3]} for row in hours
            ],
        },
        "failures": [
            {"code": code, "documents": count, "message": message or ""}
            for code, count, message in _rows(FAILURES, [workspace_id])
        ],
        "attention": _attention(documents),
    }


def _percentiles(sql: str, workspace_id: UUID, since: datetime) -> dict[str, Any]:
    values, count = _rows(sql, [workspace_id, since])[0]
    p50, p95 = values or (None, None)
    return {"p50": p50, "p95": p95, "count": count}


def _attention(documents: QuerySet[Document]) -> dict[str, int]:
    """Count what waits for a person; a document may be in two of the counts."""
    troubled = documents.order_by().filter(status__in=TROUBLED).values_list("status").annotate(count=Count("id"))
    counts = dict(troubled.values_list("status", "count"))
    return {
        "failed": counts.get(DocumentStatus.FAILED, 0),
        "partial": counts.get(DocumentStatus.PARTIAL, 0),
        "review": ReviewTask.objects.filter(document__in=documents, done_at__isnull=True).count(),
    }


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
