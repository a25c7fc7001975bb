"""What the ground under the product is like: Python, data folder, database, broker, processes."""

import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.db import connection

from apps.core import heartbeat
from apps.core.broker import redis_client
from apps.core.doctor import Check, Finding, note, problem, well
from apps.core.servers.locks import is_locked
from apps.core.supervisor.prepare import count_unapplied

LEAST_FREE_GB = 2.0
EXTENSIONS = {"vector", "pg_trgm", "unaccent"}


def python() -> Iterator[Finding]:
    """Interpreter and the packages whose build matters."""
    where = f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    yield well("Python", where) if sys.version_info >= (3, 11) else problem("Python", f"{where}; 3.11 is needed")
    try:
        build = version("torch")
    except PackageNotFoundError:
        yield problem("torch", "not installed: run `make setup`")
    else:
        yield well("torch", build if build.endswith("+cpu") else f"{build} (this platform's default build)")


def data_folder() -> Iterator[Finding]:
    """Where everything is kept, and whether there is room."""
    folder = settings.DATA_DIR
    if not os.access(folder, os.W_OK):
        yield problem("data folder", f"{folder} cannot be written: set DOCINTEL_DATA_DIR")
        return
    free_gb = shutil.disk_usage(folder).free / 1e9
    where = f"{folder} -> {folder.resolve()}" if folder.is_symlink() else str(folder)
    report = f"{where}, {free_gb:.1f} GB free"
    yield well("data folder", report) if free_gb >= LEAST_FREE_GB else note("data folder", f"{report}: little room")


def database() -> Iterator[Finding]:
    """Server, extensions and schema."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        server = cursor.fetchone()[0]
        cursor.execute("SELECT extname, extversion FROM pg_extension")
        extensions = dict(cursor.fetchall())
    kind = "embedded" if settings.EMBEDDED_DATABASE else "from DATABASE_URL"
    yield well("database", f"PostgreSQL {server}, {kind}, answered in {(time.perf_counter() - began) * 1e3:.0f} ms")
    if unapplied := count_unapplied():
        yield problem("schema", f"{unapplied} migrations are not applied: `python manage.py migrate` or `make run`")
    elif missing := EXTENSIONS - extensions.keys():
        yield problem("schema", f"extensions missing: {', '.join(sorted(missing))}")
    else:
        yield well("schema", f"up to date; pgvector {extensions['vector']}")


def broker() -> Iterator[Finding]:
    """Check the queue's server and whether it may forget."""
    information = redis_client().info()
    kind = "embedded" if settings.EMBEDDED_BROKER else "from REDIS_URL"
    name = information.get("server_name", "redis")
    number = information.get(f"{name}_version", information.get("redis_version"))
    yield well("broker", f"{name} {number}, {kind}")
    policy = information.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        yield note("broker memory", f"maxmemory-policy is {policy}: doorbells may be lost, which only costs time")


def processes() -> Iterator[Finding]:
    """Who gave a sign of life lately."""
    supervised = is_locked(settings.PLACES.supervisor_lock)
    yield well("supervisor", "runs") if supervised else note("supervisor", "does not run; `make run` starts everything")
    for kind, consequence in {
        "reading": "no document is read",
        "encoder": "nothing is classified or embedded, search is by words only",
        "scheduler": "lost work is not taken up again",
    }.items():
        count = heartbeat.alive(kind)
        if count:
            yield well(f"{kind} worker" if kind != "scheduler" else kind, f"{count} alive")
        else:
            report = problem if supervised else note
            yield report(f"{kind} worker" if kind != "scheduler" else kind, f"none alive: {consequence}")


CHECKS: list[Check] = [python, data_folder, database, broker, processes]
