"""Claiming, renewing and giving back leases: each one conditional UPDATE by the database's clock."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from apps.pipeline.outcome import Lease

# Nothing here waits for a lock while it holds one, so nothing here can be part of a deadlock.
# Attempts are counted here, so that a part whose worker was killed has used one up.
CLAIM = """
    WITH chosen AS (
        SELECT step.id FROM pipeline_steprun AS step
        WHERE step.queue = %(queue)s AND step.state = 'READY' AND step.available_at <= clock_timestamp()
              AND step.step = ANY(%(steps)s)
        ORDER BY step.priority, step.id {direction}
        LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE pipeline_steprun AS step
        SET state = 'RUNNING', attempt = step.attempt + 1, lease_owner = %(owner)s, lease_token = gen_random_uuid(),
            lease_expires_at = clock_timestamp() + make_interval(secs => %(seconds)s), started_at = clock_timestamp(),
            error_code = '', error_message = ''
        FROM chosen, pipeline_pipelinerun AS run
        WHERE step.id = chosen.id AND run.id = step.run_id
        RETURNING step.id, step.lease_token, step.step, step.part, step.attempt, step.input,
                  run.id AS run_id, run.document_id, run.reading_id, run.workspace_id, run.lane, run.is_beside,
                  step.priority
    )
    SELECT id, lease_token, step, part, attempt, input, run_id, document_id, reading_id, workspace_id, lane, is_beside
    FROM taken ORDER BY priority, id {direction}
"""
RENEW = """
    UPDATE pipeline_steprun SET lease_expires_at = clock_timestamp() + make_interval(secs => %(seconds)s)
    WHERE id IN (
        SELECT id FROM pipeline_steprun WHERE state = 'RUNNING' AND lease_token = ANY(%(tokens)s) FOR UPDATE SKIP LOCKED
    )
"""
GIVE_BACK = """
    UPDATE pipeline_steprun
    SET state = 'READY', attempt = attempt - 1, lease_token = NULL, lease_expires_at = NULL,
        available_at = clock_timestamp()
    WHERE id = %(step_id)s AND state = 'RUNNING' AND lease_token = %(token)s
"""
HELD = "SELECT id, lease_token FROM pipeline_steprun WHERE state = 'RUNNING' AND lease_owner = %(owner)s"


def claim(*, queue: str, steps: Sequence[str], owner: str, limit: int = 1, newest: bool = False) -> list[Lease]:
    """Claim up to `limit` ready parts by priority, then age (or the newest first)."""
    query = CLAIM.format(direction="DESC" if newest else "ASC")
    values: dict[str, Any] = {
        "queue": queue,
        "steps": list(steps),
        "owner": owner,
        "limit": limit,
        "seconds": settings.LEASE_S,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = cursor.fetchall()
    return [_lease(row) for row in rows]


def _lease(row: tuple[Any, ...]) -> Lease:
    step_id, token, step, part, attempt, given, run_id, document_id, reading_id, workspace_id, lane, is_beside = row
    return Lease(
        step_id=step_id,
        token=token,
        step=step,
        part=part,
        attempt=attempt,
        input=_json(given),
        run_id=run_id,
        document_id=document_id,
        reading_id=reading_id,
        workspace_id=workspace_id,
        lane=lane,
        is_beside=is_beside,
    )


def _json(value: str | dict[str, Any]) -> dict[str, Any]:
    """Decode what a raw cursor gives for a JSON column (Django leaves it as text)."""
    decoded: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return decoded


def renew(*, tokens: Sequence[UUID]) -> int:
    """Extend the leases with these tokens; returns how many still are held."""
    with connection.cursor() as cursor:
        cursor.execute(RENEW, {"seconds": settings.LEASE_S, "tokens": list(tokens)})
        return int(cursor.rowcount)


def give_back(*, lease: Lease) -> None:
    """Return a part unharmed, its attempt not counted: the worker was asked to stop."""
    _give_back(lease.step_id, lease.token)


def give_back_held(*, owner: str) -> int:
    """Return every part that a process holds, and how many; what it stores just now is waited for, and kept."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"owner": owner})
        held = cursor.fetchall()
    return sum(_give_back(step_id, token) for step_id, token in held)


def _give_back(step_id: UUID, token: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, {"step_id": step_id, "token": token})
        return int(cursor.rowcount)
