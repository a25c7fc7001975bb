"""Whose word on which documents counts: first words, on documents that were drawn or on which the versions differ."""

import pytest

from apps.accounts.models import User, Workspace
from apps.classification.experiments.planning import ExperimentDraft
from apps.classification.experiments.results import result_of
from apps.classification.experiments.selectors import is_sampled, question_of
from apps.classification.experiments.services import experiment_create, experiment_start
from apps.classification.models import Arm, Experiment, ExperimentMode, ExperimentOutcome, ModelVersion, Prediction
from apps.documents.models import Document, TypeSource
from apps.review.services import type_correct
from tests.integration.web.registry.conftest import learned
from tests.library import shelve

__all__ = ["learned"]
pytestmark = pytest.mark.django_db
SHADOWED = {Arm.CONTROL: "invoice", Arm.TREATMENT: "receipt"}
AGREEING = {Arm.CONTROL: "invoice", Arm.TREATMENT: "invoice"}


@pytest.fixture
def experiment(workspace: Workspace, alice: User, learned: list[ModelVersion]) -> Experiment:
    """Give an experiment in the shadow that draws a fifth of the documents."""
    draft = ExperimentDraft(
        name="Which is better?",
        treatment=learned[0],
        mode=ExperimentMode.SHADOW,
        expected_rate=0.8,
        difference=0.1,
        differing_share=0.2,
        asked_share=0.2,
    )
    made = experiment_create(workspace_id=workspace.pk, draft=draft, by=alice)
    experiment_start(experiment=made, by=alice)
    return Experiment.objects.get(pk=made.pk)


def typed(experiment: Experiment, said: dict[Arm, str], *, drawn: bool) -> Document:
    """Make a document that was drawn, or not, as both versions type it."""
    while True:
        document = shelve(experiment.workspace, "text", type_label=said[Arm.CONTROL], confidence=0.99)
        if is_sampled(experiment=experiment, document_id=document.pk) == drawn:
            break
    assert document.current_reading is not None
    for arm, label in said.items():
        Prediction.objects.create(
            workspace=experiment.workspace,
            reading=document.current_reading,
            model_version=experiment.control if arm == Arm.CONTROL else experiment.treatment,
            label=label,
            probability=0.99,
            experiment=experiment,
            arm=arm,
            is_shadow=arm == Arm.TREATMENT,
        )
    return document


def question(document: Document) -> str:
    assert document.current_reading_id is not None
    return question_of(document_id=document.pk, reading_id=document.current_reading_id)


def test_who_is_asked_and_what_counts(experiment: Experiment, alice: User) -> None:
    drawn = typed(experiment, AGREEING, drawn=True)
    differing = typed(experiment, SHADOWED, drawn=False)
    other = typed(experiment, AGREEING, drawn=False)
    confirmed = typed(experiment, SHADOWED, drawn=True)
    one_sided = typed(experiment, {Arm.CONTROL: "invoice"}, drawn=True)  # the treatment could not be loaded
    outside = shelve(experiment.workspace, "text", type_label="invoice", confidence=0.99)
    assert (question(drawn), question(other)) == ("This document was drawn to compare two models.", "")
    assert question(differing) == "Two models are compared on this document, and they differ."
    Document.objects.filter(pk=confirmed.pk).update(type_source=TypeSource.HUMAN)
    for document in (drawn, differing, other, confirmed, one_sided, outside):
        type_correct(document=document, label="receipt", by=alice)
    noted = {each.document_id: each for each in ExperimentOutcome.objects.all()}
    assert set(noted) == {drawn.pk, differing.pk}
    assert (noted[drawn.pk].control_right, noted[drawn.pk].treatment_right) == (False, False)
    assert (noted[differing.pk].control_right, noted[differing.pk].treatment_right) == (False, True)
    result = result_of(experiment)
    assert (result.judged, result.entered, result.evidence.outcomes) == (2, 1, 1)
    assert (result.control.judged, result.control.right) == (1, 0), "the rate is told of drawn documents alone"
    typed(experiment, SHADOWED, drawn=True)
    again = result_of(experiment)
    assert (again.control.drawn, again.treatment.drawn, again.control.judged) == (2, 2, 1), "one is yet to be judged"


def test_nobody_is_asked_once_enough_is_in_and_the_rest_is_left_out(experiment: Experiment, alice: User) -> None:
    for _ in range(experiment.most_outcomes + 2):
        ExperimentOutcome.objects.create(
            workspace=experiment.workspace,
            experiment=experiment,
            label="receipt",
            arm=Arm.CONTROL,
            control_right=True,
            treatment_right=False,
            is_sampled=False,
        )
    assert question(typed(experiment, SHADOWED, drawn=True)) == ""
    result = result_of(experiment)
    assert (result.entered, result.most, result.is_over) == (experiment.most_outcomes, experiment.most_outcomes, True)
