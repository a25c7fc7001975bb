"""Step `children`: the files inside a file, attachments and members of archives, become documents of their own.

An e-invoice's data inside its PDF do not: they are the same invoice once more, and their values are the PDF's.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from apps.core.errors import UserError
from apps.documents import services as documents
from apps.documents import storage
from apps.documents.models import Blob, Document, Reading
from apps.documents.part_keys import part_key
from apps.documents.selectors import ancestors_of, parts_below
from apps.extraction.engine.fields.embedded.invoices import NAMES as INVOICE_DATA
from apps.extraction.engine.identify import PDF
from apps.extraction.engine.operations import child_file
from apps.extraction.engine.types import ChildFile
from apps.extraction.readers import ReaderLostError, guarded_reader
from apps.pipeline.outcome import Lease, Outcome, Problem
from apps.pipeline.services.runs import run_first
from apps.pipeline.services.steps import MAX_ATTEMPTS
from apps.pipeline.steps.source import opened

_MOST_NAMES = 5
_MB = 2**20


class LeftOutError(UserError):
    """A file inside is not taken in; the code tells which limit it is over."""


def execute(lease: Lease) -> Outcome:
    """Take in a range of the files inside, each in a transaction of its own; what is there already is left alone."""
    left_out: dict[tuple[str, str], list[str]] = {}
    with opened(lease) as (reading, path):
        files = msgspec.convert(reading.metadata["children"], list[ChildFile])
        parent = reading.version.document
        known = set(parent.children.values_list("part_key", flat=True))
        for child in files[lease.input["first"] : lease.input["last"] + 1]:
            if child.size == 0 or part_key(child.key) in known or _is_same_invoice(reading, child):
                continue
            try:
                _take_in(reading, path, child)
            except ReaderLostError as error:
                if lease.attempt < MAX_ATTEMPTS:
                    raise
                left_out.setdefault((error.code, error.message), []).append(child.name)
            except UserError as error:
                left_out.setdefault((error.code, error.message), []).append(child.name)
    problems = [Problem(code=code, message=_told(why, names)) for (code, why), names in left_out.items()]
    if lease.part == 0 and len(files) > settings.PARTS_COUNT:
        message = f"Only the first {settings.PARTS_COUNT:,} of {len(files):,} files inside became documents."
        problems.append(Problem(code="too_many_parts", message=message))
    return Outcome(problems=tuple(problems))


def _is_same_invoice(reading: Reading, child: ChildFile) -> bool:
    return reading.media_type == PDF and child.name.lower() in INVOICE_DATA


def _take_in(reading: Reading, path: Path, child: ChildFile) -> None:
    """Make a document of one file inside and start its run; raises UserError where it cannot be one."""
    parent = reading.version.document
    _check_family(parent)
    _check_size(parent, child.size)
    with guarded_reader() as reader:
        arguments = child_file.Arguments(key=child.key)
        data = reader.perform(child_file, path, media_type=reading.media_type, arguments=arguments, result=bytes)
    if not data:
        return
    _check_size(parent, len(data))
    received = storage.received([data], workspace_id=parent.workspace_id, max_bytes=len(data))
    with received as stored, transaction.atomic():
        created = documents.document_part_create(
            parent=parent, key=part_key(child.key), stored=stored, file_name=child.name or "file"
        )
        if created.version is not None:
            run_first(document=created.document, version=created.version)


def _check_family(parent: Document) -> None:
    above = ancestors_of(document=parent)
    if len(above) >= settings.PARTS_DEPTH:
        raise LeftOutError(f"It lies more than {settings.PARTS_DEPTH} files deep.", code="too_deep")
    came_in = above[-1] if above else parent
    if len(parts_below(ids=[came_in.pk])) >= settings.PARTS_IN_ALL:
        message = f"More than {settings.PARTS_IN_ALL:,} documents were made of one upload."
        raise LeftOutError(message, code="too_many_parts")


def _check_size(parent: Document, size: int) -> None:
    if size > settings.MAX_UPLOAD_MB * _MB:
        raise LeftOutError(f"It is larger than {settings.MAX_UPLOAD_MB} MB.", code="too_large")
    siblings = Blob.objects.filter(versions__document__parent=parent)
    if (siblings.aggregate(total=Sum("size"))["total"] or 0) + size > settings.PARTS_MB * _MB:
        message = f"The files inside are larger than {settings.PARTS_MB} MB together."
        raise LeftOutError(message, code="too_large")


def _told(why: str, names: Sequence[str]) -> str:
    """Say what was left out and why; long lists are cut."""
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"Left out: {', '.join(names[:_MOST_NAMES])}{more}. {why}"
