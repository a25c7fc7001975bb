"""The dashboard and the page of what needs a person, as a server answers them."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Membership, Role, User, Workspace
from apps.accounts.services import user_create
from apps.classification.models import ModelVersion, Prediction
from apps.documents.models import Document, DocumentStatus, TypeSource
from apps.pipeline.models import LIVE_RUN_STATES, PipelineRun
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.samples import samples_present
from apps.review.models import ReviewTask
from apps.review.services import task_open
from tests.library import shelve

BROKEN = {"code": "corrupt", "message": "The file is damaged.", "step": "read"}


@pytest.fixture
def browse() -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


def asked(workspace: Workspace, title: str = "Odd paper") -> Document:
    document = shelve(workspace, "text", title=title, type_label="invoice", confidence=0.6)
    model, _ = ModelVersion.objects.get_or_create(family="document_type", version="1", artifact_sha256="0" * 64)
    assert document.current_reading is not None
    Prediction.objects.create(
        workspace=workspace,
        reading=document.current_reading,
        model_version=model,
        label="invoice",
        probability=0.6,
        alternatives=[{"label": "receipt", "confidence": 0.3}, {"label": "letter", "confidence": 0.1}],
    )
    task_open(document=document, kind="TYPE", reason="The model is 60 % sure of the type.")
    return document


def broken(workspace: Workspace, title: str = "Bad scan") -> Document:
    return shelve(workspace, title=title, status=DocumentStatus.FAILED, errors=[BROKEN])


@pytest.mark.parametrize("path", ["/", "/dashboard/live/", "/attention/"])
def test_pages_are_for_people_who_are_signed_in(db: None, path: str) -> None:
    assert Client().get(path).headers["Location"].startswith("/accounts/login/")


def test_an_empty_workspace_shows_first_steps(alice: User, bob: User, browse: Callable[[User], Client]) -> None:
    page = browse(alice).get("/").content.decode()
    assert "is empty" in page
    assert "Load sample documents" in page
    assert "Load sample documents" not in browse(bob).get("/").content.decode()


def test_the_dashboard_shows_what_came_in_and_what_needs_a_person(
    alice: User, charlie: User, workspace: Workspace, browse: Callable[[User], Client]
) -> None:
    shelve(workspace, "one", "two", title="Fine paper", type_label="contract")
    broken(workspace)
    asked(workspace)
    page = browse(alice).get("/").content.decode()
    for words in ("Fine paper", "The file is damaged.", "Odd paper", "Is the type right?", "chart-values"):
        assert words in page
    assert "Fine paper" not in browse(charlie).get("/").content.decode()


def test_viewers_see_the_questions_but_cannot_answer(
    bob: User, workspace: Workspace, browse: Callable[[User], Client]
) -> None:
    document = asked(workspace)
    client = browse(bob)
    assert "Odd paper" in client.get("/attention/").content.decode()
    assert "/decide/" not in client.get("/attention/").content.decode()
    assert client.post(f"/attention/{document.pk}/decide/", {"label": "invoice"}).status_code == 403
    assert client.post(f"/attention/{document.pk}/retry/").status_code == 403
    assert client.post("/attention/retry/").status_code == 403
    assert client.post("/dashboard/samples/load/").status_code == 403
    assert client.post("/dashboard/samples/remove/").status_code == 403
    document.refresh_from_db()
    assert document.type_source == TypeSource.MODEL


def test_strangers_reach_nothing(charlie: User, workspace: Workspace, browse: Callable[[User], Client]) -> None:
    document = asked(workspace)
    client = browse(charlie)
    assert client.post(f"/attention/{document.pk}/decide/", {"label": "invoice"}).status_code == 404
    assert client.post(f"/attention/{document.pk}/retry/").status_code == 404
    assert ReviewTask.objects.get().done_at is None


def test_parts_ask_again_only_while_something_runs(
    alice: User, workspace: Workspace, browse: Callable[[User], Client]
) -> None:
    client = browse(alice)
    ingest_upload(workspace_id=workspace.pk, chunks=[b"new"], file_name="new.txt", source="WEB", by=alice)
    assert 'hx-trigger="every 2s"' in client.get("/").content.decode()
    PipelineRun.objects.update(state="SUCCEEDED")
    update = client.get("/dashboard/live/").content.decode()
    assert "hx-trigger" not in update
    assert update.count('hx-swap-oob="true"') == 7


def test_a_yes_is_recorded_and_htmx_gets_the_next_question(
    alice: User, workspace: Workspace, browse: Callable[[User], Client]
) -> None:
    first, _second = asked(workspace, "First"), asked(workspace, "Second")
    client = browse(alice)
    part = client.post(f"/attention/{first.pk}/decide/", {"label": "invoice"}, headers={"HX-Request": "true"})
    assert "Second" in part.content.decode()
    assert "First" not in part.content.decode()
    assert "autofocus" in part.content.decode()
    first.refresh_from_db()
    assert (first.type_label, first.type_source) == ("invoice", TypeSource.HUMAN)


def test_without_script_an_answer_leads_back(
    alice: User, workspace: Workspace, browse: Callable[[User], Client]
) -> None:
    document = asked(workspace)
    client = browse(alice)
    answer = client.post(f"/attention/{document.pk}/decide/", {"label": "receipt"}, follow=True).content.decode()
    assert "Noted" in answer
    assert "No question is open." in answer
    wrong = client.post(f"/attention/{document.pk}/decide/", {"label": "nonsense"}, follow=True).content.decode()
    assert "There is no such type." in wrong


def test_trying_again_starts_runs(alice: User, workspace: Workspace, browse: Callable[[User], Client]) -> None:
    documents = [broken(workspace, f"Bad {number}") for number in range(3)]
    client = browse(alice)
    assert "Bad 0" in client.post(f"/attention/{documents[0].pk}/retry/", follow=True).content.decode()
    assert PipelineRun.objects.filter(state__in=LIVE_RUN_STATES).count() == 1
    assert "Reading 2 documents again." in client.post("/attention/retry/", follow=True).content.decode()
    assert PipelineRun.objects.filter(state__in=LIVE_RUN_STATES).count() == 3
    again = client.post(f"/attention/{documents[0].pk}/retry/", follow=True).content.decode()
    assert "being processed already" in again


def test_many_documents_cost_no_more_queries(
    alice: User,
    workspace: Workspace,
    browse: Callable[[User], Client],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(6):
        asked(workspace, f"Odd {number}")
        broken(workspace, f"Bad {number}")
    client = browse(alice)
    with django_assert_max_num_queries(45):
        client.get("/")
    with django_assert_max_num_queries(30):
        client.get("/attention/")


def test_samples_come_and_go_and_leave_ones_own(workspace: Workspace, browse: Callable[[User], Client]) -> None:
    editor = user_create(email="dora@example.org", password="dora's secret")
    Membership.objects.create(user=editor, workspace=workspace, role=Role.EDITOR)
    client = browse(editor)
    mine = shelve(workspace, "mine", title="My own")
    client.post("/dashboard/samples/load/")
    assert samples_present(workspace_id=workspace.pk)
    assert "Remove sample documents" in client.get("/").content.decode()
    client.post("/dashboard/samples/remove/")
    assert list(Document.objects.filter(workspace=workspace)) == [mine]
    assert "Remove sample documents" not in client.get("/").content.decode()
