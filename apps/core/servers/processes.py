"""Small tools for child processes: death signals, logs, waiting, and leftovers of an earlier life."""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from apps.core.servers.account import Account

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOG_LIMIT = 5_000_000  # bytes; a larger log is put aside when its process starts
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}  # nothing like PGDATA leaks into a server
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Have the kernel send this process a signal when the thread that started it ends.

    Linux only (elsewhere it does nothing). Call it after any change of user, which clears the setting.
    """
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def tied_to_parent(number: int = signal.SIGKILL) -> Callable[[], None]:
    """Give a `preexec_fn` for a child that must not outlive this process, whose main thread has to start it."""
    parent = os.getpid()

    def prepare() -> None:
        die_with_parent(number)
        if os.getppid() != parent:  # died before the line above took effect
            os._exit(1)

    return prepare


def open_log(path: Path) -> int:
    """Open a log to append to it; a large one is kept as `<name>.1` first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_name(path.name + ".1"))
    except FileNotFoundError:
        pass
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)


def spawn(
    command: list[str | Path],
    *,
    log: Path,
    account: Account | None,
    death_signal: signal.Signals,
    stdin: int = subprocess.DEVNULL,
) -> "subprocess.Popen[bytes]":
    """Start a server as the given account, tied to this process by its death signal, writing to its log."""
    output = open_log(log)
    try:
        return subprocess.Popen(
            command,
            cwd="/",
            env=ENVIRONMENT,
            stdin=stdin,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=account.user if account else None,
            group=account.group if account else None,
            extra_groups=[] if account else None,
            umask=0o077,
            preexec_fn=tied_to_parent(death_signal),  # noqa: PLW1509  the keeper has one thread
        )
    finally:
        os.close(output)


def log_tail(path: Path, lines: int = 12) -> str:
    """Read the end of a log, for an error message; empty where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 8_192))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def stop(process: subprocess.Popen[bytes], steps: list[tuple[signal.Signals, float]]) -> int:
    """Send each signal and wait its seconds until the process ends, then kill it; gives the exit status."""
    for number, seconds in steps:
        if process.poll() is not None:
            break
        process.send_signal(number)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    if process.poll() is None:
        process.kill()
    return process.wait()


def wait_with_signals(actions: dict[signal.Signals, Callable[[], None]]) -> Callable[[float], None]:
    """Install handlers for the main thread; gives a `wait(seconds)` that ends early at any of them or a child's end."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number, action in actions.items():
        signal.signal(number, lambda *_, action=action: action())
    signal.signal(signal.SIGCHLD, lambda *_: None)

    def wait(seconds: float) -> None:
        if select.select([reading], [], [], seconds)[0]:
            os.read(reading, 4_096)

    return wait


def leftovers(folder: Path, program: str) -> list[psutil.Process]:
    """Find running processes of this program whose working folder is `folder`: servers of a keeper that was killed."""
    found = []
    for process in psutil.process_iter(["name"]):
        if process.info["name"] != program:
            continue
        try:
            if Path(process.cwd()) == folder:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def end_leftovers(folder: Path, program: str, number: signal.Signals, seconds: float = 15.0) -> None:
    """Ask what an earlier keeper left behind to stop, and wait until it is gone (killing it in the end)."""
    deadline = time.monotonic() + seconds
    processes = leftovers(folder, program)
    for process in processes:
        _signal(process, number)
    while processes:
        time.sleep(0.02)
        if time.monotonic() > deadline:
            for process in processes:
                _signal(process, signal.SIGKILL)
        processes = leftovers(folder, program)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)
