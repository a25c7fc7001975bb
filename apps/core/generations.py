"""A number for each workspace that grows with every change, so that cached figures know when they are stale."""

from contextlib import suppress
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from apps.core.broker import redis_client
from apps.core.servers.errors import ServersError


def _key(workspace_id: UUID) -> str:
    return f"generation:{workspace_id}"


def generation(workspace_id: UUID) -> int:
    """Return the workspace's current number."""
    return int(cache.get_or_set(_key(workspace_id), 1, timeout=None) or 1)


def _bump(workspace_id: UUID) -> None:
    with suppress(RedisError, ServersError, OSError):  # the change itself is committed and must not look failed
        # The cache's own incr() asks first whether there is a number: one round trip more for every upload.
        redis_client().incr(cache.make_key(_key(workspace_id)))


def bump_on_commit(workspace_id: UUID) -> None:
    """Let the number grow once the current transaction is committed."""
    transaction.on_commit(lambda: _bump(workspace_id))
