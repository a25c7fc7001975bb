"""What the checks of a certificate show: looks as they become due, figures for people, alarms."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.classification.engine.certify import Plan, audit, fixed_sequence, judgements_missing, table
from apps.core import audit as audit_log
from apps.core.clock import now
from apps.core.generations import bump_on_commit
from apps.review.acceptance.drawing import certificate_new, policy_held
from apps.review.acceptance.items import Subject
from apps.review.acceptance.selectors import LIVE
from apps.review.models import Certificate, CertificateState, SpotCheck, SpotCheckKind, SpotCheckOutcome


@dataclass(frozen=True)
class _Judged:
    """One check that a person made."""

    score: float
    is_right: bool
    producer: str


@transaction.atomic
def certificate_evaluate(*, certificate_id: UUID, at: datetime | None = None) -> None:
    """Take the looks that are due, judge the audits, and keep the figures; one at a time for each certificate.

    A certificate that was suspended or ended stays so.
    """
    certificate = _held(certificate_id)
    if certificate is None:
        return
    moment = at or now()
    plan = Plan(target=certificate.target_error, alpha=certificate.alpha)
    checks = _in_order(certificate)
    while _take_look(certificate, plan, checks, moment):
        pass
    _keep_figures(certificate, plan, checks)
    is_alarming = _judge_audits(certificate)
    certificate.save()
    if is_alarming and certificate.state == CertificateState.CERTIFIED:
        certificate_replace(certificate=certificate, state=CertificateState.SUSPENDED, at=moment)
    bump_on_commit(certificate.workspace_id)


def _held(certificate_id: UUID) -> Certificate | None:
    """Lock a live certificate, and before it the policy that a successor would follow."""
    workspace_id = Certificate.objects.filter(pk=certificate_id).values_list("workspace_id", flat=True).first()
    if workspace_id is None:
        return None
    policy_held(workspace_id=workspace_id)
    return Certificate.objects.select_for_update(no_key=True).filter(pk=certificate_id, state__in=LIVE).first()


def _in_order(certificate: Certificate) -> list[_Judged]:
    """Return the checks in the order they were drawn, up to the first that nobody has made.

    So nobody can choose by what comes after it which of the drawn ones count. Documents that are gone, or lie in the
    trash, are passed over.
    """
    rows = SpotCheck.objects.filter(certificate=certificate, kind=SpotCheckKind.SAMPLE)
    gone = Q(document=None) | Q(document__deleted_at__isnull=False)
    rows = rows.exclude(gone & Q(judged_at__isnull=True)).order_by("id")
    told = takewhile(lambda row: row[1], rows.values_list("score", "outcome", "producer"))
    return [_Judged(score, outcome == SpotCheckOutcome.RIGHT, producer) for score, outcome, producer in told]


def _take_look(certificate: Certificate, plan: Plan, checks: Sequence[_Judged], at: datetime) -> bool:
    """Take the next look if it is due, with as many checks as it was planned for; what it showed is never changed."""
    look = len(certificate.looks)
    size, level = plan.size(look), plan.level(look)
    if len(checks) < size:
        return False
    scores = np.array([check.score for check in checks[:size]])
    right = np.array([check.is_right for check in checks[:size]])
    steps = fixed_sequence(scores, right, grid=plan.grid, target=plan.target, alpha=level)
    told = [asdict(step) | {"bound": step.bound} for step in steps]
    certificate.looks = [*certificate.looks, {"size": size, "alpha": level, "at": at.isoformat(), "steps": told}]
    passed = [step for step in steps if step.is_passed]
    # Of thresholds with the same items above them the highest: nothing was seen of what lies between.
    best = next((step for step in passed if step.judged == passed[-1].judged), None)
    if best is not None and (certificate.threshold is None or best.threshold <= certificate.threshold):
        certificate.threshold, certificate.judged, certificate.errors = best.threshold, best.judged, best.errors
        certificate.bound = min(best.bound, plan.target)  # it passed: more would be rounding
        certificate.producers = sorted({check.producer for check in checks[:size] if check.score >= best.threshold})
        certificate.state, certificate.certified_at = CertificateState.CERTIFIED, certificate.certified_at or at
        _record("certificate.certify", certificate, {"threshold": best.threshold, "bound": certificate.bound})
    return True


def _keep_figures(certificate: Certificate, plan: Plan, checks: Sequence[_Judged]) -> None:
    scores, right = [check.score for check in checks], [check.is_right for check in checks]
    certificate.figures = {
        "judged": len(checks),
        "errors": right.count(False),
        "missing": judgements_missing(scores, right, plan, taken=len(certificate.looks)),
        "others": sorted({check.producer for check in checks} - {*certificate.producers}),
        "rows": [asdict(row) for row in table(scores, right, plan)],
    }


def _judge_audits(certificate: Certificate) -> bool:
    """Count the audits in the order in which people made them; tells whether the error has left the target."""
    rows = SpotCheck.objects.filter(certificate=certificate, kind=SpotCheckKind.AUDIT, judged_at__isnull=False)
    outcomes = rows.order_by("judged_at", "id").values_list("outcome", flat=True)
    right = [outcome == SpotCheckOutcome.RIGHT for outcome in outcomes]
    found = audit(right, target=certificate.target_error, alpha=certificate.alpha)
    certificate.audits_judged, certificate.audits_wrong = found.judged, found.errors
    certificate.audit_evidence = found.evidence
    return found.is_alarming


def certificate_replace(*, certificate: Certificate, state: CertificateState, at: datetime) -> Certificate | None:
    """Suspend or end a live certificate, and begin another one for the same by what the policy wants now.

    What was drawn and waits for a person goes to the new one: nobody knows the outcomes yet. The caller holds the
    certificate's row. None where the policy wants no certificates.
    """
    certificate.state = state
    stamped = "suspended_at" if state == CertificateState.SUSPENDED else "ended_at"
    setattr(certificate, stamped, at)
    certificate.save(update_fields=["state", stamped])
    _record(f"certificate.{state.lower()}", certificate, {"audits": certificate.audits_judged})
    policy = policy_held(workspace_id=certificate.workspace_id)
    if policy is None:
        return None
    successor = certificate_new(policy, Subject(certificate.document_type, certificate.key))
    successor.save()
    waiting = SpotCheck.objects.filter(certificate=certificate, kind=SpotCheckKind.SAMPLE, judged_at__isnull=True)
    waiting.update(certificate=successor)
    return successor


@transaction.atomic
def certificate_renew(*, certificate: Certificate, by: User) -> Certificate | None:
    """End a certificate and begin anew with checks of its own, as after docintel was brought up to date.

    None, and nothing done, where it was not live any more, or nothing is to be accepted automatically.
    """
    locked = _held(certificate.pk)
    if locked is None or policy_held(workspace_id=certificate.workspace_id) is None:
        return None
    _record("certificate.renew", locked, {}, by=by)
    bump_on_commit(locked.workspace_id)
    return certificate_replace(certificate=locked, state=CertificateState.ENDED, at=now())


def _record(action: str, certificate: Certificate, data: dict[str, Any], by: User | None = None) -> None:
    audit_log.record(
        action=action,
        object_kind="certificate",
        object_id=certificate.pk,
        workspace_id=certificate.workspace_id,
        actor=by,
        data={"type": certificate.document_type, "key": certificate.key, **data},
    )
