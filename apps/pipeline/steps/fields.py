"""Step `fields`: the typed values of a document, by what it is; then what is odd about them, and whom to ask."""

from typing import Final

from apps.classification.selectors import prediction_of
from apps.core.errors import TransientError
from apps.documents.models import Reading, TypeSource
from apps.extraction.engine.fields import find_fields
from apps.extraction.engine.fields.types import FieldsInput, MachineData
from apps.extraction.engine.operations import machine_data
from apps.extraction.engine.types import PageReading
from apps.extraction.engine.types import Problem as EngineProblem
from apps.extraction.fields.selectors.schemas import fields_in, schemas_for
from apps.extraction.fields.selectors.values import values_with_reading
from apps.extraction.fields.services.memory import with_memory
from apps.extraction.fields.services.refined import refinements_for
from apps.extraction.fields.services.store import Found, fields_store
from apps.extraction.readers import ReaderLostError, UnreadableFileError, guarded_reader
from apps.extraction.selectors import page_words, table_readings
from apps.pipeline.outcome import Lease, Outcome, Problem
from apps.pipeline.steps.source import bytes_of, reading_of, told
from apps.review.acceptance.settling import values_settle
from apps.review.services.accounting import accounting_reread, is_beyond_checking
from apps.review.services.routing import fields_route
from apps.review.services.warnings import warnings_refresh

MOST_PAGES: Final = 400  # what comes after is searched for no field: two seconds of one core
LAST_ATTEMPT: Final = 3


class TypeChangedError(TransientError):
    """Somebody said what the document is while its fields were being read as another type."""

    code = "type_changed"
    message = "The document's type has changed meanwhile."


def execute(lease: Lease) -> Outcome:
    """Read the fields of a whole document."""
    reading = reading_of(lease)
    document = reading.version.document
    label = _type_label(reading, is_beside=lease.is_beside)
    pages = page_words(reading_id=lease.reading_id, first=1, last=MOST_PAGES)
    machine, problems = _machine_data(lease, reading, pages, label)
    given = _input(reading, pages, machine, label)
    schemas = schemas_for(workspace_id=lease.workspace_id, document_type=label)
    fields = fields_in(schemas)
    troubles: list[EngineProblem] = []
    read = find_fields(given, troubles)
    values = with_memory(document=document, document_type=label, fields=fields, pages=pages, found=read)
    found = Found(values=values, document_type=label, machine=machine, schemas=schemas)

    def store() -> None:
        reading = reading_of(lease)
        document = reading.version.document
        if _type_label(reading, is_beside=lease.is_beside) != label:
            raise TypeChangedError
        if lease.is_beside:  # whatever follows from values waits until they are promoted
            fields_store(reading=reading, found=found, pages=pages)
            return
        # Another one's values count once it is promoted.
        counts_already = document.current_reading_id == reading.pk and is_beyond_checking(document=document)
        before = values_with_reading(document=document, reading_id=reading.pk) if counts_already else []
        fields_store(reading=reading, found=found, pages=pages)
        counting = values_with_reading(document=document, reading_id=reading.pk)
        if counts_already:
            accounting_reread(document=document, before=before, after=counting)
        warnings_refresh(document=document, values=counting)
        values_settle(document=document, document_type=label, values=counting)
        fields_route(document=document, values=counting, fields=fields)

    return Outcome(store=store, problems=(*problems, *told(troubles)))


def _type_label(reading: Reading, *, is_beside: bool) -> str:
    """Return what the document is; for a reading beside the current one what it would be with it."""
    document = reading.version.document
    if is_beside and document.type_source != TypeSource.HUMAN:
        predicted = prediction_of(reading_id=reading.pk)
        return predicted.label if predicted else document.type_label
    return document.type_label


def _machine_data(
    lease: Lease, reading: Reading, pages: list[PageReading], label: str
) -> tuple[MachineData, tuple[Problem, ...]]:
    """Ask the guarded child what the file says of itself; a file that brings it down is read without, and it is told.

    Raises ReaderLostError as long as it may go well another time.
    """
    arguments = machine_data.arguments_for(pages, label or None)
    if not machine_data.is_worth_asking(reading.media_type, reading.metadata, arguments):
        return MachineData(), ()
    try:
        with bytes_of(reading) as path, guarded_reader() as reader:
            found = reader.perform(
                machine_data, path, media_type=reading.media_type, arguments=arguments, result=MachineData
            )
    except ReaderLostError as error:
        if lease.attempt < LAST_ATTEMPT:
            raise
        return MachineData(), (Problem(code=error.code, message=error.message),)
    except UnreadableFileError as error:
        return MachineData(), (Problem(code=error.code, message=error.message),)
    return found, ()


def _input(reading: Reading, pages: list[PageReading], machine: MachineData, label: str) -> FieldsInput:
    return FieldsInput(
        pages=pages,
        tables=table_readings(reading_id=reading.pk, first=1, last=MOST_PAGES),
        type_label=label or None,
        type_shares=_type_shares(reading, label),
        media_type=reading.media_type,
        metadata={**reading.metadata, "page_count": reading.page_count},
        machine=machine,
        refinements=refinements_for(workspace_id=reading.workspace_id),
    )


def _type_shares(reading: Reading, label: str) -> dict[str, float]:
    """Return how probable types are; what a person said of it is sure."""
    if reading.version.document.type_source == TypeSource.HUMAN:
        return {label: 1.0}
    predicted = prediction_of(reading_id=reading.pk)
    if predicted is None:
        return {}
    named = [{"label": predicted.label, "confidence": predicted.probability}, *predicted.alternatives]
    return {each["label"]: each["confidence"] for each in named if each["confidence"] is not None}
