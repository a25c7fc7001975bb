"""Drawing what a person looks at, and telling what nobody needs to: when machines have just said something."""

from collections.abc import Container, Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from apps.classification.engine.certify import Plan, is_audited
from apps.classification.engine.hashing import is_chosen
from apps.review.acceptance.checks import Check, checks_write, known_checks
from apps.review.acceptance.items import TAKEN_BACK, TYPE, Item, Subject
from apps.review.acceptance.selectors import LIVE
from apps.review.models import AcceptPolicy, Certificate, CertificateState, Correction, SpotCheckKind


def settle(
    *, policy: AcceptPolicy, items: Sequence[Item], document_ids: Iterable[UUID], new: Container[UUID], of_types: bool
) -> dict[Item, UUID]:
    """Draw spot checks among what was just said of documents, and return what is accepted, with its certificate.

    `items` are all that machines say of the documents' types, or all of their values. What is drawn is not accepted:
    a person sees it, whatever its score. Drawn are documents of which nobody could see anything before (`new`): of
    others people have corrected what they liked, and what is left says too little of errors. Checks that nobody has
    made yet follow what is said now. The caller holds a transaction and, in it, the policy; the certificates stay as
    they are too.
    """
    known = known_checks(document_ids=document_ids, of_types=of_types)
    eligible = [item for item in items if item.is_eligible]
    sampled = {
        item for item in eligible if known.has_sample(item) or (item.document_id in new and _is_sampled(item, policy))
    }
    certificates = _certificates(policy, {item.subject for item in eligible}, {item.subject for item in sampled})
    sampled = {item for item in sampled if item.subject in certificates}
    accepted = {
        item: certificate.pk
        for item in eligible
        if item not in sampled and (certificate := certificates.get(item.subject)) and _accepts(certificate, item)
    }
    accepted = _without_taken_back(accepted)
    wanted: dict[Check, Item] = {
        (item.place, certificates[item.subject].pk, SpotCheckKind.SAMPLE): item for item in sampled
    }
    audited = [item for item in accepted if _is_audited(item, policy)]
    wanted |= {(item.place, accepted[item], SpotCheckKind.AUDIT): item for item in audited}
    checks_write(workspace_id=policy.workspace_id, known=known, wanted=wanted)
    return accepted


# By name: a worker that has the statement prepared goes on when an upgrade adds a column.
_POLICY: Final = """
    SELECT id, created_at, workspace_id, target_error, sample_share, audit_share, salt, changed_at, by_id, by_label
    FROM review_acceptpolicy WHERE workspace_id = %s FOR SHARE
"""


def policy_row_held(*, workspace_id: UUID) -> AcceptPolicy | None:
    """Return what somebody has set, a policy at rest too; it stays as it is until the transaction ends.

    Locked before any certificate.
    """
    return next(iter(AcceptPolicy.objects.raw(_POLICY, [workspace_id])), None)


def policy_held(*, workspace_id: UUID) -> AcceptPolicy | None:
    """Return a policy that wants something accepted, and hold it likewise."""
    policy = policy_row_held(workspace_id=workspace_id)
    return None if policy is None or policy.target_error is None else policy


def _is_sampled(item: Item, policy: AcceptPolicy) -> bool:
    """Choose documents, not values: who has one open checks all that it says."""
    kind = "type" if item.subject.key == TYPE else "fields"
    return is_chosen(str(item.document_id), salt=f"sample:{kind}:{policy.salt}", share=policy.sample_share)


def _is_audited(item: Item, policy: AcceptPolicy) -> bool:
    """Choose fields of documents, not values: what is accepted of a field is audited as a whole."""
    name = f"{item.document_id}/{item.subject.key}"
    return is_audited(name, salt=policy.salt, share=policy.audit_share)


def _accepts(certificate: Certificate, item: Item) -> bool:
    return (
        certificate.state == CertificateState.CERTIFIED
        and certificate.threshold is not None
        and item.score is not None
        and item.score >= certificate.threshold
        and item.producer in certificate.producers
    )


_LOCK: Final = "SELECT id FROM review_certificate WHERE id = ANY(%s) AND state = ANY(%s) ORDER BY id FOR SHARE"


def _certificates(policy: AcceptPolicy, subjects: set[Subject], drawn: set[Subject]) -> dict[Subject, Certificate]:
    """Return the live certificates of subjects, made where something is drawn for the first time.

    They are shared until the transaction ends: an alarm that suspends one waits for what is being accepted by it, and
    whatever comes after the alarm sees it.
    """
    live = Certificate.objects.filter(workspace_id=policy.workspace_id, state__in=LIVE)
    types = {subject.document_type for subject in subjects}
    known = {Subject(*names) for names in live.filter(document_type__in=types).values_list("document_type", "key")}
    missing = sorted(drawn - known, key=lambda subject: (subject.document_type, subject.key))
    Certificate.objects.bulk_create([certificate_new(policy, subject) for subject in missing], ignore_conflicts=True)
    ids = list(live.filter(document_type__in=types).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [ids, list(LIVE)])
        locked = [row[0] for row in cursor.fetchall()]
    found = {Subject(each.document_type, each.key): each for each in live.filter(pk__in=locked)}
    return {subject: found[subject] for subject in subjects if subject in found}


def certificate_new(policy: AcceptPolicy, subject: Subject) -> Certificate:
    """Return a certificate that has nothing to show yet, for what the policy wants."""
    target = policy.target_error or 0.0
    return Certificate(
        workspace_id=policy.workspace_id,
        document_type=subject.document_type,
        key=subject.key,
        target_error=target,
        alpha=Plan(target=target).alpha,
    )


def _without_taken_back(accepted: dict[Item, UUID]) -> dict[Item, UUID]:
    """Leave out what a person has taken back once: the same machine would say the same again."""
    if not accepted:
        return {}
    asked = Q(subject=TAKEN_BACK) | Q(subject__startswith=f"{TAKEN_BACK}.")
    rows = Correction.objects.filter(asked, document_id__in={item.document_id for item in accepted})
    taken_back = set(rows.values_list("document_id", "subject"))
    return {item: pk for item, pk in accepted.items() if (item.document_id, taken_back_name(item)) not in taken_back}


def taken_back_name(item: Item) -> str:
    """Return how the history calls that the acceptance of an item was taken back."""
    return f"{TAKEN_BACK}.{item.subject.key}" if item.subject.key else TAKEN_BACK
