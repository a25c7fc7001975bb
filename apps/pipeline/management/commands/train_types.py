"""`manage.py train_types`: trains the document-type head on labelled documents and writes its model card."""

from argparse import ArgumentTypeError
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.classification.engine.document_text import DocumentText
from apps.classification.engine.labels import TYPE_LABELS, TypeLabel
from apps.classification.engine.sentences import described_as
from apps.classification.engine.training.card import LicenceComparison, as_markdown, build_card, write_card
from apps.classification.engine.training.dataset import DatasetError, LabelledFile, find_documents, has_licence
from apps.classification.engine.training.examples import Example
from apps.classification.engine.training.trainer import DescribedLabel, TrainingError, TrainingResult, train
from apps.classification.heads import DOCUMENT_TYPE
from apps.classification.runtime.document_typing import encode_leading_chunks
from apps.classification.runtime.encoder import Encoder
from apps.pipeline.labelled_texts import read_all


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
        parser.add_argument("--cache", type=Path, metavar="FOLDER", help="keep what was read, and take it from there")

    def handle(self, *_: object, **given: Any) -> None:
        patterns = [*given["exclude_licence"], *given["compare_licence"]]
        if given["exclude_licence"] and given["compare_licence"]:
            raise CommandError("Give --exclude-licence or --compare-licence, not both", returncode=2)
        try:
            self._train(given, patterns)
        except (DatasetError, TrainingError) as error:
            raise CommandError(str(error)) from error

    def _train(self, given: dict[str, Any], patterns: Sequence[str]) -> None:
        now, jobs, leave_out = datetime.now(tz=UTC), max(1, given["jobs"]), bool(given["exclude_licence"])
        files = find_documents(given["data"])
        self.stderr.write(f"Reading {len(files)} documents")
        texts = read_all(files, jobs=jobs, cache=given["cache"])
        encoder = Encoder.load(settings.ENCODER, threads=jobs, device=settings.DEVICE)
        self.stderr.write(f"Encoding with {encoder.model}")
        examples, skipped = encoded_examples(encoder, files, texts)
        labels = [described(encoder, label) for label in TYPE_LABELS]
        kept = [example for example in examples if not has_licence(example.licence, patterns)]
        self.stderr.write(f"Training on {len(examples)} documents, {len(examples) - len(kept)} of the licences named")

        def fitted(chosen: Sequence[Example]) -> TrainingResult:
            return train(chosen, labels, name=f"document-type-{now:%Y.%m.%d}", encoder=encoder.model)

        full = fitted(examples)
        reduced = fitted(kept) if patterns else full
        result, used = (reduced, kept) if leave_out else (full, examples)
        comparison = LicenceComparison(patterns, leave_out, full.metrics, reduced.metrics) if patterns else None
        card = build_card(result, used, trained_on=now.date(), skipped=skipped, comparison=comparison)
        result.head.save(given["out"])
        write_card(given["out"], card)
        self.stdout.write(as_markdown(card))


def described(encoder: Encoder, label: TypeLabel) -> DescribedLabel:
    """Return a type with the vectors of what is said of it."""
    vectors = encoder.encode([described_as(label.title, label.sentence), *label.descriptions])
    return DescribedLabel(label, vectors[1:], sentence=vectors[0])


def _folder(value: str) -> Path:
    path = Path(value)
    if not path.is_dir():
        raise ArgumentTypeError(f"{value} is no folder")
    return path


def encoded_examples(
    encoder: Encoder, files: Sequence[LabelledFile], texts: Sequence[DocumentText | str]
) -> tuple[list[Example], list[tuple[str, str]]]:
    """Encode what was read; documents without text are skipped with their reason."""
    read: list[tuple[LabelledFile, DocumentText]] = []
    skipped: list[tuple[str, str]] = []
    for file, text in zip(files, texts, strict=True):
        if isinstance(text, str) or not text.text.strip():
            skipped.append((file.label, text if isinstance(text, str) else "no text"))
        else:
            read.append((file, text))
    vectors = encode_leading_chunks(encoder, [document for _, document in read])
    examples = [
        Example(
            text=document.text,
            chunk_vectors=np.asarray(of_file, dtype=np.float32),
            label=file.label,
            source=file.source,
            licence=file.licence,
            group=file.group,
            kind=file.kind,
            sha256=file.sha256(),
        )
        for (file, document), of_file in zip(read, vectors, strict=True)
    ]
    return examples, skipped
