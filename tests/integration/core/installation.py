"""A data folder of its own for tests that start and kill embedded servers, and what runs on it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from apps.core.servers.places import Places

PROJECT = Path(__file__).resolve().parents[3]
CLIENT = """
import sys
from pathlib import Path
from apps.core.servers.locator import ensure_servers, keeper_pid
from apps.core.servers.places import Places
places = Places(Path(sys.argv[1]))
ensure_servers(places, grace_s=0.2)
print(keeper_pid(places), flush=True)
sys.stdin.read()
"""


class Installation:
    """A data folder and the processes that use it."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(folder)

    @contextmanager
    def client(self, *, user: int | None = None, python: str = sys.executable) -> Iterator["subprocess.Popen[str]"]:
        """A process that uses the servers until the block ends; its `keeper` line has been read."""
        environment = {"PATH": os.defpath, "PYTHONPATH": ":".join(sys.path)}
        process = subprocess.Popen(
            [python, "-c", CLIENT, str(self.places.data_dir)],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def running(self) -> list[psutil.Process]:
        """Keeper, servers and backends of this folder."""
        folders = {str(self.places.postgres_data.resolve()), str(self.places.valkey_data.resolve())}
        found = []
        for process in psutil.process_iter():
            try:
                command = process.cmdline()
                keeps = command[-3:-1] == ["apps.core.servers.keeper", str(self.places.data_dir)]
                if keeps or process.cwd() in folders:
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def wait_until_stopped(self, seconds: float = 10.0) -> float:
        """Wait until nothing runs on this folder; gives the seconds it took."""
        began = time.monotonic()
        wait_for(lambda: not self.running(), seconds, lambda: f"still running: {self.running()}")
        return time.monotonic() - began


def wait_for(condition: Callable[[], bool], seconds: float, describe: Callable[[], str] = lambda: "") -> None:
    """Fail with the description unless the condition holds in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {describe()}"
        time.sleep(0.05)


def keeper_of(client: "subprocess.Popen[str]") -> int:
    """The keeper's process id as the client found it."""
    assert client.stdout is not None
    line = client.stdout.readline()
    assert line.strip().isdigit(), line + client.stdout.read()
    return int(line)


@contextmanager
def fresh_folder(prefix: str = "docintel-test-") -> Iterator[Path]:
    """A folder that any account can enter; pytest's own is closed to the account the servers run as under root."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def command_of(process: psutil.Process) -> str:
    """Its command line; empty for one that has just ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
