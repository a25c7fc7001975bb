"""Invitations: sent, shown, accepted, revoked; and sign-up that needs one."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from apps.accounts.models import Invitation, Membership, Role, User, Workspace
from apps.accounts.services import invitation_create
from apps.core.clock import now

SignIn = Callable[[User], Client]
SIGN_UP = {"password1": "quiet-river-88", "password2": "quiet-river-88", "name": ""}


@pytest.fixture
def secret(alice: User, workspace: Workspace) -> str:
    """Give the secret of an invitation of dora@example.org."""
    return invitation_create(workspace=workspace, email="dora@example.org", role=Role.EDITOR, by=alice)[1]


def test_owner_invites_by_email(
    sign_in: SignIn, alice: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        page = sign_in(alice).post("/workspace/invitations/", {"email": "Dora@Example.org", "role": "REVIEWER"})
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("dora@example.org", Role.REVIEWER)
    (message,) = mail.outbox
    assert message.to == ["dora@example.org"]
    link = re.search(r"http://testserver/invitations/[\w-]+/", str(message.body))
    assert link is not None
    assert link[0] in page.content.decode()
    assert Client().get(link[0]).status_code == 200


@pytest.mark.parametrize(
    ("email", "words"),
    [("not an address", "Enter a valid email address."), ("alice@example.org", "is a member already")],
)
def test_what_cannot_be_invited_says_why(sign_in: SignIn, alice: User, email: str, words: str) -> None:
    response = sign_in(alice).post("/workspace/invitations/", {"email": email, "role": "VIEWER"})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Invitation.objects.exists()


def test_viewer_may_neither_invite_nor_revoke(sign_in: SignIn, bob: User, secret: str) -> None:
    client = sign_in(bob)
    assert client.post("/workspace/invitations/", {"email": "eve@example.org", "role": "OWNER"}).status_code == 403
    assert client.post(f"/workspace/invitations/{Invitation.objects.get().pk}/revoke/").status_code == 403
    assert Invitation.objects.count() == 1
    assert "dora@example.org" not in client.get("/workspace/members/").content.decode()


def test_owner_revokes(sign_in: SignIn, alice: User, charlie: User, secret: str) -> None:
    path = f"/workspace/invitations/{Invitation.objects.get().pk}/revoke/"
    assert sign_in(charlie).post(path).status_code == 404
    assert sign_in(alice).post(path).status_code == 302
    assert not Invitation.objects.exists()
    assert Client().get(f"/invitations/{secret}/").status_code == 404


def test_expired_and_made_up_links_are_gone(client: Client, secret: str) -> None:
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    for each in (secret, "made-up"):
        response = client.get(f"/invitations/{each}/")
        assert response.status_code == 404
        assert "no longer valid" in response.content.decode()


def test_looking_at_an_invitation_accepts_nothing(
    sign_in: SignIn, alice: User, bob: User, workspace: Workspace
) -> None:
    Membership.objects.filter(user=bob).delete()
    _, secret = invitation_create(workspace=workspace, email=bob.email, role=Role.EDITOR, by=alice)
    client = sign_in(bob)
    client.get(f"/invitations/{secret}/")
    assert not Membership.objects.filter(user=bob).exists()
    assert client.post(f"/invitations/{secret}/").status_code == 302
    assert Membership.objects.get(user=bob).role == Role.EDITOR
    assert client.get(f"/invitations/{secret}/").status_code == 404


def test_an_invitation_is_for_its_own_address(
    sign_in: SignIn, charlie: User, workspace: Workspace, secret: str
) -> None:
    page = sign_in(charlie).post(f"/invitations/{secret}/", follow=True).content.decode()
    assert "This invitation was sent to dora@example.org." in page
    assert not Membership.objects.filter(user=charlie, workspace=workspace).exists()


def test_sign_up_joins_the_inviting_workspace(client: Client, workspace: Workspace, secret: str) -> None:
    page = client.get(f"/invitations/{secret}/").content.decode()
    assert 'href="/accounts/signup/?email=dora%40example.org"' in page
    assert client.post("/accounts/signup/", {**SIGN_UP, "email": "dora@example.org"}).status_code == 302
    membership = Membership.objects.get(user__email="dora@example.org")
    assert (membership.workspace, membership.role) == (workspace, Role.EDITOR)
    assert not EmailAddress.objects.get(user=membership.user).verified


def test_sign_up_alone_makes_a_workspace(client: Client, db: None) -> None:
    client.post("/accounts/signup/", {**SIGN_UP, "email": "eve@example.org", "name": "Eve"})
    membership = Membership.objects.get(user__email="eve@example.org")
    assert (membership.workspace.name, membership.role) == ("Eve's workspace", Role.OWNER)
    assert membership.user.name == "Eve"


def test_by_invitation_nobody_else_gets_in(
    client: Client, settings: Settings, workspace: Workspace, secret: str
) -> None:
    settings.SIGNUP = "invitation"
    assert "Sign-up is by invitation" in client.get("/accounts/signup/").content.decode()
    assert "Create an account" not in client.get("/accounts/login/").content.decode()
    client.post("/accounts/signup/", {**SIGN_UP, "email": "eve@example.org"})
    client.get(f"/invitations/{secret}/")
    page = client.post("/accounts/signup/", {**SIGN_UP, "email": "eve@example.org"}).content.decode()
    assert "Your invitation was sent to dora@example.org" in page
    assert not User.objects.filter(email="eve@example.org").exists()
    client.post("/accounts/signup/", {**SIGN_UP, "email": "dora@example.org"})
    assert Membership.objects.get(user__email="dora@example.org").workspace == workspace
