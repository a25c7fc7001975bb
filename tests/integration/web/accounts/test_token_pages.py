"""API tokens: made once, shown once, revoked."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.models import ApiToken, User, Workspace
from apps.accounts.selectors import token_by_secret
from apps.accounts.services import token_create
from apps.core.clock import now

SignIn = Callable[[User], Client]


def test_the_secret_is_shown_once(sign_in: SignIn, bob: User, workspace: Workspace) -> None:
    client = sign_in(bob)
    page = client.post("/workspace/tokens/", {"name": "scanner", "scopes": ["read", "write"], "expires_in": "30"})
    found = re.search(r'id="token-secret"\s+value="(dit_[\w-]+)"', page.content.decode())
    assert found is not None
    assert "no-store" in page["Cache-Control"]
    token = token_by_secret(secret=found[1], at=now())
    assert token is not None
    assert (token.user, token.workspace, token.scopes) == (bob, workspace, ["read", "write"])
    assert token.expires_at is not None
    assert abs(token.expires_at - now() - timedelta(days=30)) < timedelta(minutes=1)
    again = client.get("/workspace/tokens/").content.decode()
    assert "scanner" in again
    assert found[1] not in again


def test_a_token_may_live_for_ever(sign_in: SignIn, alice: User) -> None:
    sign_in(alice).post("/workspace/tokens/", {"name": "scanner", "scopes": ["read"], "expires_in": "never"})
    assert ApiToken.objects.get().expires_at is None


@pytest.mark.parametrize(
    "data",
    [
        {"name": "", "scopes": ["read"], "expires_in": "30"},
        {"name": "x", "scopes": [], "expires_in": "30"},
        {"name": "x", "scopes": ["everything"], "expires_in": "30"},
        {"name": "x", "scopes": ["read"], "expires_in": "31"},
        {"name": "x", "scopes": ["read"]},
    ],
)
def test_incomplete_forms_make_no_token(sign_in: SignIn, alice: User, data: dict[str, object]) -> None:
    response = sign_in(alice).post("/workspace/tokens/", data)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode() or "errorlist" in response.content.decode()
    assert not ApiToken.objects.exists()


def test_owners_see_and_revoke_all_others_only_their_own(
    sign_in: SignIn, alice: User, bob: User, charlie: User, workspace: Workspace
) -> None:
    hers, _ = token_create(workspace=workspace, user=alice, name="alice's key", scopes=["read"])
    his, _ = token_create(workspace=workspace, user=bob, name="bob's key", scopes=["read"])
    seen = sign_in(bob).get("/workspace/tokens/").content.decode()
    assert "bob&#x27;s key" in seen
    assert "alice&#x27;s key" not in seen
    assert sign_in(bob).post(f"/workspace/tokens/{hers.pk}/revoke/").status_code == 404
    assert sign_in(charlie).post(f"/workspace/tokens/{his.pk}/revoke/").status_code == 404
    assert ApiToken.objects.count() == 2
    assert sign_in(alice).post(f"/workspace/tokens/{his.pk}/revoke/").status_code == 302
    assert list(ApiToken.objects.all()) == [hers]
