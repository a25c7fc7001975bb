"""One supervised process: started in a group of its own, restarted with backoff, stopped with all that it started."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from apps.core.servers.processes import log_tail, open_log, tied_to_parent
from apps.core.supervisor.table import ProcessSpec

FIRST_BACKOFF_S = 0.5
LONGEST_BACKOFF_S = 30.0
STEADY_S = 60.0  # alive for this long, a process starts with the shortest backoff again


def _be_nice(nice: int) -> None:
    """Leave the processor to others, as nice(1) says.

    Linux groups processes by session and shares the processor between the groups first; within one of its own a
    process is as nice as it likes to nobody, so the group is made nice as well.
    """
    os.nice(nice)
    with contextlib.suppress(OSError):  # a kernel without such groups
        Path("/proc/self/autogroup").write_text(str(nice), encoding="ascii")


class Child:
    """A process of the table and its history."""

    def __init__(
        self,
        spec: ProcessSpec,
        *,
        cwd: Path,
        logs: Path,
        clock: Callable[[], float],
        say: Callable[[str], None],
    ) -> None:
        self.spec = spec
        self.cwd = cwd
        self.log = logs / f"{spec.name}.log"
        self.clock = clock
        self.say = say
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.backoff_s = FIRST_BACKOFF_S
        self.retry_at: float | None = None

    def start(self) -> None:
        """Start it; the kernel kills it when this process, whose main thread must call, dies."""
        output = open_log(self.log)
        tie = tied_to_parent(signal.SIGKILL)

        def prepare() -> None:
            _be_nice(self.spec.nice)
            tie()

        try:
            self.process = subprocess.Popen(
                self.spec.command,
                cwd=self.cwd,
                env=os.environ | {"PYTHONUNBUFFERED": "1"} | self.spec.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=prepare,  # noqa: PLW1509  the supervisor has one thread
            )
        finally:
            os.close(output)
        self.started_at = self.clock()
        self.retry_at = None

    def watch(self) -> None:
        """Notice its end, and start it again when its backoff is over."""
        if self.process is None:
            return
        now = self.clock()
        if self.retry_at is not None:
            if now >= self.retry_at:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            return
        self.kill_group()
        if now - self.started_at >= STEADY_S:
            self.backoff_s = FIRST_BACKOFF_S
        self.retry_at = now + self.backoff_s
        self.say(f"{self.spec.name} ended with status {status}; starting it again in {self.backoff_s:g} s ({self.log})")
        if tail := log_tail(self.log, lines=5):
            self.say("\n".join(f"    {line[:200]}" for line in tail.splitlines()))
        self.backoff_s = min(LONGEST_BACKOFF_S, self.backoff_s * 2)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal if it still runs."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def has_ended(self) -> bool:
        """Whether it is gone; what it left running in its group is killed."""
        if self.process is None or self.process.poll() is not None:
            self.kill_group()
            return True
        return False

    def kill(self) -> None:
        """End it and its group at once."""
        self.kill_group()
        if self.process:
            self.process.wait()

    def kill_group(self) -> None:
        """Kill every process that is still in its group."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
