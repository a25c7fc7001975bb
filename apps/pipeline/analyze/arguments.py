"""The command line of `analyze`."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

STAGES = ("ocr", "tables", "fields", "entities", "type", "words")


@dataclass(frozen=True, kw_only=True)
class AnalyzeOptions:
    """What was asked on the command line, and the installation's limits."""

    paths: tuple[Path, ...]
    jobs: int
    output: Path | None
    password: str | None
    skip: frozenset[str]
    timeout_s: float
    memory_mb: int
    max_pages: int
    ocr_languages: tuple[str, ...]
    tessdata: str | None
    ocr_accurate: bool

    @classmethod
    def of(
        cls,
        given: Mapping[str, Any],
        *,
        memory_mb: int,
        max_pages: int,
        ocr_languages: tuple[str, ...],
        tessdata: str | None,
        ocr_accurate: bool,
    ) -> Self:
        """Return the parsed arguments with the installation's settings."""
        return cls(
            paths=tuple(given["paths"]),
            jobs=given["jobs"],
            output=given["output"],
            password=given["password"],
            skip=frozenset(given["skip"]),
            timeout_s=given["timeout"],
            memory_mb=memory_mb,
            max_pages=max_pages,
            ocr_languages=ocr_languages,
            tessdata=tessdata,
            ocr_accurate=ocr_accurate,
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Return the arguments of the outer contract."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder with files")
    parser.add_argument(
        "--jobs", type=_at_least_one, default=os.cpu_count() or 1, metavar="N", help="processes (default: CPU count)"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there and not to standard output")
    parser.add_argument("--password", metavar="TEXT", help="opens protected files")
    parser.add_argument(
        "--skip", action="append", default=[], choices=STAGES, metavar="STAGE", help=f"one of {', '.join(STAGES)}"
    )
    parser.add_argument(
        "--timeout", type=_seconds, default=120.0, metavar="SECONDS", help="longest time a file may take (default: 120)"
    )


def _at_least_one(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _seconds(value: str) -> float:
    number = float(value)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("must be a positive number")
    return number
