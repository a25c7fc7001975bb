"""The pages of what is accepted without a person: figures, the target, alarms, taking back, and who may what."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, User, Workspace
from apps.core.clock import now
from apps.core.models import AuditEvent
from apps.documents.models import Document
from apps.extraction.models import FieldValue
from apps.pipeline.sweeper import hand_out_events
from apps.review.models import (
    AcceptPolicy,
    Certificate,
    CertificateState,
    ReviewTask,
    SpotCheck,
    SpotCheckKind,
    TaskPurpose,
)
from apps.web.acceptance.urls import urlpatterns
from tests.library import shelve

OWNER, EDITOR, REVIEWER, VIEWER = Role.OWNER, Role.EDITOR, Role.REVIEWER, Role.VIEWER
ALL, JUDGES = {OWNER, EDITOR, REVIEWER, VIEWER}, {OWNER, EDITOR, REVIEWER}
MATRIX: dict[str, tuple[str, str, set[Role]]] = {
    "auto_accept": ("get", "/auto-accept/", ALL),
    "policy_change": ("post", "/auto-accept/policy/", {OWNER}),
    "certificate_detail": ("get", "/auto-accept/{certificate}/", ALL),
    "certificate_renew": ("post", "/auto-accept/{certificate}/renew/", {OWNER}),
    "certificate_take_back": ("post", "/auto-accept/{certificate}/take-back/", {OWNER}),
    "acceptance_take_back": ("post", "/documents/{document}/acceptance/", JUDGES),
}
POLICY = {"target_error": "2", "sample_share": "10", "audit_share": "3"}


def call(client: Client, name: str, certificate: Certificate, document: Document) -> int:
    method, path, _ = MATRIX[name]
    address = path.format(certificate=certificate.pk, document=document.pk)
    return int(getattr(client, method)(address, POLICY if name == "policy_change" else {}).status_code)


def test_the_matrix_has_every_address() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


@pytest.mark.parametrize("name", list(MATRIX))
def test_roles(as_role: Callable[[Role], Client], certificate: Certificate, accepted: Document, name: str) -> None:
    for role in Role:
        before = (AuditEvent.objects.count(), AcceptPolicy.objects.get().target_error, Certificate.objects.count())
        with transaction.atomic():
            status = call(as_role(role), name, certificate, accepted)
            assert status in ({200, 302} if role in MATRIX[name][2] else {403}), role
            if role not in MATRIX[name][2]:
                accepted.refresh_from_db()
                after = (AuditEvent.objects.count(), AcceptPolicy.objects.get().target_error)
                assert (*after, Certificate.objects.count()) == before
                assert accepted.type_certificate_id == certificate.pk
            transaction.set_rollback(True)


def test_strangers_find_nothing(
    sign_in: Callable[[User], Client], charlie: User, certificate: Certificate, accepted: Document
) -> None:
    for name in ("certificate_detail", "certificate_renew", "certificate_take_back", "acceptance_take_back"):
        assert call(sign_in(charlie), name, certificate, accepted) == 404
    assert str(certificate.pk) not in sign_in(charlie).get("/auto-accept/").content.decode()
    assert all(call(Client(), name, certificate, accepted) == 302 for name in MATRIX)


def test_what_the_pages_show(owner: Client, workspace: Workspace, certificate: Certificate, accepted: Document) -> None:
    page = owner.get("/auto-accept/").content.decode()
    assert "Invoice as the type" in page
    assert 'name="target_error" value="5"' in page
    with CaptureQueriesContext(connection) as few:
        owner.get("/auto-accept/")
    for key in ("seller_name", "grand_total", "iban"):
        waiting = Certificate.objects.create(
            workspace=workspace, document_type="invoice", key=key, target_error=0.05, alpha=0.05
        )
        SpotCheck.objects.create(
            workspace=workspace,
            certificate=waiting,
            document=accepted,
            drawn_with=accepted.pk,
            kind=SpotCheckKind.SAMPLE,
            score=0.9,
        )
    with CaptureQueriesContext(connection) as many:
        page = owner.get("/auto-accept/").content.decode()
    assert len(many) == len(few)
    assert "Grand total of invoice" in page
    assert "about 72" in page
    assert "1 waiting" in page
    detail = owner.get(f"/auto-accept/{certificate.pk}/").content.decode()
    assert "From a confidence of 95 % at most 4.5 % are wrong: 0 of 80 were" in detail
    assert "1 that still stands so" in detail


def test_an_owner_sets_the_target(owner: Client, certificate: Certificate) -> None:
    assert owner.post("/auto-accept/policy/", POLICY | {"sample_share": "0"}).status_code == 422
    assert AcceptPolicy.objects.get().target_error == 0.05
    AcceptPolicy.objects.update(target_error=0.058)  # as a program may set it: 5.8 / 100 is not quite the same
    Certificate.objects.update(target_error=0.058)
    owner.post("/auto-accept/policy/", POLICY | {"target_error": "5.8", "sample_share": "0.5"})
    policy = AcceptPolicy.objects.get()
    certificate.refresh_from_db()
    assert (policy.target_error, policy.sample_share) == (0.058, 0.005)
    assert certificate.state == CertificateState.CERTIFIED
    owner.post("/auto-accept/policy/", POLICY)
    policy = AcceptPolicy.objects.get()
    assert (policy.target_error, policy.sample_share) == (0.02, 0.1)
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.ENDED
    owner.post("/auto-accept/policy/", POLICY | {"target_error": ""})
    assert "Nothing is accepted automatically" in owner.get("/auto-accept/").content.decode()


def test_an_alarm_is_seen(owner: Client, certificate: Certificate) -> None:
    Certificate.objects.filter(pk=certificate.pk).update(
        state=CertificateState.SUSPENDED, suspended_at=now(), audits_judged=9, audits_wrong=4
    )
    for address in ("/auto-accept/", "/attention/", f"/auto-accept/{certificate.pk}/"):
        assert "4 of 9 audits were wrong" in owner.get(address).content.decode()


def test_all_that_a_suspended_one_accepted_is_taken_back(
    owner: Client, certificate: Certificate, accepted: Document
) -> None:
    of_number = Certificate.objects.get(key="invoice_number")
    owner.post(f"/auto-accept/{certificate.pk}/take-back/")
    hand_out_events()
    accepted.refresh_from_db()
    assert accepted.type_certificate_id == certificate.pk  # it still accepts
    for each in (certificate, of_number):
        Certificate.objects.filter(pk=each.pk).update(state=CertificateState.SUSPENDED, suspended_at=now())
        assert "Take back all 1" in owner.get(f"/auto-accept/{each.pk}/").content.decode()
        owner.post(f"/auto-accept/{each.pk}/take-back/")
        assert "All that it accepted taken back" in owner.get(f"/auto-accept/{each.pk}/").content.decode()
    while hand_out_events():
        pass
    assert Document.objects.filter(type_certificate_id__isnull=False).count() == 0
    assert FieldValue.objects.filter(certificate_id__isnull=False).count() == 0
    reasons = dict(ReviewTask.objects.filter(done_at=None).values_list("kind", "reason"))
    assert reasons["TYPE"] == "Somebody took back that it was accepted automatically."
    assert "Invoice number was accepted automatically, which somebody took back" in reasons["FIELDS"]


def test_what_was_drawn_comes_first(owner: Client, workspace: Workspace, accepted: Document) -> None:
    doubted = shelve(workspace, "text", title="Doubted one", type_label="invoice", confidence=0.5)
    ReviewTask.objects.create(workspace=workspace, document=doubted, kind="TYPE", reason="A doubt.")
    ReviewTask.objects.create(
        workspace=workspace, document=accepted, kind="TYPE", purpose=TaskPurpose.AUDIT, reason="An audit."
    )
    page = owner.get("/attention/").content.decode()
    assert page.index("An audit.") < page.index("A doubt.")
    assert page.count("</svg> audit</span>") == 1


def test_a_document_says_what_was_accepted_and_takes_it_back(owner: Client, accepted: Document) -> None:
    address = f"/documents/{accepted.pk}/"
    page = owner.get(address).content.decode()
    assert "Take back the acceptance of Invoice number" in page
    assert "Accepted automatically by a certificate" in page
    value = FieldValue.objects.get(document=accepted)
    owner.post(f"{address}acceptance/", {"value": str(value.pk), "next": address})
    answer = owner.post(f"{address}acceptance/", {"next": address}, follow=True).content.decode()
    assert "Taken back" in answer
    assert "Take back the acceptance" not in answer
    accepted.refresh_from_db()
    value.refresh_from_db()
    assert (accepted.type_certificate_id, value.certificate_id, value.state) == (None, None, "PROPOSED")
    timeline = owner.get(f"{address}timeline/").content.decode()
    assert timeline.count("Automatic acceptance taken back") == 2
    assert "Invoice number" in timeline
