"""Measures reading beside the stock libraries, in one run: `python -m tests.tools.bench [FOLDER...]`.

CPU milliseconds a page, the best of some rounds, of PDFs in the folders, or of generated documents without any; and
how often each stock library's time ours is. Further commands: `--jobs` (`analyze` with one and with two processes) and
`--memory` (the reading process over many files).
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pdfplumber
import pypdfium2
from pdfminer.high_level import extract_text

from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.reading import Engine
from apps.pipeline.samples import bulk, generate
from tests.tools.bench_processes import memory_over_files, speed_up_of_jobs

PDF = "application/pdf"
Measured = Callable[[Path], int]  # reads one file, returns its number of pages


def pdfium_text(path: Path) -> int:
    """Take pdfium's bare text."""
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            page.get_textpage().get_text_range()
        return len(document)


def miner_text(path: Path) -> int:
    """Take pdfminer.six's text, laid out as it does it by itself."""
    extract_text(path)
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def plumber_words(path: Path) -> int:
    """Take stock pdfplumber's words."""
    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_words()
        return len(document.pages)


def plumber_words_and_tables(path: Path) -> int:
    """Take stock pdfplumber's words and tables."""
    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_words()
            page.extract_tables()
        return len(document.pages)


def ours(*, with_tables: bool) -> Measured:
    """Take our text and words with all a file says of itself, and our tables if asked for."""
    engine = Engine()

    def read(path: Path) -> int:
        source = Source(path=path, name=path.name, media_type=PDF)
        pages = engine.open(source).page_count
        engine.read_pages(source, 1, pages)
        if with_tables:
            engine.find_tables(source, 1, pages)
        engine.close()
        return pages

    return read


ROWS: dict[str, Measured] = {
    "bare pdfium: text": pdfium_text,
    "docintel: text and words": ours(with_tables=False),
    "docintel: text, words and tables": ours(with_tables=True),
    "pdfplumber: words": plumber_words,
    "pdfplumber: words and tables": plumber_words_and_tables,
    "pdfminer.six: text": miner_text,
}
OURS, OURS_WITH_TABLES = "docintel: text and words", "docintel: text, words and tables"
RATIOS = (
    ("pdfplumber: words", OURS),
    ("pdfplumber: words and tables", OURS_WITH_TABLES),
    ("pdfminer.six: text", OURS),
    ("bare pdfium: text", OURS),
)


def cpu_ms_a_page(files: list[Path], rounds: int) -> dict[str, float]:
    """Return the best of some rounds of each way of reading; they take turns, so that all meet the same machine."""
    best = dict.fromkeys(ROWS, float("inf"))
    for _ in range(rounds):
        for name, measured in ROWS.items():
            began = time.process_time()
            pages = sum(measured(path) for path in files)
            best[name] = min(best[name], (time.process_time() - began) / pages * 1000)
    return best


def generated(folder: Path) -> list[Path]:
    """Write generated PDFs."""
    files = [(each.name, each.content) for each in generate(today=date(2026, 1, 1)) if not each.truth.error]
    files += [(each.name, each.content) for each in bulk(count=40, seed=1)]
    for name, content in files:
        if name.endswith(".pdf"):
            (folder / name).write_bytes(content)
    return sorted(folder.glob("*.pdf"))


def print_reading(files: list[Path], rounds: int) -> None:
    """Print a line a way of reading, and the ratios."""
    times = cpu_ms_a_page(files, rounds)
    sys.stdout.write(f"{len(files)} files, CPU ms a page\n")
    for name, milliseconds in times.items():
        sys.stdout.write(f"{milliseconds:8.2f}  {name}\n")
    for other, mine in RATIOS:
        sys.stdout.write(f"{times[other] / times[mine]:8.2f}  {other} / {mine}\n")


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", action="store_true", help="analyze with --jobs 1 and with --jobs 2")
    parser.add_argument("--memory", type=int, metavar="FILES", help="one reading process over that many files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        named = [path for folder in options.folders for path in sorted(folder.rglob("*.pdf"))]
        files = named or generated(Path(temporary))
        if options.jobs:
            speed_up_of_jobs(files)
        elif options.memory:
            memory_over_files(files, options.memory)
        else:
            print_reading(files, options.rounds)


if __name__ == "__main__":
    main()
