"""Finds the embedded servers of a data folder, starting them where nobody has: the one door for every process."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from apps.core.servers.errors import ServersError
from apps.core.servers.home import settle
from apps.core.servers.locks import is_locked, open_lock, try_lock
from apps.core.servers.places import Places
from apps.core.servers.processes import log_tail, open_log

TIMEOUT_S = 90.0  # creating the cluster on a slow disk is the longest wait
GRACE_S = 3.0  # the servers outlive their last client for this long, so that consecutive commands reuse them
STARTS = 3  # attempts before the failure is reported
PROJECT = Path(__file__).resolve().parents[3]
_mutex = threading.Lock()
_held: dict[Path, int] = {}  # data folder: descriptor of the clients' lock, kept open for the life of the process


def ensure_servers(places: Places, *, timeout_s: float = TIMEOUT_S, grace_s: float = GRACE_S) -> None:
    """Return when both servers answer; they go on running for as long as this process or a fork of it lives.

    Cheap (some 50 microseconds) when they run already, so it may be called before every new connection.
    Raises ServersError with the end of the logs when they do not start.
    """
    if places.data_dir in _held and _answering(places):
        return
    with _mutex:
        deadline = time.monotonic() + timeout_s
        if places.data_dir not in _held:
            settle(places)
            _held[places.data_dir] = _become_client(places, deadline)
        _start(places, deadline, grace_s)


def release_servers(places: Places, *, at_once: bool = False) -> None:
    """Stop being a client; with `at_once` the servers stop without grace if nobody else is one."""
    with _mutex:
        descriptor = _held.pop(places.data_dir, None)
        if descriptor is not None:
            os.close(descriptor)
    if at_once and (keeper := keeper_pid(places)):
        os.kill(keeper, signal.SIGUSR1)


def keeper_pid(places: Places) -> int | None:
    """Give the process id of the keeper whose servers answer, or None."""
    if not is_locked(places.keeper_lock):
        return None
    try:
        number = int(places.ready_file.read_text())
        os.kill(number, 0)
    except PermissionError:  # alive, and somebody else's
        return number
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    return number


def servers_gone(places: Places) -> bool:
    """Whether the servers have stopped, or stay up because other processes use them."""
    if not is_locked(places.keeper_lock):
        return True
    descriptor = open_lock(places.clients_lock)
    try:  # the keeper holds it exclusively while it stops
        if not try_lock(descriptor, shared=True):
            return False
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)


def _answering(places: Places) -> bool:
    return keeper_pid(places) is not None


def _become_client(places: Places, deadline: float) -> int:
    """Take the clients' lock shared; a keeper that is stopping its servers makes us wait until it is done."""
    descriptor = open_lock(places.clients_lock)
    while not try_lock(descriptor, shared=True):
        if time.monotonic() > deadline:
            os.close(descriptor)
            raise ServersError(f"The embedded servers of {places.data_dir} do not finish stopping.")
        time.sleep(0.02)
    return descriptor


def _start(places: Places, deadline: float, grace_s: float) -> None:
    """Start a keeper unless one runs, and wait for its servers; one process at a time."""
    start_lock = open_lock(places.start_lock)
    started = 0
    try:
        while not _answering(places):
            if try_lock(start_lock) and not is_locked(places.keeper_lock):
                if started == STARTS:
                    raise ServersError(_report(places, "do not start"))
                started += 1
                _spawn_keeper(places, grace_s)
            if time.monotonic() > deadline:
                raise ServersError(_report(places, "do not answer in time"))
            time.sleep(0.01)
    finally:
        os.close(start_lock)


def _spawn_keeper(places: Places, grace_s: float) -> None:
    """Run the keeper, which leaves this process at once; returns when it holds its lock or has failed."""
    log = open_log(places.logs / "keeper.log")
    try:
        subprocess.run(
            [sys.executable, "-m", "apps.core.servers.keeper", str(places.data_dir), str(grace_s)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            check=False,
        )
    finally:
        os.close(log)


def _report(places: Places, what: str) -> str:
    parts = [f"The embedded servers of {places.data_dir} {what}."]
    for name in ("keeper", "postgres", "valkey"):
        path = places.logs / f"{name}.log"
        if tail := log_tail(path):
            parts.append(f"--- the end of {path}\n{tail}")
    return "\n".join(parts)


def _after_fork() -> None:
    """Make a new mutex: one held by another thread at the fork would stay locked in the child for ever."""
    global _mutex  # noqa: PLW0603  (only another lock is sure to be free)
    _mutex = threading.Lock()


os.register_at_fork(after_in_child=_after_fork)
