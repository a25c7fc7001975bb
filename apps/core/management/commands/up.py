"""Start every process of this installation and keep it running until Ctrl-C or SIGTERM."""

import io
import os
import time

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import connections

from apps.core.servers.errors import ServersError
from apps.core.servers.home import settle
from apps.core.servers.locator import ensure_servers, release_servers, servers_gone
from apps.core.servers.locks import open_lock, try_lock
from apps.core.supervisor import prepare
from apps.core.supervisor.child import Child
from apps.core.supervisor.readiness import is_free, is_ready
from apps.core.supervisor.samples import SampleLoader
from apps.core.supervisor.supervisor import Supervisor
from apps.core.supervisor.table import processes

STOP_SERVERS_S = 25.0


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
            self._supervise(embedded=embedded, began=began)
            if embedded:
                self._stop_servers()
        except KeyboardInterrupt:  # before the supervisor's own handlers were there
            self.say("interrupted")
            return
        except ServersError as error:
            raise CommandError(str(error)) from error
        os.close(lock)
        self.say("stopped")

    def say(self, message: str) -> None:
        """Tell the person at the terminal."""
        self.stdout.write(f"docintel: {message}")
        self.stdout.flush()

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
            self.say(f"database brought up to date ({count} migrations)")
        prepare.protect_mail()
        if prepare.collect_static():
            self.say("static files collected")
        connections.close_all()

    def _supervise(self, *, embedded: bool, began: float) -> None:
        clock = time.monotonic
        specs = processes(host=settings.HOST, port=settings.PORT, workers=settings.WORKERS)
        places = settings.PLACES
        children = [Child(spec, cwd=settings.BASE_DIR, logs=places.logs, clock=clock, say=self.say) for spec in specs]
        supervisor = Supervisor(children, say=self.say, clock=clock)

        def ready() -> bool:
            return is_ready(host=settings.HOST, port=settings.PORT, base_url=settings.BASE_URL)

        samples = SampleLoader(
            cwd=settings.BASE_DIR,
            marker=places.data_dir / "samples-loaded",
            log=places.logs / "samples.log",
            say=self.say,
        )
        pending = {"welcome"}

        def on_ready() -> None:
            self.say(f"ready after {clock() - began:.1f} s")
            if settings.SAMPLE_DATA and "load_samples" in get_commands():
                samples.start()

        def each_turn(*, is_ready: bool) -> None:
            if embedded:
                ensure_servers(places)
            if is_ready and pending and not samples.is_busy():
                pending.clear()
                self._welcome()

        try:
            supervisor.run(is_ready=ready, on_ready=on_ready, each_turn=each_turn)
        finally:
            self.say("stopping")
            samples.stop()
            supervisor.stop()

    def _welcome(self) -> None:
        login = io.StringIO()
        if "demo_login" in get_commands():
            call_command("demo_login", stdout=login)
            connections.close_all()
        text = login.getvalue().strip()
        self.stdout.write(f"\n    {settings.BASE_URL}\n" + "".join(f"    {line}\n" for line in text.splitlines()))
        self.stdout.write("    Ctrl-C stops it.\n")
        self.stdout.flush()

    def _stop_servers(self) -> None:
        connections.close_all()
        release_servers(settings.PLACES, at_once=True)
        deadline = time.monotonic() + STOP_SERVERS_S
        while not servers_gone(settings.PLACES) and time.monotonic() < deadline:
            time.sleep(0.05)
