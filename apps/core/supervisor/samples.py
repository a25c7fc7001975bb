"""Loads the sample workspace beside the running product, once per data folder."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from apps.core.servers.processes import open_log, tied_to_parent


class SampleLoader:
    """The command `load_samples` as a child, with a marker file so that it runs only the first time."""

    def __init__(self, *, cwd: Path, marker: Path, log: Path, say: Callable[[str], None]) -> None:
        self.cwd = cwd
        self.marker = marker
        self.log = log
        self.say = say
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start loading unless that happened before."""
        if self.marker.exists():
            return
        self.say("loading the sample workspace")
        output = open_log(self.log)
        try:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "load_samples"],
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=tied_to_parent(),  # noqa: PLW1509  the supervisor has one thread
            )
        finally:
            os.close(output)

    def is_busy(self) -> bool:
        """Whether it still loads; records success when it is done."""
        if self.process is None:
            return False
        status = self.process.poll()
        if status is None:
            return True
        if status == 0:
            self.marker.touch()
        else:
            self.say(f"the sample workspace could not be loaded (status {status}); see {self.log}")
        self.process = None
        return False

    def stop(self) -> None:
        """Give up; the next start tries again."""
        if self.process:
            self.process.kill()
            self.process.wait()
