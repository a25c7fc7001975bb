"""`manage.py train_types`: trains the document-type head on labelled documents and writes its model card."""

from argparse import ArgumentTypeError
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.classification.engine.labels import TYPE_LABELS
from apps.classification.engine.training.card import LicenceComparison, as_markdown, build_card, write_card
from apps.classification.engine.training.dataset import DatasetError, LabelledFile, find_documents, has_licence
from apps.classification.engine.training.examples import Example
from apps.classification.engine.training.trainer import DescribedLabel, TrainingError, TrainingResult, train
from apps.classification.heads import DOCUMENT_TYPE
from apps.classification.runtime.document_typing import encode_leading_chunks, joined
from apps.classification.runtime.encoder import Encoder
from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.guard import GuardedReader, Limits

# A head reads the first chunks only; pages beyond these would not change it.
_PAGES = 12


class Command(BaseCommand):
    """Train and write a head."""

    help = (
        "Train the document-type head. FOLDER holds manifest.jsonl with rows {path, label, source, licence, group}, or "
        "one folder of files for each label."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=_folder, required=True, metavar="FOLDER")
        parser.add_argument("--out", type=Path, default=DOCUMENT_TYPE, metavar="FOLDER")
        parser.add_argument(
            "--exclude-licence",
            action="append",
            default=[],
            metavar="GLOB",
            help="leave sources with such a licence out of the head; the card gives the scores both ways",
        )
        parser.add_argument(
            "--compare-licence",
            action="append",
            default=[],
            metavar="GLOB",
            help="keep such sources, but give the scores both ways",
        )
        parser.add_argument("--jobs", type=int, default=2, help="reading processes and encoder threads")

    def handle(self, *_: object, **given: Any) -> None:
        patterns = [*given["exclude_licence"], *given["compare_licence"]]
        if given["exclude_licence"] and given["compare_licence"]:
            raise CommandError("Give --exclude-licence or --compare-licence, not both", returncode=2)
        try:
            self._train(given["data"], given["out"], patterns, leave_out=bool(given["exclude_licence"]), **_jobs(given))
        except (DatasetError, TrainingError) as error:
            raise CommandError(str(error)) from error

    def _train(self, data: Path, out: Path, patterns: Sequence[str], *, leave_out: bool, jobs: int) -> None:
        now = datetime.now(tz=UTC)
        files = find_documents(data)
        self.stderr.write(f"Reading {len(files)} documents")
        texts = _read_all(files, jobs)
        encoder = Encoder.load(settings.ENCODER, threads=jobs)
        self.stderr.write(f"Encoding with {encoder.model}")
        examples, skipped = _examples(encoder, files, texts)
        labels = [DescribedLabel(label, encoder.encode(label.descriptions)) for label in TYPE_LABELS]
        kept = [example for example in examples if not has_licence(example.licence, patterns)]
        self.stderr.write(f"Training on {len(examples)} documents, {len(examples) - len(kept)} of the licences named")

        def fitted(chosen: Sequence[Example]) -> TrainingResult:
            return train(chosen, labels, name=f"document-type-{now:%Y.%m.%d}", encoder=encoder.weights)

        full = fitted(examples)
        reduced = fitted(kept) if patterns else full
        result, used = (reduced, kept) if leave_out else (full, examples)
        comparison = LicenceComparison(patterns, leave_out, full.metrics, reduced.metrics) if patterns else None
        card = build_card(result, used, trained_on=now.date(), skipped=skipped, comparison=comparison)
        result.head.save(out)
        write_card(out, card)
        self.stdout.write(as_markdown(card))


def _folder(value: str) -> Path:
    path = Path(value)
    if not path.is_dir():
        raise ArgumentTypeError(f"{value} is no folder")
    return path


def _jobs(given: dict[str, Any]) -> dict[str, int]:
    return {"jobs": max(1, int(given["jobs"]))}


def _read_all(files: Sequence[LabelledFile], jobs: int) -> list[list[str] | str]:
    """Return each file's page texts, or the reason why there are none; one guarded process for each job."""

    def read_share(share: int) -> list[list[str] | str]:
        reader = GuardedReader(
            limits=Limits(memory_mb=settings.CHILD_MEMORY_MB, max_pages=settings.MAX_PAGES),
            ocr_languages=tuple(settings.OCR_LANGUAGES),
            tessdata=settings.TESSDATA or None,
            ocr_accurate=settings.OCR_ACCURATE,
        )
        try:
            return [_read(reader, file.path) for file in files[share::jobs]]
        finally:
            reader.close()

    texts: list[list[str] | str] = [""] * len(files)
    with ThreadPoolExecutor(jobs) as pool:
        for share, read in enumerate(pool.map(read_share, range(jobs))):
            texts[share::jobs] = read
    return texts


def _read(reader: GuardedReader, path: Path) -> list[str] | str:
    """Read the leading pages as `analyze` does: text layers, and recognition where a page needs it."""
    try:
        info = reader.open(path)
        last = min(info.page_count, _PAGES)
        pages = reader.read_pages(path, media_type=info.media_type, first=1, last=last).pages
        return [
            reader.recognise_page(path, media_type=info.media_type, number=page.number).text
            if page.needs_ocr
            else page.text
            for page in pages
        ]
    except ReadingError as error:
        return str(error.code)


def _examples(
    encoder: Encoder, files: Sequence[LabelledFile], texts: Sequence[list[str] | str]
) -> tuple[list[Example], list[tuple[str, str]]]:
    """Encode what was read; documents without text are skipped with their reason."""
    read: list[tuple[LabelledFile, list[str]]] = []
    skipped: list[tuple[str, str]] = []
    for file, pages in zip(files, texts, strict=True):
        if isinstance(pages, str) or not any(page.strip() for page in pages):
            skipped.append((file.label, pages if isinstance(pages, str) else "no text"))
        else:
            read.append((file, pages))
    vectors = encode_leading_chunks(encoder, [pages for _, pages in read])
    examples = [
        Example(
            text=joined(pages),
            chunk_vectors=np.asarray(of_file, dtype=np.float32),
            label=file.label,
            source=file.source,
            licence=file.licence,
            group=file.group,
            kind=file.kind,
            sha256=file.sha256(),
        )
        for (file, pages), of_file in zip(read, vectors, strict=True)
    ]
    return examples, skipped
