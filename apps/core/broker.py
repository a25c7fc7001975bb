"""Connections to Redis or Valkey outside Celery; the embedded server is found or started first."""

from functools import cache

from django.conf import settings
from redis import ConnectionPool, Redis
from redis.connection import ConnectionInterface

from apps.core.servers.locator import ensure_servers


def ensure_broker() -> None:
    """Return when the embedded broker answers; does nothing where REDIS_URL names one."""
    if settings.EMBEDDED_BROKER:
        ensure_servers(settings.PLACES)


class LocatedPool(ConnectionPool):
    """A connection pool, for the cache too, that makes sure of the server before it opens a connection."""

    def make_connection(self) -> ConnectionInterface:
        """Open a new connection."""
        ensure_broker()
        return super().make_connection()


@cache
def redis_client() -> Redis:
    """Give the process's client of the broker; its answers are bytes."""
    return Redis(connection_pool=LocatedPool.from_url(settings.REDIS_URL))
