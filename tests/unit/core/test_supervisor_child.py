"""A supervised process: restarts with growing pauses, and nothing of its group stays."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from apps.core.supervisor.child import LONGEST_BACKOFF_S, STEADY_S, Child
from apps.core.supervisor.table import ProcessSpec, processes


class Clock:
    """Time that passes when the test says so."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def make_child(tmp_path: Path, clock: Clock, code: str, say: Callable[[str], None] = print) -> Child:
    spec = ProcessSpec("one", ("-c", code))
    return Child(spec, cwd=tmp_path, logs=tmp_path, clock=clock, say=say)


def wait_for_end(child: Child) -> None:
    assert child.process
    child.process.wait(10)


def test_restarts_with_growing_pauses(tmp_path: Path) -> None:
    clock, said = Clock(), list[str]()
    child = make_child(tmp_path, clock, "print('on purpose'); raise SystemExit(3)", said.append)
    child.start()
    pauses = []
    for _ in range(8):
        wait_for_end(child)
        child.watch()
        assert child.retry_at is not None
        pauses.append(child.retry_at - clock.now)
        clock.now = child.retry_at - 0.01
        child.watch()
        assert child.retry_at is not None, "too early"
        clock.now = child.retry_at
        child.watch()
        assert child.retry_at is None
    child.kill()
    assert pauses == [0.5, 1, 2, 4, 8, 16, LONGEST_BACKOFF_S, LONGEST_BACKOFF_S]
    assert "one ended with status 3" in said[0]
    assert "on purpose" in said[1]


def test_a_steady_process_restarts_quickly_again(tmp_path: Path) -> None:
    clock = Clock()
    child = make_child(tmp_path, clock, "pass")
    child.backoff_s = 16
    child.start()
    wait_for_end(child)
    clock.now += STEADY_S
    child.watch()
    assert child.retry_at == clock.now + 0.5


def test_grandchildren_in_its_group_end_with_it(tmp_path: Path) -> None:
    code = "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True)"
    child = make_child(tmp_path, Clock(), code)
    child.start()
    wait_for_end(child)
    grandchild = int(child.log.read_text())
    os.kill(grandchild, 0)
    assert child.has_ended()
    deadline = time.monotonic() + 5
    while is_alive(grandchild):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_large_log_is_put_aside_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "one.log").write_bytes(b"x" * 5_000_001)
    child = make_child(tmp_path, Clock(), "print('fresh')")
    child.start()
    wait_for_end(child)
    assert child.log.read_text() == "fresh\n"
    assert (tmp_path / "one.log.1").stat().st_size == 5_000_001


def test_table_names_each_process_once_and_brackets_ipv6() -> None:
    table = processes(host="::1", port=8000, workers=3)
    assert [spec.name for spec in table] == ["web", "reading", "encoder", "scheduler"]
    assert "[::1]:8000" in table[0].command
    assert "--concurrency=3" in table[1].command
    assert not table[0].late
    assert not table[1].late, "readiness needs a reading worker"


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this kernel groups no processes by session")
def test_a_nice_process_is_nice_to_other_sessions(tmp_path: Path) -> None:
    code = "import pathlib; print(pathlib.Path('/proc/self/autogroup').read_text())"
    child = Child(ProcessSpec("one", ("-c", code), nice=7), cwd=tmp_path, logs=tmp_path, clock=Clock(), say=print)
    child.start()
    wait_for_end(child)
    assert child.log.read_text().strip().endswith("nice 7")
