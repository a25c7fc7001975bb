"""A configured checkpoint says what documents are in place of the head."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import Workspace
from apps.classification.experiments.planning import ExperimentDraft, InvalidPlanError
from apps.classification.experiments.services import experiment_create
from apps.classification.models import ExperimentMode, Label, Prediction, Refit, RefitState
from apps.classification.selectors import versions_seen
from apps.classification.services import LabelDraft, label_create, shipped_version, version_activate
from apps.classification.services.versions import version_in_use
from apps.core.errors import ConflictError
from apps.documents.models import Document, Source
from apps.pipeline.encoder.configured import configured_model
from apps.pipeline.encoder.tasks import work_encoder
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.sweeper import sweep
from apps.pipeline.tasks import work_reading
from apps.review.models import ReviewTask
from apps.review.services import type_correct
from tests.unit.classification.tiny import write_checkpoint

pytestmark = pytest.mark.django_db
TEXTS = ["Rain and clouds in the forecast, with a storm at sea.", "Butter, flour and sugar: stir and bake."]


def process(workspace: Workspace) -> list[Document]:
    for number, text in enumerate(TEXTS):
        ingest_upload(workspace_id=workspace.pk, chunks=[text.encode()], file_name=f"{number}.txt", source=Source.API)
    while work_reading() or work_encoder():
        pass
    sweep()
    return list(Document.objects.order_by("file_name"))


def test_a_checkpoint_types_documents(workspace: Workspace, settings: Settings, tmp_path: Path) -> None:
    settings.TYPE_MODEL = str(write_checkpoint(tmp_path / "tiny-types", ["Invoice", "Delivery note", "Ship's log"]))
    alice = workspace.memberships.get().user
    assert version_in_use(workspace_id=workspace.pk) == shipped_version()  # nothing was typed yet
    first, second = process(workspace)
    prediction = Prediction.objects.get(reading=first.current_reading_id)
    version = prediction.model_version
    assert version.version.startswith("tiny-types@")
    assert version == version_in_use(workspace_id=workspace.pk)
    assert set(versions_seen(workspace_id=workspace.pk)) == {version, shipped_version()}
    said = {prediction.label, *(each["label"] for each in prediction.alternatives)}
    assert said == {"invoice", "delivery_note", "ship_s_log"}
    assert {prediction.label, prediction.probability, first.type_confidence} == {first.type_label, None}
    assert (prediction.flags, prediction.explanation, first.type_certificate_id) == (["unfitted"], {}, None)
    assert set(Label.objects.values_list("slug", flat=True)) == {"delivery_note", "ship_s_log"}
    assert "does not say how sure" in ReviewTask.objects.get(document=first, done_at=None).reason

    type_correct(document=first, label="ship_s_log", by=alice)
    assert work_encoder() == 0
    refit = Refit.objects.get()
    assert (refit.state, refit.example_count, refit.rescored_count) == (RefitState.SUCCEEDED, 1, 0)
    assert Prediction.objects.filter(reading=second.current_reading_id).count() == 1
    assert version_in_use(workspace_id=workspace.pk) == version
    with pytest.raises(ConflictError, match="DOCINTEL_TYPE_MODEL"):
        version_activate(workspace_id=workspace.pk, version=refit.model_version, by=alice)
    assert refit.model_version is not None
    draft = ExperimentDraft("one", refit.model_version, ExperimentMode.SHADOW, expected_rate=0.9, difference=0.05)
    with pytest.raises(InvalidPlanError, match="DOCINTEL_TYPE_MODEL"):
        experiment_create(workspace_id=workspace.pk, draft=draft, by=alice)

    client = Client()
    client.force_login(alice)
    models = [f"models/{each.pk}" for each in (version, refit.model_version)]
    for page in ("models", "experiments", "learning", f"learning/{refit.pk}", "types", *models):
        content = client.get(f"/{page}/").content.decode()
        assert "A configured model types all documents" in content
        assert "Use this version" not in content
    assert client.get(f"/models/compare/?a={version.pk}&b={refit.model_version.pk}").status_code == 200
    assert client.get(f"/documents/{second.pk}/").status_code == 200
    assert "does not say how sure it is" in client.get(f"/documents/{second.pk}/type/").content.decode()


def test_a_zero_shot_model_chooses_among_the_types_there_are_now(
    workspace: Workspace, settings: Settings, tmp_path: Path
) -> None:
    settings.TYPE_MODEL = str(write_checkpoint(tmp_path / "tiny-nli", ["contradiction", "entailment"]))
    alice = workspace.memberships.get().user
    label_create(workspace_id=workspace.pk, draft=LabelDraft("Ship's log", "A diary kept on a ship."), by=alice)
    model = configured_model(workspace.pk)
    assert model is not None
    assert (model.types[-1].slug, model.types[-1].description) == ("ship_s_log", "A diary kept on a ship.")
    first, _ = process(workspace)
    prediction = Prediction.objects.get(reading=first.current_reading_id)
    assert prediction.label in {each.slug for each in model.types}
    assert (prediction.model_version, prediction.flags) == (model.version, ["by_description"])
    assert prediction.probability is None
