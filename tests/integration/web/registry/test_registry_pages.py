"""The pages of model versions: figures, comparing, putting one to use and going back, and who may what."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from apps.accounts.models import Role, User, Workspace
from apps.classification.models import ModelState, ModelVersion, ModelWeights, Refit, RefitCause
from apps.classification.selectors import active_version
from apps.classification.services import shipped_version
from apps.core.models import AuditEvent
from apps.extraction.fields.selectors.refining import ranking_in_use
from apps.extraction.fields.services.refining import ranking_request
from apps.extraction.models import RankingJob, RankingState, RankingVersion
from apps.web.context import version
from apps.web.registry.urls import urlpatterns

ALL = set(Role)
MATRIX: dict[str, tuple[str, str, set[Role]]] = {
    "model_list": ("get", "/models/", ALL),
    "model_compare": ("get", "/models/compare/", ALL),
    "model_detail": ("get", "/models/{version}/", ALL),
    "model_activate": ("post", "/models/{version}/activate/", {Role.OWNER}),
    "ranking_choose": ("post", "/models/rankings/invoice/", {Role.OWNER}),
}


def call(client: Client, name: str, version: ModelVersion) -> int:
    method, path, _ = MATRIX[name]
    return int(getattr(client, method)(path.format(version=version.pk)).status_code)


def test_the_matrix_has_every_address() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


@pytest.mark.parametrize("name", list(MATRIX))
def test_roles(as_role: Callable[[Role], Client], learned: list[ModelVersion], name: str) -> None:
    for role in Role:
        events = AuditEvent.objects.count()
        with transaction.atomic():
            status = call(as_role(role), name, learned[0])
            assert status in ({200, 302} if role in MATRIX[name][2] else {403}), role
            if role not in MATRIX[name][2]:
                assert AuditEvent.objects.count() == events
            transaction.set_rollback(True)


def test_strangers_find_nothing(sign_in: Callable[[User], Client], charlie: User, learned: list[ModelVersion]) -> None:
    for name in ("model_detail", "model_activate"):
        assert call(sign_in(charlie), name, learned[0]) == 404
    for path in ("/models/", "/models/compare/"):
        assert learned[0].version not in sign_in(charlie).get(path).content.decode()
    assert all(call(Client(), name, learned[0]) == 302 for name in MATRIX)


def test_a_version_shows_its_figures(owner: Client, learned: list[ModelVersion]) -> None:
    page = owner.get(f"/models/{learned[1].pk}/").content.decode()
    for words in ("In use", "0.900", "Calibration error", "By type", "Taken for others", "Promised and right", "dddd"):
        assert words in page, words
    assert f"docintel {version()}" in page  # in the footer, the product's
    assert "Macro-F1 of fits to a part of the confirmed documents: 20 documents 50 %, 40 documents 90 %." in page
    assert set(owner.get(f"/models/{learned[1].pk}/").context["chart_data"]) == {"reliability", "learning"}
    shipped = owner.get(f"/models/{shipped_version().pk}/").content.decode()
    assert "Not in use" in shipped
    assert "Accepted at 99 % precision" in shipped
    assert "With few examples" in shipped


def test_comparing(owner: Client, learned: list[ModelVersion]) -> None:
    answer = owner.get(f"/models/compare/?a={learned[0].pk}&b={learned[1].pk}")
    better = {figure.name: figure.better for figure in answer.context["figures"]}
    assert better["Accuracy"] == better["Calibration error"] == "second"
    assert better["Accuracy of the shipped model on the same documents"] == ""
    assert owner.get("/models/compare/?a=nonsense").status_code == 200


def test_going_back_and_to_the_shipped_one(owner: Client, workspace: Workspace, learned: list[ModelVersion]) -> None:
    owner.post(f"/models/{learned[0].pk}/activate/")
    assert active_version(workspace_id=workspace.pk) == learned[0]
    learned[1].refresh_from_db()
    assert learned[1].state == ModelState.RETIRED
    assert Refit.objects.get().cause == RefitCause.ACTIVATION
    owner.post(f"/models/{shipped_version().pk}/activate/")
    assert active_version(workspace_id=workspace.pk) is None
    assert shipped_version().state == ModelState.ACTIVE
    assert AuditEvent.objects.filter(action="model.activate").count() == 2


def test_a_version_without_weights_cannot_be_used(
    owner: Client, workspace: Workspace, learned: list[ModelVersion]
) -> None:
    ModelWeights.objects.filter(version=learned[0]).delete()
    assert "Use this version" not in owner.get(f"/models/{learned[0].pk}/").content.decode()
    answer = owner.post(f"/models/{learned[0].pk}/activate/", follow=True).content.decode()
    assert "were removed after their time" in answer
    assert active_version(workspace_id=workspace.pk) == learned[1]


def test_rankings_are_shown_and_chosen(owner: Client, workspace: Workspace) -> None:
    assert "Fields:" not in owner.get("/models/").content.decode()
    ranking_request(workspace_id=workspace.pk, document_type="receipt")
    figures = {"f1": 0.8, "calibration_error": 0.05}
    RankingVersion.objects.create(
        workspace=workspace,
        document_type="receipt",
        version="learned-0123456789ab",
        base="receipt-fields-1",
        document_count=12,
        value_count=50,
        metrics={"before": figures, "after": {**figures, "f1": 0.871}},
        tensors=b"0",
        state=RankingState.ACTIVE,
    )
    page = owner.get("/models/").content.decode()
    for words in ("Fields: Receipt", "learned-0123456789ab", "0.871", "0.050 → 0.050", "Use alone"):
        assert words in page, words
    assert "Use what is better" not in page
    address = "/models/rankings/receipt/"
    page = owner.post(address, {"version": "shipped"}, follow=True).content.decode()
    assert "Somebody chose what ranks the fields" in page
    assert ranking_in_use(workspace_id=workspace.pk, document_type="receipt") is None
    learned = RankingVersion.objects.get()
    owner.post(address, {"version": str(learned.pk)})
    assert ranking_in_use(workspace_id=workspace.pk, document_type="receipt") == learned
    owner.post(address, {"version": "better"})
    assert not RankingJob.objects.get().is_held
    assert AuditEvent.objects.filter(action="ranking.choose").count() == 3
    of_another_type = ("/models/rankings/invoice/", str(learned.pk))
    for path, choice in ((address, "nonsense"), ("/models/rankings/letter/", "shipped"), of_another_type):
        assert owner.post(path, {"version": choice}).status_code == 404
