"""What people found where they were shown something that was drawn at random."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from apps.accounts.models import User
from apps.core.clock import now
from apps.core.ids import new_id
from apps.core.models import OutboxEvent
from apps.documents.models import Document
from apps.extraction.fields.selectors.values import machine_value
from apps.extraction.fields.services.decisions import SAID, Decision
from apps.extraction.fields.standing import WHOLE_FIELD
from apps.extraction.models import FieldValue, ValueState
from apps.review.acceptance.items import TYPE
from apps.review.models import SpotCheck, SpotCheckOutcome

JUDGED: Final = "spot_check.judged"


def types_judge(*, labels: dict[UUID, str], workspace_id: UUID, by: User) -> None:
    """Note what a person's word says of the checks of documents' types, of earlier ones too: people may be corrected.

    The caller holds a transaction.
    """
    checks = SpotCheck.objects.filter(document_id__in=list(labels), certificate__key=TYPE)
    outcomes = {
        check: check.certificate.document_type == labels[check.document_id]
        for check in checks.select_related("certificate").order_by("id")
        if check.document_id
    }
    _note(outcomes, workspace_id, by)


def types_judge_again(*, document_ids: Iterable[UUID]) -> None:
    """Forget what was said of documents' types, where that was taken back: the checks wait once more."""
    checks = SpotCheck.objects.filter(document_id__in=list(document_ids), certificate__key=TYPE)
    checks.update(outcome="", judged_at=None, by_label="")


def values_judge(*, document: Document, decisions: Sequence[Decision], by: User) -> None:
    """Note what a person's words say of the checks of a document's values. The caller holds the document's lock."""
    checks = list(
        SpotCheck.objects.filter(document=document, certificate__key__in={each.after.key for each in decisions})
        .select_related("certificate")
        .order_by("id")
    )
    outcomes: dict[SpotCheck, bool] = {}
    for decision in decisions if checks else ():
        machine = machine_value(decision.before)
        for check in checks:
            if machine is None or check.certificate.key != decision.after.key:
                continue
            if machine.position == check.position:
                outcomes[check] = _says_the_same(decision.after, machine)
            elif decision.after.replaced == WHOLE_FIELD:  # it stands in the place of this value as well
                outcomes.setdefault(check, False)
    _note(outcomes, document.workspace_id, by)


def _says_the_same(word: FieldValue, machine: FieldValue) -> bool:
    return word.state != ValueState.REJECTED and all(getattr(word, name) == getattr(machine, name) for name in SAID)


def _note(outcomes: dict[SpotCheck, bool], workspace_id: UUID, by: User) -> None:
    """Write outcomes down, and have what they are about looked at (event `spot_check.judged`, of the certificate)."""
    changed = []
    for check, is_right in outcomes.items():
        outcome = SpotCheckOutcome.RIGHT if is_right else SpotCheckOutcome.WRONG
        if check.outcome != outcome:
            check.outcome, check.judged_at, check.by_label = outcome, check.judged_at or now(), str(by)
            changed.append(check)
    SpotCheck.objects.bulk_update(changed, ["outcome", "judged_at", "by_label"])
    events = [
        OutboxEvent(pk=new_id(), workspace_id=workspace_id, kind=JUDGED, subject_id=certificate_id)
        for certificate_id in dict.fromkeys(check.certificate_id for check in changed)
    ]
    OutboxEvent.objects.bulk_create(events)
