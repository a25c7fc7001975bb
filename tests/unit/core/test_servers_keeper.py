"""The keeper's decisions, with a clock of the test's own and real locks."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from apps.core.servers.keeper import TERMINATION_S, Keeper
from apps.core.servers.locks import is_locked, open_lock, try_lock, unlock
from apps.core.servers.places import LONGEST_SOCKET_FOLDER, Places


class Clock:
    """Time that passes when the test says so."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


class Sleeper:
    """A server that does nothing."""

    name = "sleeper"
    stop_signals = [(signal.SIGTERM, 5.0)]
    prepared = 0

    def prepare(self) -> None:
        self.prepared += 1

    def start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])

    def is_ready(self, process: "subprocess.Popen[bytes]") -> bool:
        return process.poll() is None


def make_keeper(tmp_path: Path, clock: Clock, servers: list[Sleeper] | None = None) -> Keeper:
    places = Places(tmp_path)
    places.run.mkdir()
    return Keeper(places, list(servers or []), grace_s=3.0, clock=clock)


def test_stops_after_the_grace_time_without_clients(tmp_path: Path) -> None:
    clock = Clock()
    keeper = make_keeper(tmp_path, clock)
    assert not keeper.should_stop()
    clock.now += 2.9
    assert not keeper.should_stop()
    clock.now += 0.2
    assert keeper.should_stop()
    assert is_locked(keeper.places.clients_lock), "no client may come once the decision is made"


def test_a_client_resets_the_grace_time(tmp_path: Path) -> None:
    clock = Clock()
    keeper = make_keeper(tmp_path, clock)
    assert not keeper.should_stop()
    client = open_lock(keeper.places.clients_lock)
    assert try_lock(client, shared=True)
    clock.now += 60
    assert not keeper.should_stop()
    unlock(client)
    assert not keeper.should_stop()
    clock.now += 3
    assert keeper.should_stop()
    os.close(client)


def test_hurry_waits_for_clients_and_terminate_does_not_for_long(tmp_path: Path) -> None:
    clock = Clock()
    keeper = make_keeper(tmp_path, clock)
    client = open_lock(keeper.places.clients_lock)
    assert try_lock(client, shared=True)
    keeper.hurry()
    assert not keeper.should_stop()
    keeper.terminate()
    assert not keeper.should_stop()
    clock.now += TERMINATION_S
    assert keeper.should_stop()
    os.close(client)


def test_a_dead_server_comes_back_after_its_backoff(tmp_path: Path) -> None:
    clock = Clock()
    server = Sleeper()
    keeper = make_keeper(tmp_path, clock, [server])
    turns = iter(["ready", "kill", "dead", "late"])

    def wait(_seconds: float) -> None:
        turn = next(turns, "stop")
        if turn == "ready":
            assert keeper.places.ready_file.read_text() == str(os.getpid())
        elif turn == "kill":
            keeper.running["sleeper"].kill()
            keeper.running["sleeper"].wait()
        elif turn == "dead":
            assert not keeper.places.ready_file.exists()
            clock.now += 1
        elif turn == "late":
            assert keeper.running["sleeper"].poll() is None
            assert server.prepared == 2
        else:
            clock.now += 10

    keeper.run(wait)
    assert keeper.running["sleeper"].returncode == -signal.SIGTERM
    assert not keeper.places.ready_file.exists()


def test_socket_folder_is_short_however_long_the_data_folder(tmp_path: Path) -> None:
    near, far = Places(Path("/srv/docintel")), Places(tmp_path / ("x" * 200))
    assert near.sockets == near.run
    assert len(str(far.sockets)) <= LONGEST_SOCKET_FOLDER
    assert far.sockets != Places(tmp_path / ("y" * 200)).sockets


def test_digest_stays_when_the_folder_becomes_a_link(tmp_path: Path) -> None:
    places = Places(tmp_path / "var")
    places.data_dir.mkdir()
    before = places.digest
    places.data_dir.rename(tmp_path / "elsewhere")
    places.data_dir.symlink_to(tmp_path / "elsewhere")
    assert places.digest == before
