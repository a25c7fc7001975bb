"""The model process: `python -m apps.classification.runtime.type_server HEAD_FOLDER`. No Django, no network."""

import argparse
import ctypes
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias

import msgspec

from apps.classification.engine.document_text import DocumentText
from apps.classification.engine.head import TypeHead
from apps.classification.engine.tagging.artifact import TaggerError
from apps.classification.engine.tagging.labels import Mention
from apps.classification.runtime.device_errors import DeviceLostError
from apps.classification.runtime.document_typing import type_by_checkpoint, type_documents
from apps.classification.runtime.encoder import Encoder
from apps.classification.runtime.entities import EntityModel
from apps.classification.runtime.model_files import DEFAULT_ENCODER, ModelFilesError
from apps.classification.runtime.type_messages import (
    MentionsRequest,
    ModelReply,
    ModelRequest,
    TypeRequest,
    read_message,
    write_message,
)
from apps.classification.runtime.type_models import TypeModel

_PR_SET_PDEATHSIG = 1
_MOST_DOCUMENTS_AT_ONCE = 16
SaysTypes: TypeAlias = Callable[[Sequence[DocumentText]], list[dict[str, Any]]]
"""Says what documents are, each as the contract's `type` object."""


def main(arguments: Sequence[str]) -> int:
    """Serve requests from standard input on standard output until the input ends or the parent dies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("head", type=Path)
    parser.add_argument("--encoder", default=DEFAULT_ENCODER)
    parser.add_argument("--entities", help="the model that finds mentions, if any is asked for")
    parser.add_argument("--type-model", help="a checkpoint that says what documents are, in place of encoder and head")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="auto", help="what computes, see the module `device`")
    parser.add_argument("--parent", type=int, required=True, help="process id of the program that started this one")
    options = parser.parse_args(arguments)
    _die_with(options.parent)
    # Libraries that print would garble the protocol: from here on their standard output is standard error.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    types, encoder = _types(options)
    models = _Models(types, _entity_model(options, encoder))
    write_message(replies, ModelReply(id=0))
    _serve(models, requests=sys.stdin.buffer, replies=replies, threads=options.threads)
    return 0


def _die_with(parent: int) -> None:
    """End with the parent, also where it is killed; the check covers a parent that died before the call."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _types(options: argparse.Namespace) -> tuple[SaysTypes, Encoder | None]:
    """Load what says what documents are: encoder and head, or the checkpoint asked for, which needs neither."""
    if options.type_model:
        return partial(
            type_by_checkpoint, TypeModel.load(options.type_model, threads=options.threads, device=options.device)
        ), None
    head = TypeHead.load(options.head)
    encoder = Encoder.load(options.encoder, threads=options.threads, device=options.device)
    return partial(type_documents, encoder, head), encoder


def _entity_model(options: argparse.Namespace, encoder: Encoder | None) -> EntityModel | str:
    """Load a model of entities; one that cannot be loaded costs the mentions, whose requests get the reason."""
    if options.entities is None:
        return "No model of entities was asked for."
    try:
        return EntityModel.load(options.entities, encoder=encoder, threads=options.threads, device=options.device)
    except (TaggerError, ModelFilesError, OSError, ValueError) as error:
        return f"The model of entities could not be loaded: {error}"


class _Models(NamedTuple):
    """What this process has loaded; in place of a model of entities why there is none."""

    types: SaysTypes
    entities: EntityModel | str

    def answer(self, batch: Sequence[ModelRequest]) -> list[ModelReply]:
        """Answer the requests of a batch, those of a kind together."""
        types = [request for request in batch if isinstance(request, TypeRequest)]
        mentions = [request for request in batch if isinstance(request, MentionsRequest)]
        found: list[Any] = list(self.types([each.document for each in types])) if types else []
        found += self._mentions(mentions) if mentions else []
        asked: list[ModelRequest] = [*types, *mentions]
        return [ModelReply(id=each.id, result=result) for each, result in zip(asked, found, strict=True)]

    def _mentions(self, requests: Sequence[MentionsRequest]) -> list[list[list[Mention]]]:
        if isinstance(self.entities, str):
            raise ModelFilesError(self.entities)
        of_texts = iter(self.entities([text for request in requests for text in request.texts]))
        return [[next(of_texts) for _ in request.texts] for request in requests]


def _serve(models: _Models, *, requests: IO[bytes], replies: IO[bytes], threads: int) -> None:
    """Answer requests on so many threads; those that came in while all of them worked are typed together.

    A request that finds a thread free does not wait for the batch of another: short documents are one batch of the
    encoder, which computes on one core.
    """
    waiting: queue.SimpleQueue[ModelRequest | None] = queue.SimpleQueue()

    decoder: msgspec.msgpack.Decoder[ModelRequest] = msgspec.msgpack.Decoder(ModelRequest)

    def receive() -> None:
        try:
            while (request := read_message(requests, decoder)) is not None:
                waiting.put(request)
        finally:
            waiting.put(None)

    writing = threading.Lock()

    def answer() -> None:
        while (batch := _next_batch(waiting)) is not None:
            for reply in _answer(models, batch):
                with writing:
                    write_message(replies, reply)
        waiting.put(None)  # for the next thread

    threading.Thread(target=receive, name="receiver", daemon=True).start()
    helpers = [threading.Thread(target=answer, name="types", daemon=True) for _ in range(threads - 1)]
    for helper in helpers:
        helper.start()
    answer()
    for helper in helpers:
        helper.join()


def _next_batch(waiting: "queue.SimpleQueue[ModelRequest | None]") -> list[ModelRequest] | None:
    """Wait for a request and take what else is there; None at the end of the input."""
    first = waiting.get()
    if first is None:
        return None
    batch = [first]
    with suppress(queue.Empty):
        while len(batch) < _MOST_DOCUMENTS_AT_ONCE:
            request = waiting.get_nowait()
            if request is None:
                waiting.put(None)
                break
            batch.append(request)
    return batch


def _answer(models: _Models, batch: Sequence[ModelRequest]) -> list[ModelReply]:
    """Answer a batch; where it fails, each document on its own, so that one takes no neighbours along."""
    try:
        return models.answer(batch)
    except DeviceLostError as error:  # the program starts another process when it asks the next time
        sys.stderr.write(f"{error}\n")
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - whatever a text makes a model raise is that document's answer
        if len(batch) == 1:
            return [ModelReply(id=batch[0].id, error=f"{type(error).__name__}: {error}")]
        return [reply for request in batch for reply in _answer(models, [request])]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
