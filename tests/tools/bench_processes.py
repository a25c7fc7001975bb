"""Measures whole processes for `bench`: two jobs beside one, and the memory of a reading process over many files."""

import subprocess
import sys
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from apps.extraction.engine.guard import GuardedReader, Limits
from apps.extraction.engine.guard.limits import resident_mb

_STEPS = 10


def speed_up_of_jobs(files: list[Path]) -> None:
    """Print the seconds `analyze` takes for the files with one and with two processes, types left out."""
    seconds = {}
    for jobs in (1, 2):
        began = time.monotonic()
        command = [
            sys.executable,
            "manage.py",
            "analyze",
            "--skip",
            "type",
            "--skip",
            "entities",
            "--jobs",
            str(jobs),
            *map(str, files),
        ]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        seconds[jobs] = time.monotonic() - began
        sys.stdout.write(f"{seconds[jobs]:8.2f}  s with --jobs {jobs} for {len(files)} files\n")
    sys.stdout.write(f"{seconds[1] / seconds[2]:8.2f}  times as fast with two\n")


def memory_over_files(files: list[Path], count: int) -> None:
    """Print the memory of one reading process, never replaced, at ten moments while it reads so many files."""
    with GuardedReader(limits=replace(Limits(), recycle_after_requests=10**9, recycle_above_mb=10**6)) as reader:
        for number, path in enumerate(islice(cycle(files), count), start=1):
            info = reader.open(path, name=path.name)
            reader.read_pages(path, media_type=info.media_type, first=1, last=info.page_count)
            reader.find_tables(path, media_type=info.media_type, first=1, last=info.page_count)
            if number % max(1, count // _STEPS) == 0:
                process = reader._process
                held = resident_mb(process.pid) if process is not None else None
                sys.stdout.write(f"{held or 0:8.0f}  MB after {number} files\n")
