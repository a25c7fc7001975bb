"""`manage.py up` as a whole: it gets ready, refuses a second start, restarts what dies and leaves nothing behind."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.integration.core.installation import PROJECT, Installation, command_of, fresh_folder, wait_for

pytestmark = pytest.mark.fault


class Product:
    """One running `manage.py up`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.installation = Installation(folder)
        self.output = folder.parent / "up.log"
        self.environment = {
            **{
                key: value
                for key, value in os.environ.items()
                if not key.startswith(("DOCINTEL_", "DATABASE_", "REDIS_"))
            },
            "DOCINTEL_DATA_DIR": str(folder),
            "DOCINTEL_PORT": str(port),
            "DOCINTEL_SAMPLE_DATA": "0",
            "DOCINTEL_WORKERS": "1",
        }

    def start(self, **environment: str) -> "subprocess.Popen[bytes]":
        with self.output.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=PROJECT,
                env=self.environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def answers(self) -> bool:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3)
        try:
            client.request("GET", "/readyz")
            return client.getresponse().status == 200
        except OSError:
            return False
        finally:
            client.close()

    def processes(self) -> list[psutil.Process]:
        """Everything that was started for this data folder, servers included."""
        found = {process.pid: process for process in self.installation.running()}
        for process in psutil.process_iter():
            try:
                if process.environ().get("DOCINTEL_DATA_DIR") == str(self.folder) and process.pid != os.getpid():
                    found[process.pid] = process
            except psutil.Error:
                continue
        return [process for process in found.values() if process.is_running() and process.status() != "zombie"]

    def find(self, pattern: str) -> psutil.Process:
        """The oldest process with this command line."""
        return min(
            (process for process in self.processes() if re.search(pattern, command_of(process))),
            key=psutil.Process.create_time,
        )

    def wait_until_gone(self, seconds: float) -> None:
        wait_for(lambda: not self.processes(), seconds, lambda: str([command_of(p) for p in self.processes()]))


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with fresh_folder() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        yield Product(folder / "var", port)


@contextmanager
def running(product: Product, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The product from readiness on; killed with everything it started if the test did not stop it."""
    process = product.start(**environment)
    try:
        wait_for(product.answers, 90, product.output.read_text)
        yield process
    finally:
        process.kill()
        process.wait()
        product.wait_until_gone(15)


def test_second_start_is_refused_and_interrupt_stops_everything(product: Product) -> None:
    with running(product) as process:
        second = subprocess.run(
            [sys.executable, "manage.py", "up"],
            cwd=PROJECT,
            env=product.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert second.returncode == 1
        assert f"already runs on the data folder {product.folder} (process {process.pid})" in second.stderr
        assert "Traceback" not in second.stderr
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0
        product.wait_until_gone(2)


def test_what_dies_is_started_again(product: Product) -> None:
    with running(product) as process:
        for pattern in ("gunicorn", "queues=reading"):
            victim = product.find(pattern)
            victim.kill()
            wait_for(partial(has_another, product, pattern, victim.pid), 20, product.output.read_text)
        wait_for(product.answers, 40, product.output.read_text)
        assert "starting it again" in product.output.read_text()
        process.terminate()
        assert process.wait(40) == 0


def has_another(product: Product, pattern: str, former: int) -> bool:
    try:
        return product.find(pattern).pid != former
    except ValueError:  # none
        return False


def test_killed_supervisor_leaves_no_orphan_not_even_of_a_busy_worker(product: Product) -> None:
    with running(product, DOCINTEL_SAMPLE_DATA="1") as process:
        supervisor = psutil.Process(process.pid)
        guarded = partial(descendants, supervisor, "engine.guard")
        wait_for(lambda: bool(guarded()), 60, product.output.read_text)
        family = {*supervisor.children(recursive=True), *product.processes()} - {supervisor}
        assert len(family) > 8
        process.kill()
        process.wait()
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not [process for process in alive if process.status() != "zombie"]


def descendants(process: psutil.Process, pattern: str) -> list[psutil.Process]:
    """Find children and their children with this in their command line."""
    found = []
    for child in process.children(recursive=True):
        try:
            if pattern in command_of(child):
                found.append(child)
        except psutil.Error:
            continue
    return found


def test_taken_port_is_reported(product: Product) -> None:
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", product.port))
        occupant.listen()
        refused = subprocess.run(
            [sys.executable, "manage.py", "up"],
            cwd=PROJECT,
            env=product.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert refused.returncode == 1
    assert "is taken; name another with DOCINTEL_PORT" in refused.stderr
