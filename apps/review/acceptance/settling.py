"""Accepting types and values as soon as a model has said them, so far as a certificate allows it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from apps.classification.experiments.selectors import typed_by_treatment
from apps.core.generations import bump_on_commit
from apps.core.models import AuditEvent
from apps.documents.models import Document, TypeSource
from apps.documents.selectors import first_read
from apps.documents.typing import documents_accept_types
from apps.extraction.fields.selectors.refining import shipped_producer
from apps.extraction.models import FieldValue, Method, ValueState
from apps.review.acceptance.checks import value_checks_forget
from apps.review.acceptance.drawing import policy_held, policy_row_held, settle
from apps.review.acceptance.items import Item, Subject
from apps.review.models import DocumentWarning

ACCEPTED: Final = "document.accept"
PRODUCER_LENGTH: Final = 120


@dataclass(frozen=True)
class TypeFound:
    """What a model has just said a document is; `producer` names what its scores come from."""

    document_id: UUID
    label: str
    probability: float | None
    flags: Sequence[str]
    producer: str


def types_settle(
    *, workspace_id: UUID, found: Sequence[TypeFound], accepted_before: Container[UUID] | None = None
) -> None:
    """Accept the types that certificates allow, and draw spot checks among documents that are read the first time.

    `accepted_before` is given where the types are told once more: the documents whose history says already that theirs
    was accepted. None of these is drawn. The caller has just set the types, in the same transaction; where a person has
    spoken, nothing is drawn or accepted any more. Neither is what a live experiment's treatment says: checks are of the
    version in use.
    """
    policy = policy_held(workspace_id=workspace_id)
    if policy is None:
        return
    ids = [each.document_id for each in found]
    of_models = set(Document.objects.filter(pk__in=ids, type_source=TypeSource.MODEL).values_list("pk", flat=True))
    on_trial = typed_by_treatment(workspace_id=workspace_id, document_ids=of_models)
    items = [
        Item(
            document_id=each.document_id,
            subject=Subject(each.label),
            score=each.probability,
            producer=each.producer[:PRODUCER_LENGTH],
            is_clean=not each.flags and each.document_id not in on_trial,
        )
        for each in found
        if each.document_id in of_models
    ]
    new = first_read(document_ids=of_models) if accepted_before is None else set()
    accepted = settle(policy=policy, items=items, document_ids=of_models, new=new, of_types=True)
    by_document = {item.document_id: certificate_id for item, certificate_id in accepted.items()}
    documents_accept_types(certificates=by_document)
    told = accepted_before or ()
    _tell(workspace_id, {pk: [("", by_document[pk])] for pk in sorted(by_document) if pk not in told})


def values_settle(*, document: Document, document_type: str, values: Sequence[FieldValue]) -> None:
    """Accept the values that certificates allow, and draw spot checks where the document is read the first time.

    `values` are those that count once their reading is the current one; what is accepted is so in them too. The caller
    holds the document's lock, has just stored them, and has looked for what is odd about them. Where a policy rests,
    checks of values that were there before go: nobody could make them any more.
    """
    policy = policy_row_held(workspace_id=document.workspace_id)
    if policy is None or policy.target_error is None:
        if policy is not None:
            value_checks_forget(document_id=document.pk)
        return
    odd = _odd_keys(document)
    by_item = {_item_of(value, document_type, odd): value for value in values if value.method != Method.HUMAN}
    new = first_read(document_ids=[document.pk])
    accepted = settle(policy=policy, items=list(by_item), document_ids=[document.pk], new=new, of_types=False)
    for item, certificate_id in accepted.items():
        value = by_item[item]
        value.state, value.certificate_id = ValueState.ACCEPTED, certificate_id
    FieldValue.objects.bulk_update([by_item[item] for item in accepted], ["state", "certificate_id"])
    told = [(item.subject.key, certificate_id) for item, certificate_id in accepted.items()]
    _tell(document.workspace_id, {document.pk: told} if told else {})


def _item_of(value: FieldValue, document_type: str, odd: set[str]) -> Item:
    has_failed = any(check.startswith("failed:") for check in value.checks)
    return Item(
        document_id=value.document_id,
        subject=Subject(document_type, value.key),
        score=value.confidence,
        producer=shipped_producer(value.producer),
        is_clean=value.is_supported and not has_failed and not odd & {"", value.key},
        position=value.position,
    )


def _odd_keys(document: Document) -> set[str]:
    """Return the fields that an open warning is about; "" where one is about the document as a whole."""
    open_now = DocumentWarning.objects.filter(
        document=document, dismissed_at__isnull=True, other__deleted_at__isnull=True
    )
    return set(open_now.values_list("key", flat=True))


def _tell(workspace_id: UUID, accepted: dict[UUID, list[tuple[str, UUID]]]) -> None:
    """Write into documents' histories what was accepted, and by which certificates; nobody did it but the system."""
    if not accepted:
        return
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                workspace_id=workspace_id,
                action=ACCEPTED,
                object_kind="document",
                object_id=document_id,
                data={"accepted": [_told(key, certificate_id) for key, certificate_id in subjects]},
            )
            for document_id, subjects in accepted.items()
        ]
    )
    bump_on_commit(workspace_id)


def _told(key: str, certificate_id: UUID) -> dict[str, Any]:
    return {"key": key, "certificate": str(certificate_id)}
