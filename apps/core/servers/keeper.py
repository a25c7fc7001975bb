"""The keeper: starts both embedded servers, restarts what dies, and stops them when their last client is gone.

`python -m apps.core.servers.keeper DATA_DIR GRACE_S`, started by the locator. No Django here, so that it starts at once
and stays small. Clients hold a shared lock on one file; the keeper has to get it exclusively to stop, so nobody loses a
server.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from apps.core.servers.account import Account, servers_account
from apps.core.servers.errors import ServersError
from apps.core.servers.locks import open_lock, try_lock, unlock
from apps.core.servers.places import Places
from apps.core.servers.postgres import Postgres
from apps.core.servers.processes import stop, wait_with_signals
from apps.core.servers.valkey import Valkey

POLL_S = 0.5
TERMINATION_S = 8.0  # after SIGTERM, clients get this long to leave
LONGEST_BACKOFF_S = 30.0


class Server(Protocol):
    """What the keeper knows of a server."""

    @property
    def name(self) -> str:
        """For messages."""

    @property
    def stop_signals(self) -> list[tuple[signal.Signals, float]]:
        """Signals to stop it with, each with its seconds."""

    def prepare(self) -> None:
        """Make it ready to start."""

    def start(self) -> "subprocess.Popen[bytes]":
        """Start it."""

    def is_ready(self, process: "subprocess.Popen[bytes]") -> bool:
        """Whether it answers."""


class Keeper:
    """One data folder's servers and the decision when to stop them."""

    def __init__(self, places: Places, servers: list[Server], *, grace_s: float, clock: Callable[[], float]) -> None:
        self.places = places
        self.servers = servers
        self.grace_s = grace_s
        self.clock = clock
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.failures: dict[str, int] = {}
        self.retry_at: dict[str, float] = {}
        self.idle_since: float | None = None
        self.terminate_at: float | None = None
        self.clients = open_lock(places.clients_lock)

    def run(self, wait: Callable[[float], None]) -> None:
        """Serve until no client is left; `wait(seconds)` returns early when a signal arrives."""
        try:
            for server in self.servers:
                server.prepare()
                self.running[server.name] = server.start()
            while not self.should_stop():
                ready = self.check()
                wait(POLL_S if ready else 0.02)
        finally:
            self.places.ready_file.unlink(missing_ok=True)
            for server in reversed(self.servers):
                if process := self.running.get(server.name):
                    _say(f"{server.name} stopped with status {stop(process, server.stop_signals)}")

    def check(self) -> bool:
        """Restart what died and keep the ready file true; gives whether both servers answer."""
        for server in self.servers:
            if self.running[server.name].poll() is not None:
                self._restart(server)
        ready = all(server.is_ready(self.running[server.name]) for server in self.servers)
        if ready and not self.places.ready_file.exists():
            partial = self.places.ready_file.with_suffix(".partial")
            partial.write_text(str(os.getpid()))
            partial.replace(self.places.ready_file)
            _say("ready")
        elif not ready:
            self.places.ready_file.unlink(missing_ok=True)
        return ready

    def _restart(self, server: Server) -> None:
        now = self.clock()
        if server.name not in self.retry_at:
            failures = self.failures[server.name] = self.failures.get(server.name, 0) + 1
            delay = min(LONGEST_BACKOFF_S, 0.1 * 2**failures)
            self.retry_at[server.name] = now + delay
            _say(f"{server.name} ended with status {self.running[server.name].returncode}; again in {delay:.1f} s")
        if now >= self.retry_at[server.name]:
            del self.retry_at[server.name]
            server.prepare()
            self.running[server.name] = server.start()

    def should_stop(self) -> bool:
        """Whether no client was there for the grace time; then the clients' lock is held, so that none can come."""
        now = self.clock()
        if not try_lock(self.clients):
            self.idle_since = None
            return self.terminate_at is not None and now >= self.terminate_at
        if self.idle_since is None:
            self.idle_since = now
        if now - self.idle_since >= self.grace_s:
            return True
        unlock(self.clients)
        return False

    def hurry(self) -> None:
        """Stop without grace once no client is left."""
        self.grace_s = 0.0

    def terminate(self) -> None:
        """Stop once no client is left, and soon in any case."""
        self.hurry()
        if self.terminate_at is None:
            self.terminate_at = self.clock() + TERMINATION_S


def main(data_dir: Path, grace_s: float) -> int:
    """Keep this data folder's servers; ends at once where another keeper does."""
    places = Places(data_dir)
    keeper_lock = open_lock(places.keeper_lock)
    if not try_lock(keeper_lock):
        return 0
    if os.fork():  # from here on a process of its own, which holds the lock and nobody has to wait for
        os._exit(0)
    places.ready_file.unlink(missing_ok=True)  # of a keeper that was killed
    account: Account | None = servers_account(places)
    servers: list[Server] = [Valkey.installed(places, account), Postgres.installed(places, account)]
    keeper = Keeper(places, servers, grace_s=grace_s, clock=time.monotonic)
    for number in (signal.SIGINT, signal.SIGHUP):  # meant for the programs at the terminal
        signal.signal(number, signal.SIG_IGN)
    keeper.run(wait_with_signals({signal.SIGTERM: keeper.terminate, signal.SIGUSR1: keeper.hurry}))
    unlock(keeper_lock)  # before the clients' lock goes at exit: who waits for that one must find no keeper
    return 0


def _say(message: str) -> None:
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    sys.stderr.write(f"{stamp} keeper {os.getpid()}: {message}\n")  # which is its log, written line by line


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]), float(sys.argv[2])))
    except (ServersError, OSError) as error:
        _say(str(error))
        sys.exit(1)
