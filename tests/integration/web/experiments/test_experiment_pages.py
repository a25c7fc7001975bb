"""The pages of experiments: the plan before anything is stored, the results, what can be done, and who may what."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from apps.accounts.models import Role, User, Workspace
from apps.classification.models import Arm, Experiment, ExperimentState, ModelVersion, Refit
from apps.classification.selectors import active_version
from apps.core.models import AuditEvent
from apps.review.services import type_correct
from apps.web.experiments.urls import urlpatterns
from tests.integration.web.experiments.conftest import judged
from tests.library import shelve

ALL, OWNER = set(Role), {Role.OWNER}
MATRIX: dict[str, tuple[str, str, set[Role]]] = {
    "experiment_list": ("get", "/experiments/", ALL),
    "experiment_new": ("post", "/experiments/new/", OWNER),
    "experiment_detail": ("get", "/experiments/{experiment}/", ALL),
    "experiment_start": ("post", "/experiments/{experiment}/start/", OWNER),
    "experiment_stop": ("post", "/experiments/{experiment}/stop/", OWNER),
    "experiment_promote": ("post", "/experiments/{experiment}/promote/", OWNER),
    "experiment_roll_back": ("post", "/experiments/{experiment}/roll-back/", OWNER),
}
WISH = {
    "name": "Is the older one better?",
    "mode": "SHADOW",
    "difference": "5",
    "expected_rate": "90",
    "differing_share": "10",
    "share": "50",
    "asked_share": "100",
}


def call(client: Client, name: str, experiment: Experiment) -> int:
    method, path, _ = MATRIX[name]
    return int(getattr(client, method)(path.format(experiment=experiment.pk)).status_code)


def test_the_matrix_has_every_address() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


@pytest.mark.parametrize("name", list(MATRIX))
def test_roles(as_role: Callable[[Role], Client], experiment: Experiment, name: str) -> None:
    for role in Role:
        events = AuditEvent.objects.count()
        with transaction.atomic():
            status = call(as_role(role), name, experiment)
            assert status in ({200, 302, 422} if role in MATRIX[name][2] else {403}), role
            if role not in MATRIX[name][2]:
                assert AuditEvent.objects.count() == events
            transaction.set_rollback(True)


def test_strangers_find_nothing(sign_in: Callable[[User], Client], charlie: User, experiment: Experiment) -> None:
    for name in set(MATRIX) - {"experiment_list", "experiment_new"}:
        assert call(sign_in(charlie), name, experiment) == 404
    assert experiment.name not in sign_in(charlie).get("/experiments/").content.decode()
    assert all(call(Client(), name, experiment) == 302 for name in MATRIX)
    assert Experiment.objects.get().state == ExperimentState.RUNNING


def test_the_plan_is_shown_before_anything_is_stored(
    owner: Client, workspace: Workspace, learned: list[ModelVersion]
) -> None:
    link = f"/experiments/new/?treatment={learned[0].pk}"
    assert link in owner.get(f"/models/{learned[0].pk}/").content.decode()
    page = owner.get(link).content.decode()
    assert f'<option value="{learned[0].pk}" selected>' in page
    assert 'value="90"' in page, "what the version in use was measured at"
    wish = {**WISH, "treatment": str(learned[0].pk)}
    shown = owner.post("/experiments/new/", {**wish, "action": "plan"}).content.decode()
    assert "50</td>" in shown
    assert "500</td>" in shown
    assert Experiment.objects.count() == 0
    owner.post("/experiments/new/", {**wish, "action": "create"})
    made = Experiment.objects.get()
    assert (made.state, made.most_outcomes, made.control) == (ExperimentState.PLANNED, 50, learned[1])
    page = owner.get(f"/experiments/{made.pk}/").content.decode()
    for words in ("Not started", "a difference of 5 points with a probability of 80 %", "at an e-value of 20"):
        assert words in " ".join(page.split()), words
    for wrong in ({"differing_share": "2"}, {"name": ""}, {"treatment": str(learned[1].pk)}, {"difference": "x"}):
        assert owner.post("/experiments/new/", {**wish, **wrong, "action": "create"}).status_code == 422
    assert Experiment.objects.count() == 1


def test_results_in_words_and_figures(owner: Client, experiment: Experiment) -> None:
    answer = owner.get(f"/experiments/{experiment.pk}/")
    page = " ".join(answer.content.decode().split())
    result = answer.context["result"]
    assert (result.control.right, result.treatment.right, result.entered) == (10, 11, 26)
    for words in ("Not decided.", "76.9", "84.6", "Promote the treatment", "26 of at most", "nothing is learned"):
        assert words in page, words
    judged(experiment, Arm.TREATMENT, "right " * 60)
    judged(experiment, Arm.CONTROL, "wrong " * 60)
    page = owner.get(f"/experiments/{experiment.pk}/").content.decode()
    assert "The treatment is better." in page
    assert "&lt; 0.001" in page
    assert "The treatment is better" in owner.get("/experiments/").content.decode()


def test_where_a_configured_model_types_it_can_only_be_stopped(
    owner: Client, experiment: Experiment, settings: Any
) -> None:
    settings.TYPE_MODEL = "some/model"
    page = owner.get(f"/experiments/{experiment.pk}/").content.decode()
    assert "The experiment can only be stopped" in page
    assert "Promote the treatment" not in page
    assert "Roll back" not in page
    owner.post(f"/experiments/{experiment.pk}/stop/")
    page = owner.get(f"/experiments/{experiment.pk}/").content.decode()
    assert "The experiment can only be stopped" not in page
    assert "Promote the treatment" not in page


def test_the_list_counts_no_documents_drawn(
    owner: Client, experiment: Experiment, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(40) as asked:
        owner.get("/experiments/")
    assert not any("classification_prediction" in query["sql"] for query in asked.captured_queries)
    assert owner.get(f"/experiments/{experiment.pk}/").context["result"].control.drawn == 13


def test_the_api_tells_the_same(owner: Client, experiment: Experiment, learned: list[ModelVersion]) -> None:
    listed = owner.get("/api/v1/experiments/").json()["results"]
    assert [(each["name"], each["state"], each["mode"]) for each in listed] == [(experiment.name, "running", "live")]
    told = owner.get(f"/api/v1/experiments/{experiment.pk}/").json()
    assert (told["control"], told["treatment"]) == (learned[1].version, learned[0].version)
    result = told["result"]
    assert (result["verdict"], result["entered"], result["treatment"]["right"]) == ("undecided", 26, 11)
    assert result["points"][-1] == {"judged": 26, "e_value": result["e_value"], "p_value": result["p_value"]}
    models = owner.get("/api/v1/models/").json()["results"]
    in_use = {each["version"]: (each["in_use"], each["shipped"]) for each in models}
    assert in_use[learned[1].version] == (True, False)
    assert (False, True) in in_use.values()
    detail = owner.get(f"/api/v1/models/{learned[1].pk}/").json()
    assert detail["metrics"]["accuracy"] == 0.9


def test_learning_waits_and_says_so(owner: Client, alice: User, workspace: Workspace, experiment: Experiment) -> None:
    document = shelve(workspace, "text", type_label="invoice", confidence=0.7)
    type_correct(document=document, label="receipt", by=alice)
    line = owner.get(f"/documents/{document.pk}/learned/").content.decode()
    assert "Learned when the experiment ends" in line
    assert "hx-trigger" not in line, "nobody asks for it again and again"
    receipt = owner.get(f"/api/v1/refits/{Refit.objects.get().pk}/").json()
    assert (receipt["state"], receipt["cause"], receipt["changes"]) == ("ready", "correction", [])
    assert "until <a" in owner.get(f"/learning/{Refit.objects.get().pk}/").content.decode()
    owner.post(f"/experiments/{experiment.pk}/stop/")
    assert "Learning from it" in owner.get(f"/documents/{document.pk}/learned/").content.decode()


def test_promoting_and_going_back(
    owner: Client, workspace: Workspace, experiment: Experiment, learned: list[ModelVersion]
) -> None:
    assert "An experiment is running" in owner.post(f"/models/{learned[0].pk}/activate/", follow=True).content.decode()
    owner.post(f"/experiments/{experiment.pk}/promote/")
    assert active_version(workspace_id=workspace.pk) == learned[0]
    assert "In use" in owner.get(f"/models/{learned[0].pk}/").content.decode()
    owner.post(f"/experiments/{experiment.pk}/roll-back/")
    assert active_version(workspace_id=workspace.pk) == learned[1]
    answer = owner.post(f"/experiments/{experiment.pk}/stop/", follow=True).content.decode()
    assert "This experiment is rolled back." in answer
