"""Real worker processes on the test database, started and killed by process id."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

COMMANDS = {
    "reading": (
        "-m",
        "celery",
        "-A",
        "docintel",
        "worker",
        "-Q",
        "reading",
        "-c",
        "1",
        "--without-gossip",
        "--without-mingle",
    ),
    "encoder": (
        *("-m", "celery", "-A", "docintel", "worker", "-Q", "encoder", "-P", "threads", "-c", "2"),
        *("-I", "apps.pipeline.encoder.tasks", "--without-gossip", "--without-mingle"),
    ),
    "scheduler": ("manage.py", "scheduler"),
}
LEASE_S = 3
SWEEP_S = 0.5


def environment(storage: Path, log: Path) -> dict[str, str]:
    """Point a process at the database, broker and storage of the running test."""
    database = connection.settings_dict
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
        "REDIS_URL": settings.REDIS_URL,
        "DOCINTEL_DATA_DIR": str(log.parent),
        "DOCINTEL_STORAGE_OPTIONS": json.dumps({"location": str(storage)}),
        "DOCINTEL_LEASE_SECONDS": str(LEASE_S),
        "DOCINTEL_SWEEP_SECONDS": str(SWEEP_S),
        "DOCINTEL_CHILD_MEMORY_MB": "700",
        "DOCINTEL_SECRET_KEY": "test",
        "OMP_THREAD_LIMIT": "1",
    }


class Worker:
    """One worker with its own process group and log file."""

    def __init__(self, kind: str, *, storage: Path, folder: Path, number: int, more: dict[str, str]) -> None:
        self.log = folder / f"{kind}-{number}.log"
        command = [sys.executable, *COMMANDS[kind]]
        if "worker" in command:
            command += ["-n", f"{kind}{number}@test", "--loglevel", "INFO"]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                env=environment(storage, self.log) | more,
                cwd=settings.BASE_DIR,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def signal(self, number: int) -> None:
        """Send a signal to the worker and everything it started."""
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End it at once, as the kernel does when memory runs out."""
        if self.process.poll() is None:
            self.signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def wait_ready(self) -> None:
        """Wait until it takes work."""
        wait_until(lambda: b"ready." in self.log.read_bytes(), what=f"{self.log.name} is ready", seconds=60)


def wait_until(holds: Callable[[], object], *, what: str, seconds: float = 30) -> float:
    """Wait until something holds; returns the seconds it took and fails the test when it takes too long."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - begun
