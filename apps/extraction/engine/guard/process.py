"""A child process as its parent sees it: started, asked, watched and ended."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.guard.limits import Limits, resident_mb
from apps.extraction.engine.guard.protocol import HEAD_BYTES, length_of, write_message

_ROOT = Path(__file__).resolve().parents[4]
_TICK_S = 0.05
_MEMORY_SHARE_OF_CULPRIT = 0.6  # a process that dies above this share of its limit died of memory
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV")


class ChildProcess:
    """A child that answers requests one after the other. Any error other than an answer ends it."""

    def __init__(
        self, module: str, options: Mapping[str, object], *, limits: Limits, stderr: int | None = subprocess.DEVNULL
    ) -> None:
        """Start `python -m MODULE OPTIONS`, the options as JSON, the id of this process among them."""
        self._limits = limits
        self._highest_mb = 0.0
        self.requests = 0
        given = msgspec.json.encode({"parent": os.getpid(), **options}).decode()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, given],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=_ROOT,
            env=_environment(),
            bufsize=0,
        )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_worn(self) -> bool:
        """Whether the process should be replaced before its next request."""
        held = resident_mb(self.pid) or 0.0
        return self.requests >= self._limits.recycle_after_requests or held > self._limits.recycle_above_mb

    def ask(self, payload: bytes, timeout_s: float) -> bytes:
        """Send a request and wait for its answer; raises ReadingError (timed_out, out_of_memory, crashed)."""
        self.requests += 1
        deadline = time.monotonic() + timeout_s
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("The reading process has no pipes.")
        try:
            write_message(stdin.fileno(), payload)
        except OSError:
            raise self._death() from None
        size = length_of(self._receive(stdout.fileno(), HEAD_BYTES, deadline))
        if size > self._limits.max_reply_mb << 20:
            self.end()
            raise ReadingError(ErrorCode.TOO_LARGE, "The file's content is larger than this installation reads.")
        return self._receive(stdout.fileno(), size, deadline)

    def _receive(self, descriptor: int, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                self.end()
                raise ReadingError(ErrorCode.TIMED_OUT)
            ready, _, _ = select.select([descriptor], [], [], min(_TICK_S, left))
            if not ready:
                self._check_memory()
                continue
            part = os.read(descriptor, min(1 << 20, size - len(data)))
            if not part:
                raise self._death()
            data += part
        return bytes(data)

    def _check_memory(self) -> None:
        held = resident_mb(self.pid) or 0.0
        self._highest_mb = max(self._highest_mb, held)
        if held > self._limits.memory_mb:
            self.end()
            raise ReadingError(ErrorCode.OUT_OF_MEMORY)

    def _death(self) -> ReadingError:
        """Why the process is gone."""
        self._check_memory()
        status = self.end()
        if status == -signal.SIGXCPU:
            return ReadingError(ErrorCode.TIMED_OUT)
        if self._highest_mb > _MEMORY_SHARE_OF_CULPRIT * self._limits.memory_mb:
            return ReadingError(ErrorCode.OUT_OF_MEMORY)
        return ReadingError(ErrorCode.CRASHED, detail=f"exit status {status}")

    def end(self, patience_s: float = _TICK_S) -> int:
        """Close the pipes, and kill the process if it still runs after that time; its exit status."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            return self._process.wait(0 if self._process.poll() is not None else patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def _environment() -> dict[str, str]:
    """Only what the interpreter needs: no address, key or password of the parent's."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return kept | {
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
    }
