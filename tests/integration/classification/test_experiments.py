"""Experiments through the database: planned, run with real predictions, judged by people, decided, promoted."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import User, Workspace
from apps.classification.engine.experiments import Verdict
from apps.classification.experiments.planning import ExperimentDraft, InvalidPlanError, plan_of, plans_beside
from apps.classification.experiments.results import result_of
from apps.classification.experiments.selectors import experiment_running, question_of
from apps.classification.experiments.services import (
    experiment_create,
    experiment_promote,
    experiment_roll_back,
    experiment_start,
    experiment_stop,
)
from apps.classification.models import (
    Arm,
    Experiment,
    ExperimentMode,
    ExperimentOutcome,
    ExperimentState,
    ModelVersion,
    Prediction,
    Refit,
    RefitCause,
    RefitState,
)
from apps.classification.selectors import active_version, prediction_of
from apps.classification.services import shipped_version, version_activate
from apps.classification.services.refits import refit_claim, refits_sweep
from apps.core.clock import now
from apps.core.errors import ConflictError
from apps.core.models import AuditEvent
from apps.documents.models import Document, Source
from apps.pipeline.encoder import embed as embed_step
from apps.pipeline.encoder import type as typing_step
from apps.pipeline.encoder.tasks import work_encoder
from apps.pipeline.models import StepRun
from apps.pipeline.services import claims
from apps.pipeline.services.again import document_reprocess
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.steps import step_complete
from apps.pipeline.sweeper import sweep
from apps.pipeline.tasks import work_reading
from apps.review.models import ReviewTask
from apps.review.services import type_correct, types_correct
from tests.integration.classification.test_refits import BERRIES, labels_of, note, read, sheets
from tests.integration.web.registry.conftest import learned

__all__ = ["learned", "sheets"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def treatment(workspace: Workspace, alice: User, sheets: list[Document]) -> ModelVersion:
    """Give a version that learned what check sheets are; in use is the shipped head, which knows nothing of them."""
    types_correct(documents=sheets[:3], label="goods_in", by=alice)
    work_encoder()
    learned = active_version(workspace_id=workspace.pk)
    assert learned is not None
    version_activate(workspace_id=workspace.pk, version=None, by=alice)
    work_encoder()
    return learned


def draft(treatment: ModelVersion, mode: ExperimentMode = ExperimentMode.SHADOW) -> ExperimentDraft:
    return ExperimentDraft(
        name="Check sheets",
        treatment=treatment,
        mode=mode,
        expected_rate=0.4,
        difference=0.5,
        differing_share=0.6,
    )


def started(workspace: Workspace, alice: User, wanted: ExperimentDraft) -> Experiment:
    experiment = experiment_create(workspace_id=workspace.pk, draft=wanted, by=alice)
    experiment_start(experiment=experiment, by=alice)
    experiment.refresh_from_db()
    return experiment


def work_all() -> None:
    while work_reading() or work_encoder():
        pass


def test_from_plan_to_promotion_and_back(workspace: Workspace, alice: User, treatment: ModelVersion) -> None:
    experiment = started(workspace, alice, draft(treatment))
    assert (experiment.control, experiment.state) == (shipped_version(), ExperimentState.RUNNING)
    assert experiment.most_outcomes == plan_of(draft(treatment)).outcomes

    documents = read(workspace, [note(berry, number) for number, berry in enumerate(BERRIES, 111)])
    assert "goods_in" not in labels_of(documents), "only the control counts"
    for document in documents:
        said = {each.arm: each for each in Prediction.objects.filter(reading=document.current_reading_id)}
        assert (said[Arm.CONTROL].label, said[Arm.TREATMENT].label) == (document.type_label, "goods_in")
        assert (said[Arm.CONTROL].is_shadow, said[Arm.TREATMENT].is_shadow) == (False, True)
        assert {each.experiment_id for each in said.values()} == {experiment.pk}
        assert document.current_reading_id is not None
        assert prediction_of(reading_id=document.current_reading_id) == said[Arm.CONTROL]
    sweep()
    assert ReviewTask.objects.filter(document__in=documents, done_at=None).count() == len(documents)

    for document in documents:  # looked at after each: that is what the test is made for
        assert result_of(experiment).verdict is Verdict.UNDECIDED
        type_correct(document=document, label="goods_in", by=alice)
    result = result_of(experiment)
    assert (result.verdict, result.is_over) == (Verdict.TREATMENT, True)
    assert result.evidence.value == pytest.approx(2**8 / 9)  # eight pairs, all won: a uniform prior against a coin
    assert result.evidence.p_value < experiment.alpha
    assert [point.judged for point in result.points] == list(range(1, 9))
    assert (result.control.rate, result.treatment.rate) == (0, 1)
    assert -0.05 < result.difference[0] < 0.5 < result.difference[1] == 1

    documents[0].refresh_from_db()
    type_correct(document=documents[0], label="letter", by=alice)
    assert ExperimentOutcome.objects.count() == len(documents), "the first word on a document counts"

    assert refit_claim() is None, "nothing is learned while two versions are compared"
    assert refits_sweep() == 0
    with pytest.raises(ConflictError, match="experiment_running"):
        version_activate(workspace_id=workspace.pk, version=treatment, by=alice)

    pending = read(workspace, [note("cherry", 78)])
    experiment_promote(experiment=experiment, by=alice)
    work_encoder()
    assert active_version(workspace_id=workspace.pk) == treatment
    assert labels_of(pending) == ["goods_in"]
    experiment_roll_back(experiment=experiment, by=alice)
    work_encoder()
    assert active_version(workspace_id=workspace.pk) is None
    assert "goods_in" not in labels_of(pending)
    pending[0].refresh_from_db()
    assert pending[0].current_reading_id is not None
    last = prediction_of(reading_id=pending[0].current_reading_id)
    assert last is not None
    assert (last.label, last.model_version) == (pending[0].type_label, experiment.control)
    told = AuditEvent.objects.filter(object_kind="experiment").order_by("id").values_list("action", flat=True)
    assert [each.partition(".")[2] for each in told] == ["plan", "running", "promoted", "rolled_back"]


def test_a_retried_step_and_a_re_run_come_to_the_same_arm(
    workspace: Workspace, alice: User, treatment: ModelVersion
) -> None:
    started(workspace, alice, draft(treatment, ExperimentMode.LIVE))
    for number, berry in enumerate(BERRIES, 211):
        content = note(berry, number).encode()
        ingest_upload(workspace_id=workspace.pk, chunks=[content], file_name=f"{berry}.txt", source=Source.API)
    while work_reading():
        pass
    embed()
    leases = claims.claim(queue="encoder", steps=["type"], owner="dies", limit=16)
    assert len(leases) == len(BERRIES)
    with transaction.atomic():  # a worker that is killed before its transaction ends
        for outcome in typing_step.execute(leases):
            outcome.store()
        first = dict(Prediction.objects.filter(experiment__isnull=False).values_list("reading_id", "arm"))
        transaction.set_rollback(True)
    assert not Prediction.objects.filter(experiment__isnull=False).exists()
    StepRun.objects.filter(step="type").update(lease_expires_at=now() - timedelta(seconds=1))
    sweep()
    work_all()
    again = dict(Prediction.objects.filter(experiment__isnull=False).values_list("reading_id", "arm"))
    assert again == first
    assert set(again.values()) == set(Arm), "of eight documents some went to each arm"
    documents = Document.objects.filter(current_reading__in=first)
    asked = {
        question_of(document_id=each.pk, reading_id=each.current_reading_id)
        for each in documents
        if each.current_reading_id
    }
    assert asked == {"This document was drawn to compare two models."}, "all of them, whatever the models say"
    document = Document.objects.get(current_reading=next(iter(first)))
    arm = first[document.current_reading_id]  # type: ignore[index]
    document_reprocess(document=document, by=alice)
    work_all()
    arms = Prediction.objects.filter(reading__version__document=document).values_list("arm", flat=True)
    assert list(arms) == [arm, arm]


def test_plans_and_states(workspace: Workspace, alice: User, learned: list[ModelVersion]) -> None:
    treatment, in_use = learned
    wanted = draft(treatment, ExperimentMode.LIVE)
    assert [plan.difference for plan in plans_beside(replace(wanted, difference=0.3))] == [0.45]
    for wrong in (
        {"name": " "},
        {"difference": 0.001},
        {"difference": 0.7},
        {"expected_rate": 0.0},
        {"share": 0.99},
        {"asked_share": 0.0},
        {"treatment": in_use},
        {"mode": ExperimentMode.SHADOW, "differing_share": 0.2},
    ):
        with pytest.raises(InvalidPlanError):
            experiment_create(workspace_id=workspace.pk, draft=replace(wanted, **wrong), by=alice)
    planned = experiment_create(workspace_id=workspace.pk, draft=wanted, by=alice)
    learning = Refit.objects.create(workspace=workspace, cause=RefitCause.CORRECTION, state=RefitState.RUNNING)
    with pytest.raises(ConflictError, match="learning"):
        experiment_start(experiment=planned, by=alice)
    learning.delete()
    first = started(workspace, alice, wanted)
    second = experiment_create(workspace_id=workspace.pk, draft=wanted, by=alice)
    for wrong_move in (experiment_start, experiment_promote, experiment_roll_back):
        with pytest.raises(ConflictError):
            wrong_move(experiment=second, by=alice)
    for column, value in (("share", 0.9), ("most_outcomes", 1), ("treatment_id", first.control_id)):
        with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
            Experiment.objects.filter(pk=first.pk).update(**{column: value})
    experiment_stop(experiment=first, by=alice)
    assert experiment_running(workspace_id=workspace.pk) is None
    version_activate(workspace_id=workspace.pk, version=treatment, by=alice)
    with pytest.raises(ConflictError, match="control_changed"):
        experiment_start(experiment=second, by=alice)
    experiment_stop(experiment=second, by=alice)
    with pytest.raises(ConflictError, match="never_started"):
        experiment_promote(experiment=second, by=alice)


def embed() -> None:
    """Execute the parts of the step before the types."""
    leases = claims.claim(queue="encoder", steps=["embed"], owner="one", limit=16)
    for lease, outcome in zip(leases, embed_step.execute(leases), strict=True):
        step_complete(lease=lease, outcome=outcome)
