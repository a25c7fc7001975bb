"""A number for each workspace that grows with every change, so that cached figures know when they are stale."""

from contextlib import suppress
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from apps.core.servers.errors import ServersError


def _key(workspace_id: UUID) -> str:
    return f"generation:{workspace_id}"


def generation(workspace_id: UUID) -> int:
    """Return the workspace's current number."""
    return int(cache.get_or_set(_key(workspace_id), 1, timeout=None) or 1)


def _bump(workspace_id: UUID) -> None:
    with suppress(RedisError, ServersError, OSError):  # the change itself is committed and must not look failed
        try:
            cache.incr(_key(workspace_id))
        except ValueError:
            cache.set(_key(workspace_id), 1, timeout=None)


def bump_on_commit(workspace_id: UUID) -> None:
    """Let the number grow once the current transaction is committed."""
    transaction.on_commit(lambda: _bump(workspace_id))
