"""Runs many files over several guarded processes and writes the lines in input order."""

import logging
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import msgspec

from apps.extraction.engine.guard import GuardedReader, Limits
from apps.pipeline.analyze.analysis import analyze_file
from apps.pipeline.analyze.arguments import AnalyzeOptions
from apps.pipeline.analyze.inputs import InputError, files_of
from apps.pipeline.analyze.typing_stage import start_typing

logger = logging.getLogger(__name__)
_AHEAD_OF_OUTPUT = 16  # files a job may be ahead of the oldest one that is not finished: bounds the lines kept


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
    """One JSON line a file, in their order. The work is done in child processes, each driven by a thread."""
    jobs = min(options.jobs, max(1, len(files)))
    readers = _Readers(options)
    typing = start_typing(skipped="type" in options.skip)
    encoder = msgspec.json.Encoder(enc_hook=str)

    def work(path: Path) -> bytes:
        analysis = analyze_file(path, reader=readers.mine(), typing=typing, options=options)
        return encoder.encode(analysis) + b"\n"

    pool = ThreadPoolExecutor(jobs, thread_name_prefix="analyze")
    try:
        yield from _in_order(pool, work, files, jobs * _AHEAD_OF_OUTPUT)
    finally:
        pool.shutdown(cancel_futures=True)
        readers.close()
        typing.close()


def _in_order(
    pool: ThreadPoolExecutor, work: Callable[[Path], bytes], files: list[Path], ahead: int
) -> Iterator[bytes]:
    waiting: deque[Future[bytes]] = deque()
    for path in files:
        waiting.append(pool.submit(work, path))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


class _Readers:
    """A guarded reader for each thread, because a reader dies with the thread that started it."""

    def __init__(self, options: AnalyzeOptions) -> None:
        self._options = options
        self._local = threading.local()
        self._all: list[GuardedReader] = []

    def mine(self) -> GuardedReader:
        """Return the calling thread's reader."""
        reader = getattr(self._local, "reader", None)
        if reader is None:
            options = self._options
            reader = GuardedReader(
                limits=Limits(memory_mb=options.memory_mb, timeout_s=options.timeout_s, max_pages=options.max_pages),
                ocr_languages=options.ocr_languages,
                tessdata=options.tessdata,
                ocr_accurate=options.ocr_accurate,
            )
            self._local.reader = reader
            if reader.missing_languages and not self._all:
                logger.warning("no recognition data is installed for: %s", ", ".join(reader.missing_languages))
            self._all.append(reader)
        return reader

    def close(self) -> None:
        """End all processes."""
        for reader in self._all:
            reader.close()
