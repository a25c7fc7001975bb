"""Experiments led by the API: planned, started, promoted, taken back, and what it answers where it cannot be."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.models import Workspace
from apps.classification.models import Experiment, ExperimentState, ModelVersion, ModelWeights
from apps.classification.selectors import active_version
from apps.classification.services import shipped_version
from apps.core.models import AuditEvent
from tests.integration.web.registry.conftest import learned

__all__ = ["learned"]
pytestmark = pytest.mark.django_db
WISH = {"name": "Is the older one better?", "mode": "shadow", "difference": 0.05, "expected_rate": 0.9}


def test_the_whole_story(api: Callable[..., Any], workspace: Workspace, learned: list[ModelVersion]) -> None:
    older, in_use = learned
    wish = {**WISH, "treatment": str(older.pk)}
    answer = api("POST", "experiments/", wish, Idempotency_Key="once")
    assert answer.status_code == 201
    planned = answer.json()
    assert (planned["state"], planned["most_outcomes"], planned["differing_share"]) == ("planned", 50, 0.1)
    assert (planned["control"], planned["treatment"]) == (in_use.version, older.version)
    assert (planned["result"]["verdict"], planned["started_at"]) == ("undecided", None)
    again = api("POST", "experiments/", wish, Idempotency_Key="once")
    assert (again.json()["id"], again.headers["Idempotency-Replayed"]) == (planned["id"], "true")
    reused = api("POST", "experiments/", {**wish, "difference": 0.06}, Idempotency_Key="once")
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    address = f"experiments/{planned['id']}/"

    def move(state: str, at: str = address) -> tuple[int, str]:
        answer = api("PATCH", at, {"state": state})
        return answer.status_code, answer.json().get("state") or answer.json()["code"]

    assert move("promoted") == (409, "experiment_state")
    assert move("running") == move("running") == (200, "running")
    other = api("POST", "experiments/", {**wish, "treatment": str(shipped_version().pk)}).json()
    assert move("running", f"experiments/{other['id']}/") == (409, "experiment_running")
    events = AuditEvent.objects.filter(object_kind="experiment").count()
    assert move("promoted") == (200, "promoted")
    assert active_version(workspace_id=workspace.pk) == older
    assert move("rolled_back") == move("rolled_back") == (200, "rolled_back")
    assert active_version(workspace_id=workspace.pk) == in_use
    assert AuditEvent.objects.filter(object_kind="experiment").count() == events + 2
    ModelWeights.objects.filter(version=older).delete()
    assert move("stopped", f"experiments/{other['id']}/") == (200, "stopped")
    assert {each["state"] for each in api("GET", "experiments/").json()["results"]} == {"rolled_back", "stopped"}


def test_what_cannot_be_planned_or_led(api: Callable[..., Any], learned: list[ModelVersion], settings: Any) -> None:
    wish = {**WISH, "treatment": str(learned[0].pk)}
    for wrong, code in (
        ({"difference": 0.2}, "invalid_plan"),  # more than the share on which they differ
        ({"treatment": str(learned[1].pk)}, "invalid_plan"),  # in use
        ({"mode": "live", "share": 0.01}, "invalid_plan"),
        ({"mode": "live", "difference": "nan"}, "invalid"),
        ({"mode": "loud"}, "invalid"),
        ({"difference": "x"}, "invalid"),
    ):
        answer = api("POST", "experiments/", wish | wrong)
        assert (answer.status_code, answer.json()["code"]) == (400, code), wrong
    unknown = api("POST", "experiments/", wish | {"treatment": str(Workspace.objects.get().pk)})
    assert unknown.status_code == 404
    assert Experiment.objects.count() == 0
    address = f"experiments/{api('POST', 'experiments/', wish).json()['id']}/"
    assert api("PATCH", address, {"state": "planned"}).status_code == 400
    settings.TYPE_MODEL = "some/model"
    answer = api("PATCH", address, {"state": "running"})
    assert (answer.status_code, answer.json()["code"]) == (409, "type_model_configured")
    assert api("POST", "experiments/", wish).status_code == 400
    assert Experiment.objects.get().state == ExperimentState.PLANNED
