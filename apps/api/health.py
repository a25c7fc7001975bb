"""Health endpoints: is the process up, is the product ready, and figures for Prometheus."""

from collections.abc import Callable

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from redis.exceptions import RedisError

from apps.core import heartbeat
from apps.core.broker import redis_client
from apps.core.servers.errors import ServersError
from apps.documents import storage
from apps.pipeline.metrics import exposition


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "broker": lambda: bool(redis_client().ping()),
    "storage": storage.is_writable,
    "reading_worker": lambda: heartbeat.alive("reading") > 0,
}


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200: the process is up."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when documents can come in and be read, else 503; each part is named."""
    found = {name: _holds(check) for name, check in CHECKS.items()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, RedisError, ServersError, OSError):
        return False


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Give figures in Prometheus' text format; to whoever has the token, where one is configured."""
    wanted, given = f"Bearer {settings.METRICS_TOKEN}", request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and not constant_time_compare(given, wanted):
        return HttpResponse("The token is missing or wrong.\n", status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")
