"""`manage.py train_fields`: trains the rankers of invoice and receipt fields and writes their model cards."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.extraction.engine.fields.ranking.ranker import SHIPPED
from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema
from apps.extraction.engine.fields.ranking.training.card import as_markdown, build_card, write_card
from apps.extraction.engine.fields.ranking.training.dataset import (
    DatasetError,
    LabelledFile,
    gold_page,
    labelled_files,
)
from apps.extraction.engine.fields.ranking.training.examples import TrueDocument
from apps.extraction.engine.fields.ranking.training.trainer import (
    GENERATED,
    TrainingError,
    figures_without,
    prepare,
    train,
)
from apps.pipeline.labelled_documents import labelled_documents, true_document


class Command(BaseCommand):
    """Train and write the rankers."""

    help = (
        "Train the rankers of invoice and receipt fields. FOLDER holds manifest.jsonl with rows {path, gt, source, "
        "group, licence}; a truth is {type, fields} or one of the public collections' forms."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
        parser.add_argument("--out", type=Path, default=SHIPPED, metavar="FOLDER")
        parser.add_argument("--schema", choices=sorted(FIELDS), help="train only this one")
        parser.add_argument("--readings", type=Path, metavar="FILE", help="keep what was read, for another training")
        parser.add_argument("--generated", type=int, default=GENERATED, metavar="N", help="generated documents")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument(
            "--exclude-licence",
            action="append",
            default=[],
            metavar="GLOB",
            help="learn nothing from sources with such a licence; they are still measured on",
        )
        parser.add_argument(
            "--compare-licence",
            action="append",
            default=[],
            metavar="GLOB",
            help="learn from such sources, and give the figures without them too",
        )

    def handle(self, *_: object, **given: Any) -> None:
        if given["exclude_licence"] and given["compare_licence"]:
            raise CommandError("Give --exclude-licence or --compare-licence, not both", returncode=2)
        try:
            files = labelled_files(given["data"])
            documents = list(labelled_documents(files, given["readings"], self.stderr.write))
            for schema in [given["schema"]] if given["schema"] else sorted(FIELDS):
                if any(document.schema == schema for document in documents):
                    self._train(schema, documents, files, given)
        except (DatasetError, TrainingError) as error:
            raise CommandError(str(error)) from error

    def _train(self, schema: Schema, documents: list[TrueDocument], files: list[LabelledFile], given: Any) -> None:
        now = datetime.now(tz=UTC)
        prepared = prepare(documents, list(_gold(files)), schema, count=given["generated"], seed=given["seed"])
        self.stderr.write(f"{schema}: {len(prepared.labelled)} labelled documents, {len(prepared.made)} generated ones")
        name = f"{schema}-fields-{now:%Y.%m.%d}"
        excluded = _sources(documents, given["exclude_licence"])
        trained = train(prepared, name, self.stderr.write, left_out=excluded)
        compared = _sources(documents, given["compare_licence"])
        without = None
        if compared & {example.document.source for example in prepared.labelled}:
            without = figures_without(prepared, compared, self.stderr.write)
        card = build_card(trained, documents, trained_on=now.date(), without=without)
        trained.ranker.save(given["out"] / schema)
        write_card(given["out"] / schema, card)
        self.stdout.write(as_markdown(card))


def _gold(files: Sequence[LabelledFile]) -> Iterator[TrueDocument]:
    for file in files:
        page = gold_page(file)
        if page is not None:
            yield true_document(file, [page], [])


def _sources(documents: Sequence[TrueDocument], patterns: Sequence[str]) -> frozenset[str]:
    """Return the sources whose licence matches one of the shell patterns."""
    return frozenset(
        document.source
        for document in documents
        if any(fnmatch(document.licence.lower(), pattern.lower()) for pattern in patterns)
    )
