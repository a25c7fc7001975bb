"""Reading policies, certificates and spot checks."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from apps.core.errors import NotFoundError
from apps.core.prepared import Given, Prepared
from apps.documents.models import Document
from apps.extraction.models import FieldValue
from apps.review.acceptance.items import TAKEN_BACK, TYPE
from apps.review.models import AcceptPolicy, Certificate, CertificateState, Correction, SpotCheck, SpotCheckKind

_BY_CERTIFICATE = SpotCheck.objects.filter(judged_at__isnull=True).select_related("certificate").order_by("id")
_OF_TYPE = Prepared(lambda: _BY_CERTIFICATE.filter(document_id=Given("document_id"), certificate__key=TYPE))
_OF_VALUES = Prepared(lambda: _BY_CERTIFICATE.filter(document_id=Given("document_id")).exclude(certificate__key=TYPE))
LIVE = (CertificateState.COLLECTING, CertificateState.CERTIFIED)


def policy_of(*, workspace_id: UUID) -> AcceptPolicy:
    """Return a workspace's policy; where nobody has set one, an unsaved one that accepts nothing."""
    found = AcceptPolicy.objects.filter(workspace_id=workspace_id).first()
    return found or AcceptPolicy(workspace_id=workspace_id)


def certificates_in(*, workspace_id: UUID) -> QuerySet[Certificate]:
    """Return a workspace's certificates by type and field, the newest of each first."""
    return Certificate.objects.filter(workspace_id=workspace_id).order_by("document_type", "key", "-id")


def certificate_get(*, workspace_id: UUID, certificate_id: UUID) -> Certificate:
    """Return one certificate; raises NotFoundError."""
    found = certificates_in(workspace_id=workspace_id).filter(pk=certificate_id).first()
    if found is None:
        raise NotFoundError("There is no such certificate.")
    return found


def certificates_now(*, workspace_id: UUID) -> list[Certificate]:
    """Return what holds now, by type and field: the live certificate of each, and the one that was suspended last.

    Suspended ones are told until their successor is certified.
    """
    newest: dict[tuple[str, str], list[Certificate]] = {}
    for each in certificates_in(workspace_id=workspace_id).exclude(state=CertificateState.ENDED):
        newest.setdefault((each.document_type, each.key), []).append(each)
    shown = []
    for rows in newest.values():
        shown += rows[:1] if rows[0].state == CertificateState.CERTIFIED else rows[:2]
    return shown


def alarms_in(*, workspace_id: UUID) -> list[Certificate]:
    """Return the certificates that audits suspended and that nothing has come in the place of yet."""
    found = certificates_now(workspace_id=workspace_id)
    return [each for each in found if each.state == CertificateState.SUSPENDED]


def check_counts(*, certificate_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """Count the documents whose checks wait for a person, by certificate: `sample` and `audit`; none in the trash."""
    waiting = SpotCheck.objects.filter(
        certificate_id__in=list(certificate_ids), judged_at__isnull=True, document__deleted_at__isnull=True
    ).exclude(document=None)
    rows = (
        waiting.order_by()
        .values("certificate_id")
        .annotate(
            sample=Count("drawn_with", filter=Q(kind=SpotCheckKind.SAMPLE), distinct=True),
            audit=Count("drawn_with", filter=Q(kind=SpotCheckKind.AUDIT), distinct=True),
        )
    )
    return {row["certificate_id"]: {"sample": row["sample"], "audit": row["audit"]} for row in rows}


def accepted_counts(*, certificate_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Count what stands as accepted by each certificate: types of documents, and values of current readings."""
    ids = list(certificate_ids)
    types = Document.objects.filter(type_certificate_id__in=ids, deleted_at__isnull=True)
    values = FieldValue.objects.filter(
        certificate_id__in=ids,
        is_effective=True,
        reading__current_of__isnull=False,
        document__deleted_at__isnull=True,
    )
    by_type = types.order_by().values_list("type_certificate_id").annotate(count=Count("id"))
    by_value = values.order_by().values_list("certificate_id").annotate(count=Count("id"))
    return {**dict(by_type), **dict(by_value)}


def open_checks(*, document_ids: Iterable[UUID], types: bool) -> list[SpotCheck]:
    """Return the checks of documents that wait for a person: of their types, or of their values."""
    ids = list(document_ids)
    if len(ids) == 1:  # as with every document that is read
        return (_OF_TYPE if types else _OF_VALUES).rows(document_id=ids[0])
    found = SpotCheck.objects.filter(document_id__in=ids, judged_at__isnull=True)
    found = found.filter(certificate__key=TYPE) if types else found.exclude(certificate__key=TYPE)
    return list(found.select_related("certificate").order_by("id"))


def taken_back_keys(*, document_id: UUID) -> set[str]:
    """Return the fields of a document whose automatic acceptance a person took back."""
    rows = Correction.objects.filter(document_id=document_id, subject__startswith=f"{TAKEN_BACK}.")
    return {subject.removeprefix(f"{TAKEN_BACK}.") for subject in rows.values_list("subject", flat=True)}
