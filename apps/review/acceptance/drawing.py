"""Drawing what a person looks at, and telling what nobody needs to: when machines have just said something."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from apps.classification.engine.certify import Plan, is_audited
from apps.classification.engine.hashing import is_chosen
from apps.review.acceptance.items import TYPE, Item, Subject
from apps.review.acceptance.selectors import LIVE
from apps.review.models import AcceptPolicy, Certificate, CertificateState, Correction, SpotCheck, SpotCheckKind

TAKEN_BACK: Final = "acceptance"  # the subject of a correction that takes an acceptance back, of a field with its key
Place = tuple[UUID | None, str, int]
Check = tuple[Place, UUID, str]


def settle(
    *, policy: AcceptPolicy, items: Sequence[Item], document_ids: Iterable[UUID], of_types: bool
) -> dict[Item, UUID]:
    """Draw spot checks among what was just said of documents, and return what is accepted, with its certificate.

    `items` are all that machines said of the documents' types, or all of their values. What is drawn is not accepted:
    a person sees it, whatever its score. Checks that nobody has made yet follow what is said now. The caller holds a
    transaction and, in it, the policy; the certificates stay as they are too.
    """
    eligible = [item for item in items if item.is_eligible]
    sampled = {item for item in eligible if _is_sampled(item, policy)}
    certificates = _certificates(policy, {item.subject for item in eligible}, {item.subject for item in sampled})
    sampled = {item for item in sampled if item.subject in certificates}
    accepted = {
        item: certificate.pk
        for item in eligible
        if item not in sampled and (certificate := certificates.get(item.subject)) and _accepts(certificate, item)
    }
    accepted = _without_taken_back(accepted)
    wanted = {_check(item, certificates[item.subject].pk, SpotCheckKind.SAMPLE): item for item in sampled}
    audited = [item for item in accepted if _is_audited(item, policy)]
    wanted |= {_check(item, accepted[item], SpotCheckKind.AUDIT): item for item in audited}
    _draw(policy.workspace_id, wanted, set(document_ids), of_types=of_types)
    return accepted


_POLICY: Final = "SELECT * FROM review_acceptpolicy WHERE workspace_id = %s AND target_error IS NOT NULL FOR SHARE"


def policy_held(*, workspace_id: UUID) -> AcceptPolicy | None:
    """Return a policy that wants something accepted; it stays as it is until the transaction ends.

    Locked before any certificate.
    """
    return next(iter(AcceptPolicy.objects.raw(_POLICY, [workspace_id])), None)


def _is_sampled(item: Item, policy: AcceptPolicy) -> bool:
    """Choose documents, not values: who has one open checks all that it says."""
    kind = "type" if item.subject.key == TYPE else "fields"
    return is_chosen(str(item.document_id), salt=f"sample:{kind}:{policy.salt}", share=policy.sample_share)


def _is_audited(item: Item, policy: AcceptPolicy) -> bool:
    name = f"{item.document_id}/{item.subject.key}/{item.position}"
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


def _check(item: Item, certificate_id: UUID, kind: SpotCheckKind) -> Check:
    return (item.place, certificate_id, kind)


def _draw(workspace_id: UUID, wanted: dict[Check, Item], document_ids: set[UUID], *, of_types: bool) -> None:
    """Write down what was drawn, and bring what nobody has looked at yet up to what is said now."""
    rows = SpotCheck.objects.filter(document_id__in=document_ids).select_related("certificate").order_by("id")
    there = rows.filter(certificate__key=TYPE) if of_types else rows.exclude(certificate__key=TYPE)
    judged: set[Check] = set()
    waiting: dict[tuple[Place, str], SpotCheck] = {}
    for row in there:
        if row.judged_at is not None:
            judged.add((_place(row), row.certificate_id, row.kind))
        else:
            waiting[(_place(row), row.kind)] = row
    changed: list[SpotCheck] = []
    new: list[SpotCheck] = []
    for (place, certificate_id, kind), item in wanted.items():
        if (place, certificate_id, kind) in judged or item.score is None:
            continue
        there_is = waiting.pop((place, kind), None)
        drawn = there_is or SpotCheck(
            workspace_id=workspace_id, document_id=item.document_id, position=item.position, kind=kind
        )
        drawn.certificate_id, drawn.score, drawn.producer = certificate_id, item.score, item.producer
        (changed if there_is else new).append(drawn)
    SpotCheck.objects.filter(pk__in=[row.pk for row in waiting.values()], judged_at__isnull=True).delete()
    SpotCheck.objects.bulk_update(changed, ["certificate", "score", "producer"])
    SpotCheck.objects.bulk_create(new, ignore_conflicts=True)


def _place(row: SpotCheck) -> Place:
    return (row.document_id, row.certificate.key, row.position)
