"""The parent's side of a job: files go in, lines come out, and a process that dies costs the file it was at."""

import logging
import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.guard import Limits
from apps.extraction.engine.guard.process import ChildProcess
from apps.pipeline.analyze.arguments import AnalyzeOptions
from apps.pipeline.analyze.messages import Analyse, FromJob, Line, Question, Reply
from apps.pipeline.analyze.relayed import Answerer

logger = logging.getLogger(__name__)
_MODULE = "apps.pipeline.analyze.job"
# What a job may take beyond the file's own time, which bounds reading: starting, layout and writing of a long document.
_PATIENCE_S = 30.0
_ENDING_S = 1.0  # for an idle job to end its own reading process


class Job:
    """One job process, started when needed and replaced when it dies. Not thread-safe."""

    def __init__(
        self, options: AnalyzeOptions, models: Mapping[str, Answerer], *, patience_s: float = _PATIENCE_S
    ) -> None:
        self._options = replace(options, paths=(), output=None)
        self._models = models
        self._patience_s = patience_s
        self._limits = Limits(memory_mb=options.memory_mb)
        self._decoder: msgspec.msgpack.Decoder[FromJob] = msgspec.msgpack.Decoder(FromJob)
        self._process: ChildProcess | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process, None where none runs."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the process, if none runs."""
        if self._process is None:
            self._process = ChildProcess(_MODULE, {}, limits=self._limits, stderr=None)

    def analyse(self, path: Path) -> bytes:
        """Return a file's line of JSON; raises ReadingError where the process is lost, and the next gets a new one."""
        message: Analyse | Reply = Analyse(os.fsencode(path.absolute()), self._options)
        left_s = self._options.timeout_s + self._patience_s
        while True:
            began = time.monotonic()
            answer = self._ask(message, left_s)
            left_s -= time.monotonic() - began
            if isinstance(answer, Line):
                return answer.line
            message = self._reply(answer)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.end(_ENDING_S)

    def _ask(self, message: Analyse | Reply, timeout_s: float) -> Line | Question:
        self.start()
        process = self._process
        if process is None or timeout_s <= 0:
            self.close()
            raise ReadingError(ErrorCode.TIMED_OUT)
        try:
            answer = self._decoder.decode(process.ask(msgspec.msgpack.encode(message), timeout_s))
        except (ReadingError, msgspec.MsgspecError) as error:
            self.close()
            if isinstance(error, ReadingError):
                raise
            raise ReadingError(ErrorCode.CRASHED, detail=str(error)) from error
        return answer

    def _reply(self, question: Question) -> Reply:
        """Have a model process answer; time spent there is bounded by the question, and not the job's."""
        try:
            return self._models[question.stage](question.about, question.timeout_s)
        except Exception as error:
            logger.exception("the model process failed on a question of the stage %s", question.stage)
            return Reply(error=f"{type(error).__name__}: {error}")
