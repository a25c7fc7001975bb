"""`manage.py train_entities`: trains the tagger for persons, organisations and locations and writes its model card."""

from argparse import ArgumentTypeError
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.classification.engine.tagging.artifact import TaggerError
from apps.classification.engine.tagging.training.card import as_markdown
from apps.classification.engine.tagging.training.corpus import CorpusError, read_corpora
from apps.classification.heads import ENTITIES
from apps.classification.runtime.model_files import DEFAULT_ENCODER, ModelFilesError


class Command(BaseCommand):
    """Train and write a tagger."""

    help = (
        "Train the tagger that finds persons, organisations and locations. FOLDER holds .tsv files: a token, a tab and "
        "a BIO tag a line, an empty line between sentences."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=_folder, required=True, metavar="FOLDER")
        parser.add_argument("--out", type=Path, default=ENTITIES, metavar="FOLDER")
        parser.add_argument("--encoder", default=DEFAULT_ENCODER, metavar="NAME", help="default: the shipped one")
        parser.add_argument(
            "--start", type=_folder, metavar="FOLDER", help="a tagger to begin with, such as the shipped one"
        )
        parser.add_argument(
            "--teacher", type=_folder, metavar="FOLDER", help="a tagger with the same labels to learn from as well"
        )
        parser.add_argument(
            "--layers",
            type=lambda value: tuple(map(int, value.split(","))),
            default=(),
            metavar="0,2,5",
            help="keep only these of the encoder's layers",
        )
        parser.add_argument(
            "--trunk",
            type=int,
            default=0,
            metavar="3",
            help="leave the first of these layers as they are: costs no time",
        )
        parser.add_argument("--epochs", type=int, default=6)
        parser.add_argument("--rank", type=int, default=48, help="of the adapter; the files grow with it")
        parser.add_argument("--learning-rate", type=float, default=1e-3)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_: object, **given: Any) -> None:
        # The libraries of training take seconds to load: not for `manage.py help`.
        from apps.classification.runtime.training.entities import train_tagger  # noqa: PLC0415
        from apps.classification.runtime.training.loop import TrainingOptions  # noqa: PLC0415

        options = TrainingOptions(
            **{name: given[name] for name in ("epochs", "rank", "learning_rate", "seed", "layers", "trunk")}
        )
        try:
            card = train_tagger(
                read_corpora(given["data"]),
                given["out"],
                trained_on=datetime.now(tz=UTC).date(),
                options=options,
                encoder=given["encoder"],
                start=given["start"],
                teacher=given["teacher"],
                report=self.stderr.write,
            )
        except (CorpusError, ModelFilesError, TaggerError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(as_markdown(card))


def _folder(value: str) -> Path:
    path = Path(value)
    if not path.is_dir():
        raise ArgumentTypeError(f"{value} is no folder")
    return path
