"""Clients of every role, and an experiment that runs with outcomes as people leave them."""

import pytest

from apps.accounts.models import User, Workspace
from apps.classification.experiments.planning import ExperimentDraft
from apps.classification.experiments.services import experiment_create, experiment_start
from apps.classification.models import Arm, Experiment, ExperimentMode, ExperimentOutcome, ModelVersion
from tests.integration.web.documents.conftest import as_role, own_places, owner, sign_in
from tests.integration.web.registry.conftest import learned

__all__ = ["as_role", "learned", "own_places", "owner", "sign_in"]


@pytest.fixture
def experiment(workspace: Workspace, alice: User, learned: list[ModelVersion]) -> Experiment:
    """Give the version in use against an older one, live, with 26 judged documents: too few for a verdict."""
    draft = ExperimentDraft(
        name="Was the older one better?",
        treatment=learned[0],
        mode=ExperimentMode.LIVE,
        expected_rate=0.7,
        difference=0.2,
    )
    made = experiment_create(workspace_id=workspace.pk, draft=draft, by=alice)
    experiment_start(experiment=made, by=alice)
    judged(made, Arm.CONTROL, "right right wrong right right right wrong right right wrong right right right")
    judged(made, Arm.TREATMENT, "right right right wrong right right right right right right right wrong right")
    return Experiment.objects.select_related("control", "treatment").get(pk=made.pk)


def judged(experiment: Experiment, arm: Arm, words: str) -> None:
    """Note outcomes of an arm."""
    rows = [word == "right" for word in words.split()]
    ExperimentOutcome.objects.bulk_create(
        ExperimentOutcome(
            workspace_id=experiment.workspace_id,
            experiment=experiment,
            label="invoice",
            arm=arm,
            control_right=right if arm == Arm.CONTROL else None,
            treatment_right=right if arm == Arm.TREATMENT else None,
            is_sampled=True,
        )
        for right in rows
    )
