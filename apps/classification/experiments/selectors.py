"""Reading experiments: which one runs, what a document is in it, about which documents people are asked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from apps.classification.engine import experiments as engine
from apps.classification.engine.hashing import is_chosen
from apps.classification.models import (
    Arm,
    Experiment,
    ExperimentMode,
    ExperimentOutcome,
    ExperimentState,
    ModelVersion,
    Prediction,
)
from apps.classification.selectors import FAMILY
from apps.core.errors import NotFoundError


@dataclass(frozen=True)
class Place:
    """Where a prediction belongs in an experiment; `is_shadow` is of one that is compared and not shown."""

    experiment_id: UUID
    arm: Arm
    is_shadow: bool = False


def experiments_in(*, workspace_id: UUID) -> QuerySet[Experiment]:
    """Return a workspace's experiments with their versions, newest first."""
    found = Experiment.objects.filter(workspace_id=workspace_id, family=FAMILY)
    return found.select_related("control", "treatment").order_by("-id")


def experiment_get(*, workspace_id: UUID, experiment_id: UUID) -> Experiment:
    """Return one experiment; raises NotFoundError."""
    experiment = experiments_in(workspace_id=workspace_id).filter(pk=experiment_id).first()
    if experiment is None:
        raise NotFoundError("There is no such experiment.")
    return experiment


def experiment_running(*, workspace_id: UUID) -> Experiment | None:
    """Return the experiment that a workspace's documents take part in now."""
    return experiments_in(workspace_id=workspace_id).filter(state=ExperimentState.RUNNING).first()


def voices(*, experiment: Experiment, document_id: UUID) -> list[tuple[ModelVersion, Place]]:
    """Return the versions that type a document, the one that counts first.

    It depends on the document's id alone, so that a step tried again and a re-run come to the same arm.
    """
    control = (experiment.control, Place(experiment.pk, Arm.CONTROL))
    if experiment.mode == ExperimentMode.SHADOW or experiment.share is None:
        return [control, (experiment.treatment, Place(experiment.pk, Arm.TREATMENT, is_shadow=True))]
    arm = engine.assigned(str(document_id), salt=experiment.salt, share=experiment.share)
    if arm is engine.Arm.CONTROL:
        return [control]
    return [(experiment.treatment, Place(experiment.pk, Arm.TREATMENT))]


def typed_by_treatment(*, workspace_id: UUID, document_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the documents whose types a live experiment now lets its treatment say."""
    experiment = experiment_running(workspace_id=workspace_id)
    if experiment is None:
        return set()
    return {pk for pk in document_ids if voices(experiment=experiment, document_id=pk)[0][1].arm == Arm.TREATMENT}


def is_sampled(*, experiment: Experiment, document_id: UUID) -> bool:
    """Tell whether people are asked about a document whatever the models say of it.

    Only then may it count for how often an arm is right: those that people are asked about because a model is unsure
    are not like the others.
    """
    return is_chosen(str(document_id), salt=f"asked:{experiment.salt}", share=experiment.asked_share)


def differ(said: Collection[Prediction]) -> bool:
    """Tell whether two versions gave one document different types."""
    return len({prediction.label for prediction in said}) > 1


def entered_count(*, experiment: Experiment) -> int:
    """Count the outcomes that enter the test: in the shadow the documents on which just one version was right."""
    outcomes = ExperimentOutcome.objects.filter(experiment=experiment)
    if experiment.mode == ExperimentMode.SHADOW:
        return outcomes.exclude(control_right=F("treatment_right")).count()
    return outcomes.count()


def question_of(*, document_id: UUID, reading_id: UUID) -> str:
    """Tell why an experiment asks a person about a document just typed; "" where it does not, or has enough."""
    found = Prediction.objects.filter(reading_id=reading_id, experiment__state=ExperimentState.RUNNING)
    said = list(found.select_related("experiment"))
    experiment = said[0].experiment if said else None
    if experiment is None or entered_count(experiment=experiment) >= experiment.most_outcomes:
        return ""
    if differ(said):
        return "Two models are compared on this document, and they differ."
    if is_sampled(experiment=experiment, document_id=document_id):
        return "This document was drawn to compare two models."
    return ""
