"""Fields by example: a person marks a value and names it, and the other documents of the type are looked through."""

from dataclasses import dataclass

from django.db import transaction

from apps.accounts.models import User
from apps.core import outbox
from apps.core.errors import ConflictError
from apps.documents.models import Document
from apps.extraction.fields.selectors.schemas import field_of
from apps.extraction.fields.services.decisions import Given
from apps.extraction.fields.services.schemas import FieldDraft, field_add, key_of_label
from apps.review.models import Correction
from apps.review.services.fields import field_correct

EVENT = "field.example"


class NoTypeError(ConflictError):
    """A field belongs to a type, and the document has none."""

    code = "no_type"
    message = "Say first what this document is: the field will be looked for on documents of the same type."


@dataclass(frozen=True)
class Named:
    """How a marked field is to be called; without a key it is made of the label."""

    label: str
    value_type: str = "text"
    key: str = ""
    is_repeatable: bool = False


@transaction.atomic
def example_mark(*, document: Document, named: Named, given: Given, by: User) -> Correction:
    """Record a value that a person marked, under a field that is new to the type if need be.

    The field then exists for all documents of the type, and the pipeline proposes it on those that are there (event
    `field.example`). Raises NoTypeError, InvalidSchemaError or InvalidValueError.
    """
    if not document.type_label:
        raise NoTypeError
    key = named.key or key_of_label(named.label)
    if field_of(document=document, key=key) is None:
        draft = FieldDraft(key=key, value_type=named.value_type, label=named.label, is_repeatable=named.is_repeatable)
        field_add(workspace_id=document.workspace_id, document_type=document.type_label, draft=draft, by=by)
    correction = field_correct(document=document, key=key, given=given, by=by)
    outbox.publish(
        kind=EVENT, workspace_id=document.workspace_id, subject_id=document.pk, data={"type": document.type_label}
    )
    return correction
