"""`manage.py scheduler`: the sweeper's loop, with Celery's beat beside it for what is due by the clock."""

import signal
import threading
from typing import Any

from celery.beat import Service
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import close_old_connections
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError
from structlog import get_logger

from apps.core import heartbeat
from apps.core.broker import ensure_broker
from apps.core.servers.errors import ServersError
from apps.pipeline.sweeper import sweep
from docintel.celery import app

log = get_logger(__name__)


class Command(BaseCommand):
    """Runs until it is told to stop."""

    help = "Takes back expired leases, rings for waiting work, hands out events, starts what is due by the clock."
    requires_system_checks: list[str] = []  # they would import every page of the web, and keep it: 40 MB

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep until SIGTERM or Ctrl-C."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        ensure_broker()
        beat = Service(app, max_interval=1, schedule_filename=str(settings.DATA_DIR / "schedule"))
        threading.Thread(target=beat.start, name="beat", daemon=True).start()
        try:
            while not stop.is_set():
                self._sweep()
                stop.wait(settings.SWEEP_S)
        finally:
            beat.stop(wait=True)

    def _sweep(self) -> None:
        """Do one round; a server that is away for a while must not end the loop."""
        try:
            close_old_connections()
            heartbeat.beat("scheduler")
            sweep()
        except (DatabaseError, RedisError, BrokerError, ServersError, OSError) as error:
            log.warning("sweep_failed", error=str(error))
