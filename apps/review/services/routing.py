"""Which documents' values a person should look at: required ones that are missing, doubtful, or do not fit."""

from collections.abc import Container, Sequence
from typing import Final

from apps.documents.models import Document
from apps.extraction.fields.selectors.schemas import Field, fields_of_document
from apps.extraction.fields.selectors.values import rejected_keys, values_for_document
from apps.extraction.models import FieldValue, Method, ValueState
from apps.review.acceptance.selectors import open_checks, taken_back_keys
from apps.review.models import ReviewTask, SpotCheck, SpotCheckKind, TaskKind, TaskPurpose
from apps.review.services.tasks import task_close, task_open

SURE: Final = 0.9  # from this probability on nobody is asked
MOST_REASONS: Final = 3


def fields_route(
    *, document: Document, values: Sequence[FieldValue] | None = None, fields: Sequence[Field] | None = None
) -> ReviewTask | None:
    """Ask a person about a document's required values where there is reason to, else close the question.

    `values` are those that count, where they are not of the document's current reading yet; `fields` those of its
    schema, if the caller knows them.
    """
    found = values_for_document(document=document) if values is None else values
    known = fields_of_document(document=document) if fields is None else fields
    checks = open_checks(document_ids=[document.pk], types=False)
    taken_back = taken_back_keys(document_id=document.pk)
    reasons = _checked(checks, known) + _reasons(document, found, known, taken_back)
    if not reasons:
        task_close(document_id=document.pk, kind=TaskKind.FIELDS)
        return None
    more = len(reasons) - MOST_REASONS
    told = "; ".join(reasons[:MOST_REASONS]) + (f"; and {more} more" if more > 0 else "")
    reason = f"{told[:1].upper()}{told[1:]}."
    return task_open(document=document, kind=TaskKind.FIELDS, reason=reason, purpose=_purpose(checks))


def _purpose(checks: Sequence[SpotCheck]) -> TaskPurpose:
    if any(check.kind == SpotCheckKind.AUDIT for check in checks):
        return TaskPurpose.AUDIT
    return TaskPurpose.SAMPLE if checks else TaskPurpose.DOUBT


def _checked(checks: Sequence[SpotCheck], fields: Sequence[Field]) -> list[str]:
    """Tell in one reason each which fields were drawn at random, before and after they were accepted."""
    labels = {field.key: field.label for field in fields}
    reasons = []
    for kind, words in ((SpotCheckKind.AUDIT, "an audit of"), (SpotCheckKind.SAMPLE, "a spot check of")):
        keys = dict.fromkeys(check.certificate.key for check in checks if check.kind == kind)
        names = [labels.get(key, key) for key in keys]
        more = f" and {len(names) - MOST_REASONS} more" if len(names) > MOST_REASONS else ""
        reasons += [f"{words} {', '.join(names[:MOST_REASONS])}{more}"] if names else []
    return reasons


def _reasons(
    document: Document, values: Sequence[FieldValue], fields: Sequence[Field], taken_back: Container[str]
) -> list[str]:
    absent = set(rejected_keys(document=document))
    by_key: dict[str, list[FieldValue]] = {}
    for value in values:
        by_key.setdefault(value.key, []).append(value)
    reasons = []
    for field in fields:
        if field.is_required and field.key not in by_key and field.key not in absent:
            reasons.append(f"{field.label} was not found")
        for value in by_key.get(field.key, ()):
            if field.key in taken_back and not value.is_human and value.state == ValueState.PROPOSED:
                reasons.append(f"{field.label} was accepted automatically, which somebody took back")
            elif reason := _reason(field, value):
                reasons.append(reason)
    return reasons


def _reason(field: Field, value: FieldValue) -> str:
    """Tell why a value of a machine needs a person; "" where it does not."""
    if value.is_human or value.state == ValueState.ACCEPTED or not (field.is_required or field.is_user_made):
        return ""
    if field.is_user_made:
        return f"{field.label} is proposed after an example"
    if not value.is_supported:
        return f"{field.label} is not borne out by the page"
    if any(check.startswith("failed:") for check in value.checks):
        return f"{field.label} failed a check"
    return _doubt(field, value)


def _doubt(field: Field, value: FieldValue) -> str:
    if value.method == Method.EMBEDDED:
        return ""
    if value.confidence is None:
        return f"nobody measured how sure {field.label} is"
    return f"{field.label} is {value.confidence:.0%} sure" if value.confidence < SURE else ""
