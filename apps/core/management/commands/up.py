"""Start every process of this installation and keep it running until Ctrl-C or SIGTERM."""

import os
import time

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from apps.core.servers.errors import ServersError
from apps.core.servers.home import settle
from apps.core.servers.locator import ensure_servers
from apps.core.servers.locks import open_lock, try_lock
from apps.core.supervisor import prepare
from apps.core.supervisor.plan import Plan
from apps.core.supervisor.readiness import is_free
from apps.core.supervisor.terminal import say


class Command(BaseCommand):
    """`manage.py up`."""

    help = "Start servers, web, workers and scheduler; Ctrl-C stops them all."
    requires_system_checks: list[str] = []

    def handle(self, *_args: object, **_options: object) -> None:
        began = time.monotonic()
        embedded = settings.EMBEDDED_DATABASE or settings.EMBEDDED_BROKER
        try:
            settle(settings.PLACES, for_servers=embedded)
            lock = self._lock()
            if not is_free(host=settings.HOST, port=settings.PORT):
                raise CommandError(
                    f"Port {settings.PORT} of {settings.HOST} is taken; name another with DOCINTEL_PORT=8001."
                )
            if embedded:
                ensure_servers(settings.PLACES)
            self._prepare()
        except KeyboardInterrupt:
            say("interrupted")
            return
        except ServersError as error:
            raise CommandError(str(error)) from error
        self._become_supervisor(lock, embedded=embedded, began=began)

    def _lock(self) -> int:
        lock = open_lock(settings.PLACES.supervisor_lock)
        pid_file = settings.PLACES.supervisor_lock.with_suffix(".pid")
        if not try_lock(lock):
            owner = pid_file.read_text().strip() if pid_file.exists() else "unknown"
            raise CommandError(
                f"docintel already runs on the data folder {settings.DATA_DIR} (process {owner}). "
                "Stop it first, or run a second one with DOCINTEL_DATA_DIR and DOCINTEL_PORT of its own."
            )
        pid_file.write_text(str(os.getpid()))
        return lock

    def _prepare(self) -> None:
        if count := prepare.migrate():
            say(f"database brought up to date ({count} migrations)")
        prepare.protect_mail()
        if prepare.collect_static():
            say("static files collected")

    def _become_supervisor(self, lock: int, *, embedded: bool, began: float) -> None:
        """Go on as a program without Django: same process, same terminal; the lock is held until its end.

        The embedded servers outlive the moment in which this process is no client of theirs.
        """
        plan = Plan(
            base_dir=str(settings.BASE_DIR),
            data_dir=str(settings.DATA_DIR),
            host=settings.HOST,
            port=settings.PORT,
            base_url=settings.BASE_URL,
            workers=settings.WORKERS,
            embedded=embedded,
            samples=settings.SAMPLE_DATA,
            began=began,
        )
        os.set_inheritable(lock, True)
        os.chdir(settings.BASE_DIR)
        os.execv(plan.command[0], plan.command)  # noqa: S606  (no shell is wanted)
