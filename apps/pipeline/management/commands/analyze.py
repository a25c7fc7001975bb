"""`manage.py analyze`: reads files and prints one JSON object a line. Needs no database, broker or network."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.late_logs import log_when_needed
from apps.pipeline.analyze.arguments import AnalyzeOptions, add_arguments
from apps.pipeline.analyze.inputs import InputError
from apps.pipeline.analyze.runner import analyze_to_output


class Command(BaseCommand):
    """Analyse files or folders."""

    help = "Read files or folders and print one docintel.analysis/1 object a line, in input order."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *_: object, **given: Any) -> None:
        options = AnalyzeOptions.of(
            given,
            memory_mb=settings.CHILD_MEMORY_MB,
            max_pages=settings.MAX_PAGES,
            ocr_languages=tuple(settings.OCR_LANGUAGES),
            tessdata=settings.TESSDATA or None,
            ocr_accurate=settings.OCR_ACCURATE,
        )
        try:
            analyze_to_output(options)
        except InputError as error:
            raise CommandError(str(error), returncode=2) from error


def run_alone(arguments: Sequence[str]) -> None:
    """Run the command without Django's apps: it needs none of them, and loading them takes .8 s of its start."""
    log_when_needed(settings.LOGGING)
    Command().run_from_argv(list(arguments))
