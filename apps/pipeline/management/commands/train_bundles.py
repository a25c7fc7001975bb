"""`manage.py train_bundles`: trains the splitter of bundles on single documents joined by seeded shuffles."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.extraction.engine.bundles.generated import SingleDocument
from apps.extraction.engine.bundles.pages import PageView
from apps.extraction.engine.bundles.splitter import WEIGHTS
from apps.extraction.engine.bundles.training import train
from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.guard import GuardedReader, Limits

_MOST_PAGES = 6
_READ = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")


class Command(BaseCommand):
    """Train the splitter and write its weights."""

    help = (
        "Train the splitter of bundles. FOLDER holds manifest.jsonl with rows {path, repo or source, sha256, licence}; "
        "whole sources are held out for the figures."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
        parser.add_argument("--out", type=Path, default=WEIGHTS, metavar="FILE")
        parser.add_argument("--pages", type=Path, metavar="FILE", help="keep the pages read here, for another training")
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *_: object, **given: Any) -> None:
        kept: Path | None = given["pages"]
        if kept is not None and kept.exists():
            documents = msgspec.msgpack.decode(kept.read_bytes(), type=list[SingleDocument])
        else:
            documents = list(self._read(given["data"]))
            if kept is not None:
                kept.write_bytes(msgspec.msgpack.encode(documents))
        if len({document.source for document in documents}) < 2:
            raise CommandError("Documents of at least two sources are needed: one to learn, one to measure.")
        self.stderr.write(f"Training on {len(documents)} documents")
        model = train(documents, seed=given["seed"])
        model = msgspec.structs.replace(
            model, card={**model.card, "trained_on": f"{datetime.now(tz=UTC):%Y-%m-%d}", "licences": _licences(given)}
        )
        given["out"].write_text(json.dumps(msgspec.to_builtins(model), indent=2, ensure_ascii=False) + "\n")
        self.stdout.write(json.dumps(model.card, indent=2, ensure_ascii=False))

    def _read(self, data: Path) -> Iterator[SingleDocument]:
        """Read every document once, however many rows name it; what cannot be read is left out."""
        limits = Limits(memory_mb=settings.CHILD_MEMORY_MB, max_pages=settings.MAX_PAGES)
        languages = tuple(settings.OCR_LANGUAGES)
        seen: set[str] = set()
        with GuardedReader(
            limits=limits, ocr_languages=languages, tessdata=settings.TESSDATA or None, ocr_accurate=False
        ) as reader:
            for row in _rows(data):
                path = _file_of(data, row)
                if row["sha256"] in seen or path.suffix.lower() not in _READ:
                    continue
                seen.add(row["sha256"])
                try:
                    pages = _pages(reader, path)
                except ReadingError as error:
                    self.stderr.write(f"{path.name}: {error.code}")
                    continue
                if any(page.words for page in pages):
                    yield SingleDocument(path.name, _source(row), pages)


def _rows(data: Path) -> Iterator[dict[str, Any]]:
    with (data / "manifest.jsonl").open() as lines:
        yield from (json.loads(line) for line in lines)


def _file_of(data: Path, row: dict[str, Any]) -> Path:
    """Return a row's file; its path may begin with the folder's own name."""
    name = str(row["path"])
    return data / name if (data / name).exists() else data.parent / name


def _source(row: dict[str, Any]) -> str:
    return str(row.get("source") or row.get("repo") or row.get("group") or "unknown")


def _licences(given: dict[str, Any]) -> dict[str, str]:
    """Return the licence of every source, as its rows state it."""
    return {_source(row): str(row.get("licence", "")) for row in _rows(given["data"])}


def _pages(reader: GuardedReader, path: Path) -> list[PageView]:
    """Read the leading pages as `analyze` does: text layers, and recognition where a page needs it."""
    info = reader.open(path)
    last = min(info.page_count, _MOST_PAGES)
    read = reader.read_pages(path, media_type=info.media_type, first=1, last=last).pages
    found = [
        reader.recognise_page(path, media_type=info.media_type, number=page.number) if page.needs_ocr else page
        for page in read
    ]
    return [PageView(page.number, page.width, page.height, page.words) for page in found]
