"""`manage.py ingest FOLDER --workspace SLUG`: takes in a folder's files, each content once; failed ones go again."""

import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import User, Workspace
from apps.core.errors import UserError
from apps.pipeline.analyze.inputs import InputError, printable
from apps.pipeline.services.folders import Arrival, file_ingest, files_in

USAGE: Final = 2
INTERRUPTED: Final = 130
SECONDS_BETWEEN_LINES: Final = 5.0


class Command(BaseCommand):
    """Can be stopped at any time and started again: what is there already is passed over, unless it failed."""

    help = (
        "Takes in all files below a folder (hidden ones excepted). Files whose content the workspace knows, in the "
        "trash or not, are passed over, so that it can be stopped and started again. Documents that failed, and are "
        "not in the trash, are processed once more, as by uploading them again. "
        "Exit status: 0 all there, 1 some files were refused, 2 wrong usage, 130 stopped by Ctrl-C."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, where its files go, and what they get."""
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--tag", action="append", default=[], help="a tag for the new documents; repeatable")
        parser.add_argument("--email", help="the member on whose behalf the documents come in")
        parser.add_argument("--no-retry", action="store_true", help="pass over documents that failed, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the folder in order, and sum up on the last line."""
        workspace, by = self._who(options["workspace"], options["email"])
        try:
            files = files_in(options["folder"])
        except InputError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        counts: Counter[str] = Counter()
        shown_at = time.monotonic()
        try:
            for path in files:
                counts[self._take_in(path, workspace, by, options)] += 1
                if time.monotonic() - shown_at > SECONDS_BETWEEN_LINES:
                    shown_at = time.monotonic()
                    self.stderr.write(f"{counts.total()} of {len(files)}: {_sum(counts)}")
        except KeyboardInterrupt:
            self.stdout.write(f"Stopped after {counts.total()} of {len(files)} files: {_sum(counts)}")
            sys.exit(INTERRUPTED)
        self.stdout.write(f"{len(files)} files: {_sum(counts)}")
        if counts["refused"]:
            sys.exit(1)

    def _who(self, slug: str, email: str | None) -> tuple[Workspace, User | None]:
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {slug}.", returncode=USAGE)
        if email is None:
            return workspace, None
        by = User.objects.filter(email__iexact=email, memberships__workspace=workspace).first()
        if by is None:
            raise CommandError(f"{email} is not in the workspace {slug}.", returncode=USAGE)
        return workspace, by

    def _take_in(self, path: Path, workspace: Workspace, by: User | None, options: dict[str, Any]) -> str:
        tags, retry = options["tag"], not options["no_retry"]
        try:
            return file_ingest(workspace_id=workspace.pk, path=path, tags=tags, by=by, retry=retry)
        except (UserError, OSError) as error:
            reason = error.message if isinstance(error, UserError) else error.strerror
            self.stderr.write(f"{printable(str(path))}: {reason}")
            return "refused"


def _sum(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[kind]} {kind}" for kind in (*Arrival, "refused"))
