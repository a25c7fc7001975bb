"""`Idempotency-Key`: a program that repeats a request with the same key gets the first one's answer."""

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from rest_framework.response import Response

from apps.core.clock import now
from apps.core.errors import ConflictError, UserError
from apps.core.ids import new_id
from apps.core.models import IdempotencyKey

KEY_LENGTH: Final = 200
# Longer than any request lasts, waiting included: whoever began one and did not end it by then was stopped.
ABANDONED_AFTER: Final = timedelta(minutes=5)
REPLAYED: Final = "Idempotency-Replayed"


class BadKeyError(UserError):
    """The header does not hold a usable key."""

    code = "idempotency_key_invalid"
    message = f"An Idempotency-Key has 1 to {KEY_LENGTH} characters."


class KeyReusedError(UserError):
    """The key was sent before, with something else."""

    code = "idempotency_key_reused"
    message = "This Idempotency-Key was used for another request. Take a new key for each new request."


class InProgressError(ConflictError):
    """The first request with the key has not ended yet."""

    code = "idempotency_in_progress"
    message = "A request with this Idempotency-Key is being worked on. Try again in a moment."


def request_hash(chunks: Iterable[bytes], **about: object) -> str:
    """Hash a request's file and everything else that decides its answer."""
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def once(
    *, workspace_id: UUID, key: str, request_hash: str, act: Callable[[], Response], at: datetime | None = None
) -> Response:
    """Act the first time, and give the same answer ever after; a request that fails leaves its key free.

    Raises BadKeyError, KeyReusedError or InProgressError.
    """
    if not 1 <= len(key) <= KEY_LENGTH:
        raise BadKeyError
    moment = at or now()
    mine = IdempotencyKey(id=new_id(), workspace_id=workspace_id, key=key, request_hash=request_hash)
    IdempotencyKey.objects.bulk_create([mine], ignore_conflicts=True)
    row = IdempotencyKey.objects.filter(workspace_id=workspace_id, key=key).first()
    if row is None:  # the other request failed just now and left its key free
        raise InProgressError
    if row.pk != mine.pk:
        if row.request_hash != request_hash:
            raise KeyReusedError
        if row.response_status is not None:
            return Response(row.response_body, status=row.response_status, headers={REPLAYED: "true"})
        _take_over(row, moment)
    return _act(row, act)


def _take_over(row: IdempotencyKey, moment: datetime) -> None:
    """Go on for a request that was stopped half-way; one of several that try at once wins."""
    abandoned = IdempotencyKey.objects.filter(
        pk=row.pk, response_status=None, created_at__lt=moment - ABANDONED_AFTER, created_at=row.created_at
    )
    if not abandoned.update(created_at=moment):
        raise InProgressError


def _act(row: IdempotencyKey, act: Callable[[], Response]) -> Response:
    answer = None
    try:
        answer = act()
    finally:
        if answer is None:
            row.delete()
    body = json.loads(json.dumps(answer.data, default=str))
    IdempotencyKey.objects.filter(pk=row.pk).update(response_status=answer.status_code, response_body=body)
    return answer
