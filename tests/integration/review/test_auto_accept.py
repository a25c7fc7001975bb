"""Certified auto-accept through the database: random checks, a certificate, what it accepts, audits, an alarm."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from apps.accounts.models import User, Workspace
from apps.classification.experiments.planning import ExperimentDraft
from apps.classification.experiments.selectors import typed_by_treatment
from apps.classification.experiments.services import experiment_create, experiment_start, experiment_stop
from apps.classification.models import ExperimentMode, ModelVersion, Refit, RefitState
from apps.core.audit import history
from apps.core.clock import now
from apps.core.ids import new_id
from apps.documents.models import Document, DocumentVersion, Source
from apps.documents.services import document_set_type, documents_trash
from apps.extraction.models import FieldValue, Method, ValueState
from apps.pipeline.encoder.tasks import work_encoder
from apps.pipeline.samples import generate
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.sweeper import hand_out_events
from apps.pipeline.tasks import work_reading
from apps.review.acceptance.certifying import certificate_evaluate
from apps.review.acceptance.drawing import policy_row_held
from apps.review.acceptance.policies import PolicyDraft, policy_set
from apps.review.acceptance.selectors import alarms_in, check_counts
from apps.review.acceptance.settling import TypeFound, types_settle, values_settle
from apps.review.models import (
    Certificate,
    CertificateState,
    DocumentWarning,
    ReviewTask,
    SpotCheck,
    SpotCheckKind,
    SpotCheckOutcome,
    TaskPurpose,
    WarningKind,
)
from apps.review.services import type_correct
from apps.review.services.accepting import (
    NotAcceptedError,
    type_acceptance_take_back,
    value_acceptance_take_back,
)
from apps.review.services.confirming import fields_confirm
from apps.review.services.doubts import type_doubt, type_questions_route
from apps.review.services.fields import field_reject
from apps.review.services.learning import refit_undo
from apps.review.services.routing import fields_route
from tests.integration.web.registry.conftest import learned
from tests.library import shelve

__all__ = ["learned"]
pytestmark = pytest.mark.django_db
WAIT_S = 10.0
A_MOMENT_S = 0.3
FEWEST = 17  # checks without an error that certify 20 % at the first of several looks


def policy(workspace: Workspace, by: User, **more: Any) -> None:
    wanted = {"target_error": 0.2, "sample_share": 1.0} | more
    policy_set(workspace_id=workspace.pk, draft=PolicyDraft(**wanted), by=by)


def typed(workspace: Workspace, *scores: float, label: str = "invoice", flags: tuple[str, ...] = ()) -> list[Document]:
    """Have a model say what new documents are, as the pipeline's step does, and ask about them as the end of a run."""
    documents = [shelve(workspace, "Text") for _ in scores]
    with transaction.atomic():
        for document, score in zip(documents, scores, strict=True):
            document_set_type(document_id=document.pk, label=label, confidence=score, source="MODEL")
        found = [
            TypeFound(document.pk, label, score, flags, "head-1")
            for document, score in zip(documents, scores, strict=True)
        ]
        types_settle(workspace_id=workspace.pk, found=found)
    doubts = {each.document_id: type_doubt(probability=each.probability, flags=flags) for each in found}
    type_questions_route(workspace_id=workspace.pk, doubts=doubts)
    for document in documents:
        document.refresh_from_db()
    return documents


def questions(document: Document) -> list[str]:
    return list(ReviewTask.objects.filter(document=document, done_at=None).values_list("purpose", flat=True))


def certified(workspace: Workspace, by: User, *, score: float = 0.97) -> Certificate:
    """Have a person confirm what was drawn until the first look certifies, then draw and audit no more."""
    policy(workspace, by)
    for document in typed(workspace, *[score] * FEWEST):
        type_correct(document=document, label="invoice", by=by)
    hand_out_events()
    policy(workspace, by, sample_share=1e-9, audit_share=1e-9)
    return Certificate.objects.get(document_type="invoice")


def test_the_whole_story(workspace: Workspace, alice: User) -> None:
    first = typed(workspace, 0.999)[0]
    assert (first.type_certificate_id, SpotCheck.objects.count()) == (None, 0)  # nobody asked for it
    policy(workspace, alice)
    drawn = typed(workspace, *[0.97] * FEWEST)
    assert {check.document_id for check in SpotCheck.objects.all()} == {document.pk for document in drawn}
    assert questions(drawn[0]) == [TaskPurpose.SAMPLE]  # however sure the model is
    type_correct(document=first, label="letter", by=alice)  # picked by a person: says nothing of the rest
    for document in reversed(drawn[1:]):
        type_correct(document=document, label="invoice", by=alice)
    hand_out_events()
    certificate = Certificate.objects.get()
    assert (certificate.state, certificate.looks) == (CertificateState.COLLECTING, [])  # one was left out
    type_correct(document=drawn[0], label="invoice", by=alice)
    hand_out_events()
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.CERTIFIED
    assert (certificate.threshold, certificate.judged, certificate.errors) == (0.97, FEWEST, 0)
    assert certificate.bound is not None
    assert 0.19 < certificate.bound <= 0.2

    policy(workspace, alice, sample_share=1e-9, audit_share=1.0)
    accepted, doubtful = typed(workspace, 0.98, 0.4)
    assert accepted.type_certificate_id == certificate.pk
    assert doubtful.type_certificate_id is None
    assert (questions(accepted), questions(doubtful)) == ([TaskPurpose.AUDIT], [TaskPurpose.DOUBT])
    assert "document.accept" in {event.action for event in history(object_kind="document", object_id=accepted.pk)}
    assert typed(workspace, 0.99, flags=("single_source",))[0].type_certificate_id is None
    audited = [accepted, *typed(workspace, *[0.97] * 4)]
    for document in audited[:1]:
        type_correct(document=document, label="invoice", by=alice)
    hand_out_events()
    certificate.refresh_from_db()
    assert (certificate.audits_judged, certificate.state) == (1, CertificateState.CERTIFIED)
    for document in audited[1:]:
        type_correct(document=document, label="letter", by=alice)
    hand_out_events()
    certificate.refresh_from_db()
    assert (certificate.audits_wrong, certificate.state) == (4, CertificateState.SUSPENDED)
    assert [alarm.pk for alarm in alarms_in(workspace_id=workspace.pk)] == [certificate.pk]
    successor = Certificate.objects.get(state=CertificateState.COLLECTING)
    assert (successor.document_type, successor.looks, successor.threshold) == ("invoice", [], None)
    later = typed(workspace, 0.999)[0]
    assert (later.type_certificate_id, questions(later)) == (None, [])


def test_the_pipeline_draws_and_accepts(workspace: Workspace, alice: User) -> None:
    sample = next(each for each in generate(today=date(2026, 11, 23)) if each.name == "rechnung-2026-114.pdf")
    policy(workspace, alice)

    def process(content: bytes) -> Document:
        document = ingest_upload(
            workspace_id=workspace.pk, chunks=[content], file_name=sample.name, source=Source.API
        ).document
        while work_reading() or work_encoder() or hand_out_events():
            pass
        document.refresh_from_db()
        return document

    drawn = process(sample.content)
    checks = {check.certificate.key: check for check in SpotCheck.objects.filter(document=drawn)}
    fitted = FieldValue.objects.filter(document=drawn, confidence__isnull=False, is_supported=True)
    assert {"", "invoice_number"} <= set(checks)
    assert set(checks) - {""} <= set(fitted.values_list("key", flat=True))
    assert checks[""].score == drawn.type_confidence
    assert sorted(questions(drawn)) == [TaskPurpose.SAMPLE, TaskPurpose.SAMPLE]
    for key, check in checks.items():  # as if many had been checked
        Certificate.objects.filter(document_type="invoice", key=key).update(
            state=CertificateState.CERTIFIED, threshold=0.5, bound=0.2, certified_at=now(), producers=[check.producer]
        )
    policy(workspace, alice, sample_share=1e-9, audit_share=1e-9)
    documents_trash(documents=[drawn], by=alice)  # else it is warned of: the same invoice twice
    accepted = process(sample.content + b"\n%another one\n")
    assert accepted.type_certificate_id == checks[""].certificate_id
    value = FieldValue.objects.get(document=accepted, key="invoice_number")
    assert (value.state, value.certificate_id) == (ValueState.ACCEPTED, checks["invoice_number"].certificate_id)
    assert questions(accepted) == []


def test_errors_in_the_sample_certify_nothing(workspace: Workspace, alice: User) -> None:
    policy(workspace, alice)
    for place, document in enumerate(typed(workspace, *[0.97] * FEWEST)):
        type_correct(document=document, label="letter" if place % 4 == 0 else "invoice", by=alice)
    hand_out_events()
    certificate = Certificate.objects.get()
    assert certificate.state == CertificateState.COLLECTING
    assert [step["is_passed"] for step in certificate.looks[0]["steps"]] == [False]
    assert certificate.figures["errors"] == 5
    assert certificate.figures["missing"] is None


def test_another_target_begins_anew_and_the_same_goes_on(workspace: Workspace, alice: User) -> None:
    certificate = certified(workspace, alice)
    assert typed(workspace, 0.99)[0].type_certificate_id == certificate.pk
    policy(workspace, alice, target_error=None)
    assert typed(workspace, 0.99)[0].type_certificate_id is None
    policy(workspace, alice, sample_share=1e-9)
    assert typed(workspace, 0.99)[0].type_certificate_id == certificate.pk
    policy(workspace, alice, target_error=0.05, sample_share=1e-9)
    assert typed(workspace, 0.99)[0].type_certificate_id is None
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.ENDED


def test_what_an_experiment_tries_is_neither_drawn_nor_accepted(
    workspace: Workspace, alice: User, learned: list[ModelVersion]
) -> None:
    certificate = certified(workspace, alice)
    plan = {"expected_rate": 0.8, "difference": 0.15}
    draft = ExperimentDraft(name="Live", treatment=learned[0], mode=ExperimentMode.LIVE, **plan)
    experiment = experiment_create(workspace_id=workspace.pk, draft=draft, by=alice)
    experiment_start(experiment=experiment, by=alice)

    def of_treatment(documents: list[Document]) -> set[UUID]:
        return typed_by_treatment(workspace_id=workspace.pk, document_ids=[document.pk for document in documents])

    told = typed(workspace, *[0.99] * 24)
    tried = of_treatment(told)
    assert 0 < len(tried) < len(told)
    assert tried == {each.pk for each in told if each.type_certificate_id != certificate.pk}
    policy(workspace, alice)
    drawn = typed(workspace, *[0.99] * 24)
    checked = set(SpotCheck.objects.filter(document__in=drawn).values_list("document_id", flat=True))
    assert checked == {each.pk for each in drawn} - of_treatment(drawn)
    experiment_stop(experiment=experiment, by=alice)
    assert of_treatment(drawn) == set()


def test_what_is_taken_back_goes_to_a_person_and_stays_there(workspace: Workspace, alice: User) -> None:
    certified(workspace, alice)
    document = typed(workspace, 0.99)[0]
    type_acceptance_take_back(document=document, by=alice)
    document.refresh_from_db()
    assert (document.type_certificate_id, questions(document)) == (None, [TaskPurpose.DOUBT])
    with pytest.raises(NotAcceptedError):
        type_acceptance_take_back(document=document, by=alice)
    types_settle(workspace_id=workspace.pk, found=[TypeFound(document.pk, "invoice", 0.99, (), "head-1")])
    document.refresh_from_db()
    assert document.type_certificate_id is None
    type_questions_route(workspace_id=workspace.pk, doubts={document.pk: ""})  # as at the end of another run
    assert questions(document) == [TaskPurpose.DOUBT]


def test_what_others_than_the_checked_ones_found_is_not_accepted(workspace: Workspace, alice: User) -> None:
    certified(workspace, alice)
    document = shelve(workspace, "Text", type_label="invoice", confidence=0.99)
    types_settle(workspace_id=workspace.pk, found=[TypeFound(document.pk, "invoice", 0.99, (), "head-2")])
    document.refresh_from_db()
    assert document.type_certificate_id is None


def test_documents_in_the_trash_keep_nobody_waiting(workspace: Workspace, alice: User) -> None:
    policy(workspace, alice)
    drawn = typed(workspace, *[0.97] * (FEWEST + 1))
    documents_trash(documents=drawn[:1], by=alice)
    for document in drawn[1:]:
        type_correct(document=document, label="invoice", by=alice)
    hand_out_events()
    certificate = Certificate.objects.get()
    assert certificate.state == CertificateState.CERTIFIED
    assert check_counts(certificate_ids=[certificate.pk]) == {}
    drawn[1].delete()  # what was shown outlives the document
    assert SpotCheck.objects.filter(certificate=certificate, document=None).count() == 1


def test_checks_follow_what_is_said_and_nothing_seen_before_is_drawn(workspace: Workspace, alice: User) -> None:
    seen = typed(workspace, 0.99)[0]
    policy(workspace, alice)
    drawn = typed(workspace, 0.9)[0]
    again = [TypeFound(each.pk, "receipt", 0.95, (), "head-1") for each in (seen, drawn)]
    types_settle(workspace_id=workspace.pk, found=again, accepted_before=set())
    check = SpotCheck.objects.get()
    assert (check.document_id, check.certificate.document_type, check.score) == (drawn.pk, "receipt", 0.95)
    types_settle(
        workspace_id=workspace.pk, found=[TypeFound(drawn.pk, "other", None, (), "head-1")], accepted_before=[]
    )
    assert not SpotCheck.objects.exists()  # it could not be accepted any more


def test_a_word_that_is_taken_back_is_asked_for_again(workspace: Workspace, alice: User) -> None:
    policy(workspace, alice)
    document = typed(workspace, 0.99)[0]
    type_correct(document=document, label="letter", by=alice)
    check = SpotCheck.objects.get()
    assert (check.outcome, check.by_label) == (SpotCheckOutcome.WRONG, str(alice))
    refit = Refit.objects.get()
    Refit.objects.filter(pk=refit.pk).update(state=RefitState.SUCCEEDED)
    refit_undo(refit=refit, by=alice)
    check.refresh_from_db()
    assert (check.outcome, check.judged_at) == ("", None)
    assert questions(document) == [TaskPurpose.SAMPLE]


@pytest.mark.django_db(transaction=True)
def test_an_alarm_waits_for_what_is_being_accepted_and_is_seen_by_what_comes_after(
    workspace: Workspace, alice: User
) -> None:
    certificate = certified(workspace, alice)
    SpotCheck.objects.bulk_create(
        SpotCheck(
            workspace=workspace, certificate=certificate, kind=SpotCheckKind.AUDIT, score=0.99,
            drawn_with=new_id(), outcome=SpotCheckOutcome.WRONG, judged_at=now(),
        )
        for _ in range(5)
    )  # fmt: skip
    first, second = (shelve(workspace, "Text", type_label="invoice", confidence=0.99) for _ in range(2))

    def evaluate() -> None:
        certificate_evaluate(certificate_id=certificate.pk)
        connection.close()

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            types_settle(workspace_id=workspace.pk, found=[TypeFound(first.pk, "invoice", 0.99, (), "head-1")])
            alarm = pool.submit(evaluate)
            with pytest.raises(TimeoutError):
                alarm.result(A_MOMENT_S)
        alarm.result(WAIT_S)
    with transaction.atomic():
        types_settle(workspace_id=workspace.pk, found=[TypeFound(second.pk, "invoice", 0.99, (), "head-1")])
    certificate.refresh_from_db()
    first.refresh_from_db()
    second.refresh_from_db()
    assert certificate.state == CertificateState.SUSPENDED
    assert (first.type_certificate_id, second.type_certificate_id) == (certificate.pk, None)


def read(workspace: Workspace, **confidences: float) -> Document:
    """Have an extractor find values of a new invoice, as the pipeline's step does."""
    document = shelve(workspace, "Text", type_label="invoice", confidence=0.99)
    version = DocumentVersion.objects.get(document=document)
    columns = {"workspace": workspace, "document": document, "version": version, "value_type": "text"}
    reading = document.current_reading
    document.refresh_from_db()
    values = [
        FieldValue.objects.create(
            **columns, reading=document.current_reading or reading, key=key, value=key, raw_text=key,
            confidence=confidence, method=Method.MODEL, producer="ranker-1",
        )
        for key, confidence in confidences.items()
    ]  # fmt: skip
    with transaction.atomic():
        values_settle(document=document, document_type="invoice", values=values)
        fields_route(document=document)
    return document


def test_values_are_certified_field_by_field(workspace: Workspace, alice: User) -> None:
    policy(workspace, alice)
    for place in range(FEWEST):
        document = read(workspace, invoice_number=0.97, seller_name=0.97)
        assert questions(document) == [TaskPurpose.SAMPLE]
        if place % 4 == 0:
            field_reject(document=document, key="seller_name", by=alice)
        fields_confirm(document=document, by=alice)
    hand_out_events()
    states = dict(Certificate.objects.values_list("key", "state"))
    assert states == {"invoice_number": CertificateState.CERTIFIED, "seller_name": CertificateState.COLLECTING}
    policy(workspace, alice, sample_share=1e-9, audit_share=1.0)
    document = read(workspace, invoice_number=0.98, seller_name=0.999)
    number, seller = FieldValue.objects.filter(document=document).order_by("key")
    certificate = Certificate.objects.get(key="invoice_number")
    assert (number.state, number.certificate_id) == (ValueState.ACCEPTED, certificate.pk)
    assert (seller.state, seller.certificate_id) == (ValueState.PROPOSED, None)
    task = ReviewTask.objects.get(document=document, done_at=None)
    assert (task.purpose, task.reason[:9]) == (TaskPurpose.AUDIT, "An audit ")
    fields_confirm(document=document, by=alice)
    hand_out_events()
    certificate.refresh_from_db()
    assert (certificate.audits_judged, certificate.audits_wrong) == (1, 0)

    policy(workspace, alice, sample_share=1e-9, audit_share=1e-9)
    document = read(workspace, invoice_number=0.98)
    number = FieldValue.objects.get(document=document)
    assert number.certificate_id == certificate.pk
    assert SpotCheck.objects.filter(document=document, kind=SpotCheckKind.AUDIT).count() == 0
    value_acceptance_take_back(document=document, value_id=number.pk, by=alice)
    number = FieldValue.objects.get(document=document)
    assert (number.state, number.certificate_id) == (ValueState.PROPOSED, None)
    DocumentWarning.objects.create(
        workspace=workspace, document=document, kind=WarningKind.FAILED_CHECK, key="invoice_number", message="Odd."
    )
    values_settle(document=document, document_type="invoice", values=[number])
    number.refresh_from_db()
    assert number.certificate_id is None

    policy(workspace, alice)
    document = read(workspace, seller_name=0.97)
    policy(workspace, alice, target_error=None)
    values_settle(document=document, document_type="invoice", values=[])  # nothing is left that could be checked
    assert not SpotCheck.objects.filter(document=document).exists()


def test_the_policy_is_held_with_all_that_it_says(workspace: Workspace, alice: User) -> None:
    policy(workspace, alice)
    with transaction.atomic():
        held = policy_row_held(workspace_id=workspace.pk)
        assert held is not None
        assert not held.get_deferred_fields()
