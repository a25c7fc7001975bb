"""Roles, the last owner, invitations and tokens."""

from datetime import timedelta

import pytest

from apps.accounts.models import ApiToken, Invitation, Membership, Role, User, Workspace
from apps.accounts.policy import Action, can, require
from apps.accounts.selectors import open_invitation, token_by_secret
from apps.accounts.services import (
    invitation_accept,
    invitation_create,
    member_remove,
    member_set_role,
    token_create,
    user_create,
)
from apps.core.clock import now
from apps.core.errors import ConflictError, ForbiddenError, NotFoundError, UserError

pytestmark = pytest.mark.django_db

MATRIX = {
    Role.OWNER: set(Action),
    Role.EDITOR: {Action.VIEW, Action.REVIEW, Action.EDIT, Action.DELETE},
    Role.REVIEWER: {Action.VIEW, Action.REVIEW},
    Role.VIEWER: {Action.VIEW},
}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_roles(workspace: Workspace, bob: User, role: Role, action: Action) -> None:
    Membership.objects.filter(user=bob).update(role=role)
    assert can(user=bob, action=action, workspace=workspace) == (action in MATRIX[role])


def test_strangers_learn_nothing_and_members_learn_why(workspace: Workspace, bob: User, charlie: User) -> None:
    with pytest.raises(NotFoundError):
        require(user=charlie, action=Action.VIEW, workspace=workspace)
    with pytest.raises(ForbiddenError):
        require(user=bob, action=Action.EDIT, workspace=workspace)


def test_a_disabled_account_may_nothing(workspace: Workspace, alice: User) -> None:
    alice.is_active = False
    alice.save()
    assert not can(user=alice, action=Action.VIEW, workspace=workspace)


def test_the_last_owner_stays(workspace: Workspace, alice: User, bob: User) -> None:
    membership = Membership.objects.get(user=alice, workspace=workspace)
    with pytest.raises(ConflictError, match="owner"):
        member_set_role(membership=membership, role=Role.EDITOR, by=alice)
    with pytest.raises(ConflictError, match="owner"):
        member_remove(membership=membership, by=alice)
    member_set_role(membership=Membership.objects.get(user=bob), role=Role.OWNER, by=alice)
    member_remove(membership=membership, by=bob)
    assert not can(user=alice, action=Action.VIEW, workspace=workspace)


def test_removing_a_member_ends_their_tokens(workspace: Workspace, alice: User, bob: User) -> None:
    _, secret = token_create(workspace=workspace, user=bob, name="script", scopes=["read"])
    member_remove(membership=Membership.objects.get(user=bob), by=alice)
    assert token_by_secret(secret=secret, at=now()) is None
    assert ApiToken.objects.count() == 0


def test_invitations_are_for_one_person_once(workspace: Workspace, alice: User, charlie: User) -> None:
    _, secret = invitation_create(workspace=workspace, email="Dora@Example.org", role=Role.EDITOR, by=alice)
    invitation = open_invitation(secret=secret, at=now())
    assert invitation is not None
    with pytest.raises(UserError, match="dora@example"):
        invitation_accept(invitation=invitation, user=charlie)
    dora = user_create(email="dora@example.org")
    assert invitation_accept(invitation=invitation, user=dora).role == Role.EDITOR
    with pytest.raises(ConflictError):
        invitation_accept(invitation=invitation, user=dora)
    assert open_invitation(secret=secret, at=now()) is None


def test_invitations_expire_and_are_replaced(workspace: Workspace, alice: User) -> None:
    _, old = invitation_create(workspace=workspace, email="dora@example.org", role=Role.EDITOR, by=alice)
    _, new = invitation_create(workspace=workspace, email="dora@example.org", role=Role.VIEWER, by=alice)
    assert Invitation.objects.count() == 1
    assert open_invitation(secret=old, at=now()) is None
    assert open_invitation(secret=new, at=now() + timedelta(days=8)) is None


def test_tokens_expire_and_know_their_scopes(workspace: Workspace, alice: User) -> None:
    token, secret = token_create(
        workspace=workspace, user=alice, name="script", scopes=["read"], expires_at=now() + timedelta(hours=1)
    )
    assert token_by_secret(secret=secret, at=now()) == token
    assert token_by_secret(secret=secret, at=now() + timedelta(hours=2)) is None
    assert secret not in ApiToken.objects.values_list("secret_hash", flat=True)
    with pytest.raises(UserError, match="Scopes"):
        token_create(workspace=workspace, user=alice, name="script", scopes=["admin"])
