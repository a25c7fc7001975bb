"""`TypeProcess`: types and mentions for programs that must not load torch themselves, from one child process."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

import msgspec

from apps.classification.engine.document_text import DocumentText
from apps.classification.engine.tagging.labels import Mention
from apps.classification.runtime.model_files import DEFAULT_ENCODER
from apps.classification.runtime.type_messages import (
    MentionsRequest,
    ModelReply,
    ModelRequest,
    TypeRequest,
    read_message,
    write_message,
)

_ROOT = Path(__file__).resolve().parents[3]
_SERVER = "apps.classification.runtime.type_server"
_STOP_S = 5.0
# What the child may know of its parent's environment: no address, key or password.
_KEPT_ENVIRONMENT = (
    *("PATH", "LANG", "LC_ALL", "HOME", "HF_HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT"),
    # Which cards there are, and how PyTorch takes their memory.
    *("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "PYTORCH_ALLOC_CONF", "PYTORCH_CUDA_ALLOC_CONF"),
)

_ENVIRONMENT = {
    "PYTHONPATH": str(_ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "HF_HUB_OFFLINE": "1",
    # glibc otherwise keeps the large blocks of every batch: 484 instead of 539 MB after 30 documents.
    "MALLOC_MMAP_THRESHOLD_": str(1 << 20),
}


class TypingError(RuntimeError):
    """The model process could not give an answer; the message says why."""


class TypeProcess:
    """Encoder, head and entity model in a child process that starts at the first use. Safe to use from several threads.

    `entities` names the model that finds mentions; without it the child loads none. `type_model` names a checkpoint
    that says what documents are, in place of encoder and head. `device` is as `device.chosen` says.
    """

    def __init__(
        self,
        head: Path,
        *,
        encoder: str = DEFAULT_ENCODER,
        entities: str | None = None,
        type_model: str = "",
        threads: int = 1,
        device: str = "auto",
    ) -> None:
        self._arguments = [str(head), "--encoder", encoder, "--threads", str(threads), "--device", device]
        self._arguments += ["--entities", entities] if entities else []
        self._arguments += ["--type-model", type_model] if type_model else []
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: dict[int, _Answer] = {}
        self._next_id = 1
        self._closed = False
        self._has_ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id of the child, None before the first use."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the child, which loads its models while the caller goes on. Does nothing where it runs already."""
        with self._lock:
            self._started()

    def predict(self, document: DocumentText, *, timeout_s: float | None = None) -> dict[str, Any]:
        """Return the contract's `type` object of a document; raises `TypingError` as `mentions` does."""
        return cast("dict[str, Any]", self._ask(TypeRequest(id=0, document=document), timeout_s))

    def mentions(self, texts: Sequence[str], *, timeout_s: float | None = None) -> list[list[Mention]]:
        """Return the mentions of entities in each text.

        Raises `TypingError` when the process failed to load, died, or did not answer in `timeout_s` seconds. A process
        that died is started again by the next call.
        """
        result = self._ask(MentionsRequest(id=0, texts=list(texts)), timeout_s)
        return msgspec.convert(result, list[list[Mention]])

    def _ask(self, request: ModelRequest, timeout_s: float | None) -> object:
        """Give a request its number, send it, and wait for what comes back."""
        answer = _Answer()
        with self._lock:
            request.id = self._next_id
            self._next_id += 1
            try:
                self._send(request, answer)
            except OSError:  # the child died a moment ago: a new one gets the request
                self._has_ended = True
                self._send(request, answer)
        if not answer.arrived.wait(timeout_s):
            with self._lock:
                self._waiting.pop(request.id, None)
            raise TypingError(f"The model process gave no answer within {timeout_s:g} s.")
        if answer.result is None:
            raise TypingError(answer.error or "The model process has ended.")
        return answer.result

    def _send(self, request: ModelRequest, answer: "_Answer") -> None:
        """Write a request to the running child; the lock is held. Raises OSError where it has ended."""
        process = self._started()
        self._waiting[request.id] = answer
        write_message(_pipe(process.stdin), request)

    def close(self) -> None:
        """End the child; calls that still wait get a `TypingError`."""
        with self._lock:
            self._closed = True
            process = self._process
        if process is None:
            return
        _close_quietly(_pipe(process.stdin))
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _started(self) -> "subprocess.Popen[bytes]":
        """Return the running child; the lock is held."""
        if self._closed:
            raise TypingError("The model process was closed.")
        if self._process is None or self._has_ended or self._process.poll() is not None:
            if self._process is not None:
                _close_quietly(_pipe(self._process.stdin))
            self._waiting, self._has_ended = {}, False
            self._process = self._spawn(self._waiting)
        return self._process

    def _spawn(self, waiting: "dict[int, _Answer]") -> "subprocess.Popen[bytes]":
        """Start a child from the thread that will read its replies.

        On Linux a child's death signal belongs to the thread that started it; this one lives as long as the child,
        which the caller's thread may not.
        """
        started: Future[subprocess.Popen[bytes]] = Future()

        def run() -> None:
            try:
                process = subprocess.Popen(
                    [sys.executable, "-P", "-m", _SERVER, *self._arguments, "--parent", str(os.getpid())],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    cwd=_ROOT,
                    env=_environment(),
                )
            except OSError as error:
                started.set_exception(TypingError(f"The model process could not be started: {error}"))
                return
            started.set_result(process)
            self._receive(process, waiting)

        threading.Thread(target=run, name="types", daemon=True).start()
        return started.result()

    def _receive(self, process: "subprocess.Popen[bytes]", waiting: "dict[int, _Answer]") -> None:
        """Hand replies to the callers that wait for this child, until it ends."""
        decoder = msgspec.msgpack.Decoder(ModelReply)
        with _pipe(process.stdout) as stream:
            while (reply := read_message(stream, decoder)) is not None:
                with self._lock:
                    answer = waiting.pop(reply.id, None)
                if answer is not None:
                    answer.set(reply.result, reply.error)
        with self._lock:  # at once: while this thread waits for the status, `poll` in another one knows nothing of it
            self._has_ended = self._has_ended or process is self._process
        status = process.wait()
        with self._lock:
            orphans = list(waiting.values())
            waiting.clear()
        for answer in orphans:
            answer.set(None, f"The model process ended with status {status}.")


class _Answer:
    """What a caller waits for."""

    def __init__(self) -> None:
        self.arrived = threading.Event()
        self.result: object = None
        self.error: str | None = None

    def set(self, result: object, error: str | None) -> None:
        self.result, self.error = result, error
        self.arrived.set()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise TypingError("The model process has no pipe.")
    return stream


def _close_quietly(stream: IO[bytes]) -> None:
    """Close a pipe whose reader may be gone with unread bytes."""
    with suppress(OSError):
        stream.close()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return kept | _ENVIRONMENT
