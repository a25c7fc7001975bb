"""What the checks of a certificate show: looks as they become due, figures for people, alarms."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Count, Max, Q

from apps.accounts.models import User
from apps.classification.engine.certify import Judgements, Plan, audit, fixed_sequence, judgements_missing, table
from apps.core import audit as audit_log
from apps.core.clock import now
from apps.core.generations import bump_on_commit
from apps.review.acceptance.drawing import certificate_new, policy_held
from apps.review.acceptance.items import Subject
from apps.review.acceptance.selectors import LIVE
from apps.review.models import Certificate, CertificateState, SpotCheck, SpotCheckKind, SpotCheckOutcome


@dataclass(frozen=True)
class _Judged:
    """All that a person found of what was drawn of one document together: scores, who found it, whether it is right."""

    values: tuple[tuple[float, str, bool], ...]

    @property
    def score(self) -> float:
        """The highest score: up to there something of it is above a threshold."""
        return max(score for score, _, _ in self.values)

    @property
    def wrong(self) -> float:
        """The highest score of what is wrong, -1 where all is right."""
        return max((score for score, _, is_right in self.values if not is_right), default=-1.0)

    def producers(self, threshold: float = 0.0) -> set[str]:
        """Who found what lies above a threshold."""
        return {producer for score, producer, _ in self.values if score >= threshold}


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
    """Return the documents that were drawn, in their order, up to the first of which nobody has checked everything.

    So nobody can choose by what comes after it which of the drawn ones count. Documents that are gone, or lie in the
    trash, are passed over.
    """
    rows = SpotCheck.objects.filter(certificate=certificate, kind=SpotCheckKind.SAMPLE)
    gone = Q(document=None) | Q(document__deleted_at__isnull=False)
    rows = rows.exclude(gone & Q(judged_at__isnull=True)).order_by("id")
    drawn: dict[UUID, list[tuple[float, str, str]]] = {}
    for drawn_with, score, producer, outcome in rows.values_list("drawn_with", "score", "producer", "outcome"):
        drawn.setdefault(drawn_with, []).append((score, producer, outcome))
    made = takewhile(lambda checks: all(outcome for _, _, outcome in checks), drawn.values())
    return [
        _Judged(tuple((score, producer, outcome == SpotCheckOutcome.RIGHT) for score, producer, outcome in checks))
        for checks in made
    ]


def _take_look(certificate: Certificate, plan: Plan, checks: Sequence[_Judged], at: datetime) -> bool:
    """Take the next look if it is due, with as many checks as it was planned for; what it showed is never changed."""
    look = len(certificate.looks)
    size, level = plan.size(look), plan.level(look)
    if len(checks) < size:
        return False
    steps = fixed_sequence(_judgements(checks[:size]), grid=plan.grid, target=plan.target, alpha=level)
    told = [asdict(step) | {"bound": step.bound} for step in steps]
    certificate.looks = [*certificate.looks, {"size": size, "alpha": level, "at": at.isoformat(), "steps": told}]
    passed = [step for step in steps if step.is_passed]
    # Of thresholds with the same items above them the highest: nothing was seen of what lies between.
    best = next((step for step in passed if step.judged == passed[-1].judged), None)
    if best is not None and (certificate.threshold is None or best.threshold <= certificate.threshold):
        certificate.threshold, certificate.judged, certificate.errors = best.threshold, best.judged, best.errors
        certificate.bound = min(best.bound, plan.target)  # it passed: more would be rounding
        certificate.producers = sorted({each for check in checks[:size] for each in check.producers(best.threshold)})
        certificate.state, certificate.certified_at = CertificateState.CERTIFIED, certificate.certified_at or at
        _record("certificate.certify", certificate, {"threshold": best.threshold, "bound": certificate.bound})
    return True


def _keep_figures(certificate: Certificate, plan: Plan, checks: Sequence[_Judged]) -> None:
    judgements = _judgements(checks)
    certificate.figures = {
        "judged": len(checks),
        "errors": sum(check.wrong >= 0 for check in checks),
        "missing": judgements_missing(judgements, plan, taken=len(certificate.looks)),
        "others": sorted({each for check in checks for each in check.producers()} - {*certificate.producers}),
        "rows": [asdict(row) for row in table(judgements, plan)],
    }


def _judgements(checks: Sequence[_Judged]) -> Judgements:
    scores, wrong = [check.score for check in checks], [check.wrong for check in checks]
    return Judgements(np.array(scores, dtype=np.float64), np.array(wrong, dtype=np.float64))


def _judge_audits(certificate: Certificate) -> bool:
    """Count the audits in the order in which people made them; tells whether the error has left the target.

    Each document counts once, when all that was drawn of it has been looked at.
    """
    rows = SpotCheck.objects.filter(certificate=certificate, kind=SpotCheckKind.AUDIT)
    documents = (
        rows.order_by()
        .values("drawn_with")
        .annotate(
            waiting=Count("id", filter=Q(judged_at__isnull=True)),
            wrong=Count("id", filter=~Q(outcome=SpotCheckOutcome.RIGHT)),
            last=Max("judged_at"),
        )
    )
    judged = documents.filter(waiting=0).order_by("last", "drawn_with")
    right = [wrong == 0 for wrong in judged.values_list("wrong", flat=True)]
    found = audit(right, target=certificate.target_error, alpha=certificate.alpha)
    certificate.audits_judged, certificate.audits_wrong = found.judged, found.errors
    certificate.audit_evidence = found.evidence
    return found.is_alarming


def certificate_replace(*, certificate: Certificate, state: CertificateState, at: datetime) -> Certificate | None:
    """Suspend or end a live certificate, and begin another one for the same by what the policy wants now.

    What was drawn and waits for a person goes to the new one, where nobody has looked at any of the document's values
    yet: nobody knows the outcomes. The caller holds the certificate's row. None where the policy wants no certificates.
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
    drawn = SpotCheck.objects.filter(certificate=certificate, kind=SpotCheckKind.SAMPLE)
    begun = drawn.filter(judged_at__isnull=False).values("drawn_with")
    drawn.filter(judged_at__isnull=True).exclude(drawn_with__in=begun).update(certificate=successor)
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
