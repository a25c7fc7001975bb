"""Members: who sees them, who changes them, and that an owner always remains."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import ApiToken, Membership, Role, User, Workspace
from apps.accounts.services import token_create

SignIn = Callable[[User], Client]


def membership(user: User, workspace: Workspace) -> Membership:
    return Membership.objects.get(user=user, workspace=workspace)


def test_everybody_sees_the_members_but_only_owners_the_forms(
    sign_in: SignIn, alice: User, bob: User, charlie: User
) -> None:
    seen = sign_in(bob).get("/workspace/members/").content.decode()
    assert "alice@example.org" in seen
    assert "charlie@example.org" not in seen
    assert "Invite somebody" not in seen
    assert "Invite somebody" in sign_in(alice).get("/workspace/members/").content.decode()


def test_owner_changes_a_role(sign_in: SignIn, alice: User, bob: User, workspace: Workspace) -> None:
    path = f"/workspace/members/{membership(bob, workspace).pk}/role/"
    assert sign_in(alice).post(path, {"role": "EDITOR"}).status_code == 302
    assert membership(bob, workspace).role == Role.EDITOR


@pytest.mark.parametrize("role", ["", "KING"])
def test_unknown_roles_change_nothing(sign_in: SignIn, alice: User, bob: User, workspace: Workspace, role: str) -> None:
    sign_in(alice).post(f"/workspace/members/{membership(bob, workspace).pk}/role/", {"role": role})
    assert membership(bob, workspace).role == Role.VIEWER


def test_viewer_changes_nobody(sign_in: SignIn, alice: User, bob: User, workspace: Workspace) -> None:
    client = sign_in(bob)
    own, other = membership(bob, workspace).pk, membership(alice, workspace).pk
    assert client.post(f"/workspace/members/{own}/role/", {"role": "OWNER"}).status_code == 403
    assert client.post(f"/workspace/members/{other}/remove/").status_code == 403
    assert membership(bob, workspace).role == Role.VIEWER
    assert membership(alice, workspace).role == Role.OWNER


def test_other_workspaces_members_do_not_exist(sign_in: SignIn, alice: User, charlie: User) -> None:
    strange = Membership.objects.get(user=charlie)
    client = sign_in(alice)
    assert client.post(f"/workspace/members/{strange.pk}/role/", {"role": "VIEWER"}).status_code == 404
    assert client.post(f"/workspace/members/{strange.pk}/remove/").status_code == 404
    strange.refresh_from_db()
    assert strange.role == Role.OWNER


def test_the_last_owner_stays(sign_in: SignIn, alice: User, workspace: Workspace) -> None:
    client = sign_in(alice)
    own = membership(alice, workspace).pk
    for path, data in (
        (f"/workspace/members/{own}/role/", {"role": "VIEWER"}),
        (f"/workspace/members/{own}/remove/", {}),
    ):
        page = client.post(path, data, follow=True).content.decode()
        assert "A workspace needs at least one owner." in page
    assert membership(alice, workspace).role == Role.OWNER


def test_removed_members_lose_access_and_tokens(sign_in: SignIn, alice: User, bob: User, workspace: Workspace) -> None:
    token_create(workspace=workspace, user=bob, name="scanner", scopes=["read"])
    assert sign_in(alice).post(f"/workspace/members/{membership(bob, workspace).pk}/remove/").status_code == 302
    assert not Membership.objects.filter(user=bob, workspace=workspace).exists()
    assert not ApiToken.objects.filter(user=bob).exists()


def test_a_member_may_leave(sign_in: SignIn, bob: User, workspace: Workspace) -> None:
    sign_in(bob).post(f"/workspace/members/{membership(bob, workspace).pk}/remove/")
    assert not Membership.objects.filter(user=bob).exists()


def test_reading_changes_nothing(sign_in: SignIn, alice: User, bob: User, workspace: Workspace) -> None:
    client = sign_in(alice)
    for action in ("role", "remove"):
        assert client.get(f"/workspace/members/{membership(bob, workspace).pk}/{action}/").status_code == 405
