"""A job: `python -m apps.pipeline.analyze.job OPTIONS`, started by `jobs.py`. No Django, no models of its own.

It does all stages of one file after the other, drives its own reading process, and asks its parent for what the model
processes know, because all jobs share those.
"""

import logging
import os
import signal
import sys
from pathlib import Path

import msgspec

from apps.extraction.engine.guard import GuardedReader, Limits, isolation
from apps.extraction.engine.guard.protocol import read_message, write_message
from apps.pipeline.analyze.arguments import AnalyzeOptions
from apps.pipeline.analyze.messages import Analyse, Line, Question, Reply, ToJob
from apps.pipeline.analyze.model_stages import ModelStages
from apps.pipeline.analyze.relayed import AskedEntities, AskedTyping


class Options(msgspec.Struct):
    """How the process is to be set up."""

    parent: int


class Parent:
    """The other end of the pipes."""

    def __init__(self, requests: int, answers: int) -> None:
        self._requests = requests
        self._answers = answers
        self._decoder = msgspec.msgpack.Decoder(ToJob)

    def next(self) -> Analyse | None:
        """Wait for the next file; None when there is none."""
        message = read_message(self._requests)
        request = None if message is None else self._decoder.decode(message)
        return request if isinstance(request, Analyse) else None

    def tell(self, line: bytes) -> None:
        """Give back a file's line."""
        write_message(self._answers, msgspec.msgpack.encode(Line(line)))

    def ask(self, stage: str, about: object, timeout_s: float) -> Reply:
        """Ask a model process."""
        question = Question(stage, msgspec.Raw(msgspec.msgpack.encode(about)), timeout_s)
        write_message(self._answers, msgspec.msgpack.encode(question))
        message = read_message(self._requests)
        reply = Reply(error="The program has ended.") if message is None else self._decoder.decode(message)
        return reply if isinstance(reply, Reply) else Reply(error="The program did not answer.")


def main() -> int:
    """Analyse files until there are no more."""
    options = msgspec.json.decode(sys.argv[1], type=Options)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    isolation.die_with_parent(options.parent)
    logging.basicConfig(level=logging.WARNING)
    parent = Parent(requests=0, answers=os.dup(1))
    os.dup2(2, 1)  # whatever libraries print
    first = parent.next()
    if first is not None:
        with reader_for(first.options) as reader:
            reader.start()
            work(parent, reader, first)
    return 0


def work(parent: Parent, reader: GuardedReader, first: Analyse) -> None:
    """Analyse files, beginning with the first; the reading process starts meanwhile."""
    from apps.pipeline.analyze.analysis import analyze_file  # noqa: PLC0415  (.1 s, in which the other one starts, too)

    models = ModelStages(AskedTyping(parent.ask), AskedEntities(parent.ask))
    encoder = msgspec.json.Encoder(enc_hook=str)
    asked: Analyse | None = first
    while asked is not None:
        path = Path(os.fsdecode(asked.path))
        parent.tell(encoder.encode(analyze_file(path, reader=reader, models=models, options=asked.options)))
        asked = parent.next()


def reader_for(options: AnalyzeOptions) -> GuardedReader:
    """Return a reader within the limits of the command line and the installation."""
    return GuardedReader(
        limits=Limits(memory_mb=options.memory_mb, timeout_s=options.timeout_s, max_pages=options.max_pages),
        ocr_languages=options.ocr_languages,
        tessdata=options.tessdata,
        ocr_accurate=options.ocr_accurate,
    )


if __name__ == "__main__":
    sys.exit(main())
