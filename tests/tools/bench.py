"""Measures reading beside the stock libraries, in one run: `python -m tests.tools.bench [FOLDER...]`.

CPU milliseconds a page, the best of three rounds, of PDFs in the folders, or of generated documents without any.
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

from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.reading import Engine
from apps.pipeline.samples import bulk, generate

ROUNDS = 3
PDF = "application/pdf"
Measured = Callable[[Path], int]  # reads one file, returns its number of pages


def pdfium_text(path: Path) -> int:
    """Take pdfium's bare text."""
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            page.get_textpage().get_text_range()
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


def ours(engine: Engine, *, with_tables: bool) -> Measured:
    """Take our text and words, and our tables if asked for."""

    def read(path: Path) -> int:
        source = Source(path=path, name=path.name, media_type=PDF)
        pages = engine.open(source).page_count
        engine.read_pages(source, 1, pages)
        if with_tables:
            engine.find_tables(source, 1, pages)
        engine.close()
        return pages

    return read


def cpu_ms_a_page(measured: Measured, files: list[Path]) -> float:
    """Return the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        pages = sum(measured(path) for path in files)
        best = min(best, (time.process_time() - began) / pages * 1000)
    return best


def generated(folder: Path) -> list[Path]:
    """Write generated PDFs."""
    files = [(each.name, each.content) for each in generate(today=date(2026, 1, 1)) if not each.truth.error]
    files += [(each.name, each.content) for each in bulk(count=40, seed=1)]
    for name, content in files:
        if name.endswith(".pdf"):
            (folder / name).write_bytes(content)
    return sorted(folder.glob("*.pdf"))


def main() -> None:
    """Print one line a way of reading."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    folders = parser.parse_args().folders
    with tempfile.TemporaryDirectory() as temporary:
        files = [path for folder in folders for path in sorted(folder.rglob("*.pdf"))] or generated(Path(temporary))
        engine = Engine()
        rows: list[tuple[str, Measured]] = [
            ("bare pdfium: text", pdfium_text),
            ("docintel: text and words", ours(engine, with_tables=False)),
            ("docintel: text, words and tables", ours(engine, with_tables=True)),
            ("pdfplumber: words", plumber_words),
            ("pdfplumber: words and tables", plumber_words_and_tables),
        ]
        sys.stdout.write(f"{len(files)} files, CPU ms a page\n")
        for name, measured in rows:
            sys.stdout.write(f"{cpu_ms_a_page(measured, files):8.2f}  {name}\n")


if __name__ == "__main__":
    main()
