"""Runs many files over several job processes and writes the lines in input order."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import msgspec

from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.ocr.languages import find_languages
from apps.pipeline.analyze.arguments import AnalyzeOptions
from apps.pipeline.analyze.empty import lost_analysis
from apps.pipeline.analyze.inputs import InputError, files_of
from apps.pipeline.analyze.jobs import Job
from apps.pipeline.analyze.models import Models, start_models
from apps.pipeline.analyze.relayed import answerers
from apps.pipeline.analyze.schedule import Schedule

logger = logging.getLogger(__name__)
_AHEAD_OF_OUTPUT = 64  # files a job may be ahead of the oldest one that is not written
_MOST_HELD = 256 << 20  # bytes of finished lines that wait for an older one


def analyze_to_output(options: AnalyzeOptions) -> None:
    """Analyse everything asked for and write it to the chosen place; raises InputError for wrong usage."""
    files = files_of(options.paths)
    if options.output is None:
        _write_all(files, options, sys.stdout.buffer)
        return
    try:
        output = options.output.open("wb")
    except OSError as error:
        raise InputError(f"{options.output}: {error.strerror}") from error
    with output:
        _write_all(files, options, output)


def _write_all(files: list[Path], options: AnalyzeOptions, output: BinaryIO) -> None:
    for line in analyses(files, options):
        output.write(line)
        output.flush()


def analyses(files: list[Path], options: AnalyzeOptions) -> Iterator[bytes]:
    """One JSON line a file, in their order. The work is done in job processes, each waited for by a thread."""
    _warn_of_missing_languages(options)
    count = min(options.jobs, max(1, len(files)))
    models = start_models(skip=options.skip, threads=count)
    jobs = _Jobs(options, models)

    def work(path: Path) -> bytes:
        began = time.monotonic()
        try:
            line = jobs.mine().analyse(path)
        except ReadingError as error:
            logger.warning("the job was lost on %s: %s", path.name, error)
            line = msgspec.json.encode(lost_analysis(path, error, total_ms=(time.monotonic() - began) * 1000))
        return line + b"\n"

    schedule = Schedule([_size_of(path) for path in files], ahead=count * _AHEAD_OF_OUTPUT, most_held=_MOST_HELD)
    pool = ThreadPoolExecutor(count, thread_name_prefix="analyze")
    try:
        for _ in range(count):
            pool.submit(work_off, schedule, work, files)
        yield from schedule.lines()
    finally:
        schedule.stop()
        jobs.close()
        pool.shutdown()
        models.close()


def work_off(schedule: Schedule, work: Callable[[Path], bytes], files: Sequence[Path]) -> None:
    """Do one thread's share of the files."""
    try:
        while (place := schedule.next_place()) is not None:
            schedule.finished(place, work(files[place]))
    except Exception as error:  # noqa: BLE001  (the thread that writes raises it)
        schedule.failed(error)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _warn_of_missing_languages(options: AnalyzeOptions) -> None:
    known = find_languages(options.ocr_languages, Path(options.tessdata) if options.tessdata else None)
    missing = [language for language in options.ocr_languages if language not in known]
    if missing:
        logger.warning("no recognition data is installed for: %s", ", ".join(missing))


class _Jobs:
    """A job for each thread, because a process dies with the thread that started it."""

    def __init__(self, options: AnalyzeOptions, models: Models) -> None:
        self._options = options
        self._models = answerers(models.stages)
        self._local = threading.local()
        self._all: list[Job] = []

    def mine(self) -> Job:
        """Return the calling thread's job."""
        job: Job | None = getattr(self._local, "job", None)
        if job is None:
            job = self._local.job = Job(self._options, self._models)
            self._all.append(job)
        return job

    def close(self) -> None:
        """End all processes."""
        for job in self._all:
            job.close()
