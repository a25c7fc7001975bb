"""The reading process: `python -m apps.extraction.engine.guard.child OPTIONS`, started by `client.py`.

Requests come on standard input, answers go to the original standard output; whatever a C library prints goes to
standard error. The process answers until its input ends.
"""

import os
import select
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import msgspec

from apps.extraction.engine import operations
from apps.extraction.engine.errors import MESSAGES, ErrorCode, ReadingError
from apps.extraction.engine.guard import isolation, limits
from apps.extraction.engine.guard.protocol import (
    Answer,
    AskGuards,
    Failure,
    FileRequest,
    FindTables,
    Open,
    Perform,
    ReadRange,
    Recognise,
    Render,
    Request,
    read_message,
    write_message,
)
from apps.extraction.engine.ocr import OcrOptions
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.reading import Engine, identify

_DETAIL_CHARACTERS = 2_000
_REST_AFTER_S = 20  # without a request


class Options(msgspec.Struct, kw_only=True):
    """How the process is to be set up; one JSON text on the command line."""

    parent: int
    memory_mb: int
    ocr: OcrOptions


def main() -> int:
    """Put the guards up, then answer requests."""
    options = msgspec.json.decode(sys.argv[1], type=Options)
    requests, answers = 0, os.dup(1)
    os.dup2(2, 1)
    guards = put_up_guards(options)
    engine = Engine(options.ocr)
    decoder = msgspec.msgpack.Decoder(Request)
    encoder = msgspec.msgpack.Encoder()
    while (message := _next_message(engine, requests)) is not None:
        answer = _answer(engine, decoder.decode(message), guards, encoder)
        write_message(answers, encoder.encode(answer))
    return 0


def _next_message(engine: Engine, requests: int) -> bytes | None:
    """Wait for a request; when none comes for a while, give memory back."""
    if not select.select([requests], [], [], _REST_AFTER_S)[0]:
        engine.rest()
        limits.return_free_memory()
    return read_message(requests)


def put_up_guards(options: Options) -> dict[str, bool]:
    """Every guard this system offers, by name; the order matters, because each takes rights away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    return {
        "dies_with_parent": isolation.die_with_parent(options.parent),
        "memory_limit": limits.limit_memory(options.memory_mb),
        "file_size_limit": limits.forbid_file_growth(),
        "no_network_namespace": isolation.leave_network(),
        "no_writes": isolation.forbid_writing(),
        "no_sockets_or_programs": isolation.forbid_calls(),
    }


def _answer(engine: Engine, request: Request, guards: dict[str, bool], encoder: msgspec.msgpack.Encoder) -> Answer:
    if isinstance(request, AskGuards):
        return Answer(msgspec.Raw(encoder.encode(guards)))
    limits.limit_cpu(request.cpu_s)
    media_type = request.media_type or None
    try:
        if isinstance(request, Open):
            media_type = request.media_type = identify(Path(os.fsdecode(request.path)), request.name)
        return Answer(msgspec.Raw(encoder.encode(_result(engine, request))))
    except ReadingError as error:
        failure = Failure(code=error.code, message=error.message, detail=error.detail)
    except MemoryError:
        engine.close()
        failure = Failure(code=ErrorCode.OUT_OF_MEMORY, message=MESSAGES[ErrorCode.OUT_OF_MEMORY])
    except Exception:  # noqa: BLE001  (a defect of a reader must not end the process, and must not be lost)
        detail = traceback.format_exc()[-_DETAIL_CHARACTERS:]
        failure = Failure(code=ErrorCode.CRASHED, message=MESSAGES[ErrorCode.CRASHED], detail=detail)
    failure.media_type = media_type
    return Answer(failure=failure)


def _result(engine: Engine, request: FileRequest) -> object:
    """Do what a request asks."""
    source = _source(request)
    act: dict[type, Callable[..., object]] = {
        Open: lambda _: engine.open(source),
        ReadRange: lambda asked: engine.read_pages(source, asked.first, asked.last),
        Recognise: lambda asked: engine.recognise_page(source, asked.number),
        FindTables: lambda asked: engine.find_tables(source, asked.first, asked.last, asked.readings),
        Render: lambda asked: engine.render_page(source, asked.number, asked.width_px),
        Perform: lambda asked: operations.perform(engine, source, asked.operation, asked.arguments),
    }
    return act[type(request)](request)


def _source(request: FileRequest) -> Source:
    path = Path(os.fsdecode(request.path))
    status = path.stat()
    return Source(
        path=path,
        media_type=request.media_type,
        password=request.password,
        max_pages=request.max_pages,
        stamp=(status.st_mtime_ns, status.st_size, status.st_ino),
    )


if __name__ == "__main__":
    sys.exit(main())
