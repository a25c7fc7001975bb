"""Feeds damaged files of every format to the guarded reader: `python -m tests.tools.fuzz --minutes 10`.

What must hold: this process goes on, each request ends in a result or an error of the catalogue, and in time. A death
of the reading process is a result, but it is counted, and its file can be kept to be looked at.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.fields.types import MachineData
from apps.extraction.engine.guard import GuardedReader, Limits
from apps.extraction.engine.operations import machine_data
from tests.tools.mutations import mutated
from tests.tools.seeds import SEEDS, Seed

LIMITS = Limits(timeout_s=20, memory_mb=1_024)
_GRACE_S = 5.0  # to notice that time is up, and to end the process
_MOST_PAGES = 3


@dataclass
class Outcome:
    """How often each way to end came up for one format; `notable` holds files that killed or outlasted a process."""

    ends: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0


class TooLateError(AssertionError):
    """The reader did not keep its own time limit."""


def read_all(reader: GuardedReader, path: Path, media_type: str) -> str:
    """Read a file as a worker would; returns how it ended. Whatever is not an error of the catalogue is raised."""
    began = time.monotonic()
    try:
        info = reader.open(path, name=path.name)
        media_type = info.media_type
        reader.read_pages(path, media_type=media_type, first=1, last=min(_MOST_PAGES, info.page_count))
        reader.find_tables(path, media_type=media_type, first=1, last=1)
        arguments = machine_data.Arguments(code_pages=[1])
        reader.perform(machine_data, path, media_type=media_type, arguments=arguments, result=MachineData)
        end = "read"
    except ReadingError as error:
        end = str(ErrorCode(error.code))
        if error.code == ErrorCode.UNSUPPORTED_TYPE and error.media_type != media_type:
            end = _forced(reader, path, media_type)
    if time.monotonic() - began > 3 * (reader.limits.timeout_s + _GRACE_S):
        raise TooLateError(path)
    return end


def _forced(reader: GuardedReader, path: Path, media_type: str) -> str:
    """Read a file that is no longer recognised as what it was, all the same."""
    try:
        reader.read_pages(path, media_type=media_type, first=1, last=_MOST_PAGES)
    except ReadingError as error:
        return str(ErrorCode(error.code))
    return "read"


def damaged_files(seeds: list[Seed], chance: random.Random) -> Iterator[tuple[Seed, bytes]]:
    """Damaged files without end, the formats in turn."""
    contents = [(seed, seed.make()) for seed in seeds]
    while True:
        for seed, content in contents:
            yield seed, mutated(chance, content, chance.choice(contents)[1])


def fuzz(*, minutes: float, seed: int, kept: Path | None) -> dict[str, Outcome]:
    """Read damaged files for so long; files that killed a process or outlasted it are kept if there is a folder."""
    outcomes: dict[str, Outcome] = {each.media_type: Outcome() for each in SEEDS}
    until = time.monotonic() + 60 * minutes
    with tempfile.TemporaryDirectory() as folder, GuardedReader(limits=LIMITS) as reader:
        for number, (made, content) in enumerate(damaged_files(list(SEEDS), random.Random(seed))):  # noqa: S311  (to be repeatable)
            path = Path(folder, f"{number}{made.suffix}")
            path.write_bytes(content)
            began = time.monotonic()
            end = read_all(reader, path, made.media_type)
            outcome = outcomes[made.media_type]
            outcome.ends[end] += 1
            outcome.slowest_s = max(outcome.slowest_s, time.monotonic() - began)
            if kept is not None and end in {"crashed", "timed_out", "out_of_memory"}:
                kept.mkdir(parents=True, exist_ok=True)
                path.replace(kept / f"{end}-{seed}-{path.name}")
            else:
                path.unlink()
            if time.monotonic() > until:
                return outcomes
    return outcomes


def main() -> None:
    """Print a line a format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the files that ended a reading process")
    options = parser.parse_args()
    outcomes = fuzz(minutes=options.minutes, seed=options.seed, kept=options.keep)
    for media_type, outcome in outcomes.items():
        ends = ", ".join(f"{end} {count}" for end, count in outcome.ends.most_common())
        sys.stdout.write(f"{outcome.ends.total():6d}  {media_type}: {ends}; slowest {outcome.slowest_s:.1f} s\n")
    sys.stdout.write(f"{sum(outcome.ends.total() for outcome in outcomes.values())} files, no fault of this process\n")


if __name__ == "__main__":
    main()
