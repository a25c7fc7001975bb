"""Leading an experiment: planning, starting, stopping, promoting the treatment, going back to the control.

While one runs both versions stay as they are: what people say is learned when it has ended.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.classification.experiments.planning import ALPHA, POWER, ExperimentDraft, InvalidPlanError, plan_of
from apps.classification.experiments.selectors import experiment_running
from apps.classification.models import (
    Experiment,
    ExperimentMode,
    ExperimentState,
    ModelVersion,
)
from apps.classification.selectors import FAMILY, active_version
from apps.classification.services.refits import QUEUE, refits_running
from apps.classification.services.versions import (
    CONFIGURED,
    shipped_version,
    version_activate,
    version_is_usable,
    versions_lock,
)
from apps.core import audit
from apps.core.clock import now
from apps.core.doorbell import ring_on_commit
from apps.core.errors import ConflictError
from apps.core.generations import bump_on_commit

LONGEST_NAME: Final = 80


@transaction.atomic
def experiment_create(*, workspace_id: UUID, draft: ExperimentDraft, by: User) -> Experiment:
    """Store an experiment of the version in use against another one, with its plan and its rule; it does not start yet.

    Raises InvalidPlanError.
    """
    control = active_version(workspace_id=workspace_id) or shipped_version()
    if settings.TYPE_MODEL:
        raise InvalidPlanError(CONFIGURED)
    name, plan = " ".join(draft.name.split()), plan_of(draft)
    if not name or len(name) > LONGEST_NAME:
        raise InvalidPlanError(f"An experiment needs a name of at most {LONGEST_NAME} characters.")
    if draft.treatment == control:
        raise InvalidPlanError("This version is in use already: compare it with another one.")
    if not version_is_usable(draft.treatment):
        raise InvalidPlanError("The weights of this version were removed after their time.")
    if plan.outcomes is None:
        raise InvalidPlanError("So small a difference needs more documents than one can wait for.")
    is_live = draft.mode == ExperimentMode.LIVE
    experiment = Experiment.objects.create(
        workspace_id=workspace_id,
        family=FAMILY,
        name=name,
        control=control,
        treatment=draft.treatment,
        mode=draft.mode,
        share=draft.share if is_live else None,
        asked_share=draft.asked_share,
        salt=uuid4().hex,
        alpha=ALPHA,
        power=POWER,
        expected_rate=draft.expected_rate,
        difference=draft.difference,
        differing_share=None if is_live else draft.differing_share,
        most_outcomes=plan.outcomes,
        by_label=str(by),
    )
    _record("experiment.plan", experiment, by)
    return experiment


@transaction.atomic
def experiment_start(*, experiment: Experiment, by: User) -> None:
    """Let a workspace's documents take part from now on; raises ConflictError where it cannot be."""
    experiment = _locked(experiment, {ExperimentState.PLANNED})
    workspace_id = experiment.workspace_id
    if settings.TYPE_MODEL:
        raise ConflictError(CONFIGURED, code="type_model_configured")
    if experiment_running(workspace_id=workspace_id) is not None:
        raise ConflictError("Another experiment is running in this workspace.", code="experiment_running")
    if (active_version(workspace_id=workspace_id) or shipped_version()) != experiment.control:
        raise ConflictError("Another version is in use since this was planned: plan it anew.", code="control_changed")
    if not version_is_usable(experiment.treatment):
        raise ConflictError("The weights of the treatment were removed after their time.", code="weights_removed")
    if refits_running(workspace_id=workspace_id):
        raise ConflictError("Something is being learned just now: try again in a moment.", code="learning")
    experiment.started_at = now()
    _move(experiment, ExperimentState.RUNNING, by)


@transaction.atomic
def experiment_stop(*, experiment: Experiment, by: User) -> None:
    """End an experiment with the control in use, or drop one that was planned; raises ConflictError."""
    experiment = _locked(experiment, {ExperimentState.PLANNED, ExperimentState.RUNNING})
    _move(experiment, ExperimentState.STOPPED, by)


@transaction.atomic
def experiment_promote(*, experiment: Experiment, by: User) -> None:
    """Put the treatment to use and type by it what nobody confirmed; raises ConflictError."""
    experiment = _locked(experiment, {ExperimentState.RUNNING, ExperimentState.STOPPED})
    if experiment.started_at is None:
        raise ConflictError("This experiment was never started.", code="never_started")
    _move(experiment, ExperimentState.PROMOTED, by)
    _put_to_use(experiment, experiment.treatment, by)


@transaction.atomic
def experiment_roll_back(*, experiment: Experiment, by: User) -> None:
    """Put the control to use, and type by it once more what the treatment typed and nobody confirmed.

    Raises ConflictError.
    """
    experiment = _locked(experiment, {ExperimentState.RUNNING, ExperimentState.PROMOTED})
    _move(experiment, ExperimentState.ROLLED_BACK, by)
    _put_to_use(experiment, experiment.control, by)


def _locked(experiment: Experiment, states: Collection[ExperimentState]) -> Experiment:
    """Lock first the versions, as all who activate one, then the experiment."""
    versions_lock(workspace_id=experiment.workspace_id)
    locked = Experiment.objects.select_for_update(of=("self",)).select_related("control", "treatment")
    found = locked.get(pk=experiment.pk)
    if found.state not in states:
        raise ConflictError(f"This experiment is {found.get_state_display().lower()}.", code="experiment_state")
    return found


def _move(experiment: Experiment, state: ExperimentState, by: User) -> None:
    experiment.state = state
    experiment.ended_at = None if state == ExperimentState.RUNNING else now()
    experiment.save(update_fields=["state", "started_at", "ended_at"])
    ring_on_commit(QUEUE)  # what waits to be learned may have its turn now
    _record(f"experiment.{state.lower()}", experiment, by)


def _put_to_use(experiment: Experiment, version: ModelVersion, by: User) -> None:
    # As with any choice, what was said meanwhile is learned with the next word of a person.
    own = version if version.workspace_id else None
    version_activate(workspace_id=experiment.workspace_id, version=own, by=by)


def _record(action: str, experiment: Experiment, by: User) -> None:
    bump_on_commit(experiment.workspace_id)
    audit.record(
        action=action,
        object_kind="experiment",
        object_id=experiment.pk,
        workspace_id=experiment.workspace_id,
        actor=by,
        data={
            "name": experiment.name,
            "control": experiment.control.version,
            "treatment": experiment.treatment.version,
        },
    )
