"""The frame of every page, the sign-in page, and the pages for errors."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from apps.accounts.models import User, Workspace
from apps.core.clock import now
from apps.documents.models import Document, DocumentStatus
from apps.web import errors
from apps.web.context import version

SignIn = Callable[[User], Client]


@pytest.mark.parametrize(("cookie", "shown"), [("dark", "dark"), ("light", "light"), ("", "auto"), ('"><b>', "auto")])
def test_theme_comes_from_the_cookie(client: Client, db: None, cookie: str, shown: str) -> None:
    client.cookies["docintel_theme"] = cookie
    assert f'data-bs-theme="{shown}"' in client.get("/accounts/login/").content.decode()


def test_the_policy_is_strict(client: Client, db: None) -> None:
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


def test_sidebar_shows_the_way_and_what_needs_attention(
    sign_in: SignIn, alice: User, bob: User, workspace: Workspace
) -> None:
    for status in (DocumentStatus.FAILED, DocumentStatus.PARTIAL, DocumentStatus.SUCCEEDED):
        Document.objects.create(workspace=workspace, title="x", status=status, received_at=now())
    page = sign_in(alice).get("/workspace/members/").content.decode()
    assert 'href="/workspace/members/" aria-current="page"' in " ".join(page.split())
    assert 'href="/workspace/settings/"' in page
    assert reverse("admin:index") not in page
    assert '<span class="sidebar-count is-urgent">2</span>' in page
    assert 'href="/documents/upload/"' in page
    seen_by_viewer = sign_in(bob).get("/workspace/members/").content.decode()
    assert 'href="/workspace/settings/"' not in seen_by_viewer
    assert 'href="/documents/upload/"' not in seen_by_viewer
    alice.is_staff = True
    alice.save()
    assert reverse("admin:index") in sign_in(alice).get("/workspace/members/").content.decode()


def test_the_frame_costs_few_queries(
    sign_in: SignIn, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(alice)
    client.get("/profile/")
    with django_assert_max_num_queries(5):
        client.get("/profile/")
    with django_assert_max_num_queries(40) as asked:
        client.get("/workspace/members/")
    own = 'FROM "accounts_membership" INNER JOIN "accounts_workspace"'
    assert sum(own in query["sql"] for query in asked.captured_queries) == 1


def test_demo_login_is_shown_where_there_is_one(client: Client, db: None, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert "sample workspace" not in client.get("/accounts/login/").content.decode()
    hint = {"email": "demo@example.org", "password": "three-random-words"}
    (tmp_path / "demo_login.json").write_text(json.dumps(hint))
    page = client.get("/accounts/login/").content.decode()
    assert "demo@example.org" in page
    assert "three-random-words" in page
    settings.ON_LOOPBACK = False
    page = client.get("/accounts/login/").content.decode()
    assert "three-random-words" not in page


def test_missing_page(client: Client, db: None) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "Nothing here" in response.content.decode()


def test_form_without_token(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
    assert response.status_code == 403
    assert "That form is too old" in response.content.decode()


def test_error_pages_say_nothing_about_the_inside(rf: RequestFactory) -> None:
    request = rf.get("/")
    inside = errors.not_found(request, ValueError("{'path': 'secret/inside'}"))
    assert b"secret/inside" not in inside.content
    own = errors.forbidden(request, PermissionError("Your role in this workspace does not allow that."))
    assert b"Your role in this workspace does not allow that." in own.content
    for response, status in (
        (errors.bad_request(request), 400),
        (own, 403),
        (inside, 404),
        (errors.server_error(request), 500),
    ):
        assert response.status_code == status
        assert str(status).encode() in response.content


def test_server_error_page_reaches_the_browser(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("apps.web.context.version", lambda: 1 / 0)
    response = client.get("/accounts/login/")
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


def test_version_is_the_projects(settings: Settings) -> None:
    assert f'version = "{version()}"' in (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
