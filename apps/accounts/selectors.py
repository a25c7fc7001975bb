"""Reading accounts: memberships, tokens and invitations."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.accounts.models import ApiToken, Invitation, Membership, Role, User
from apps.core.errors import NotFoundError
from apps.core.prepared import Given, Prepared

_MEMBERSHIP = Prepared(lambda: Membership.objects.filter(user_id=Given("user_id"), workspace_id=Given("workspace_id")))
_TOKEN = Prepared(
    lambda: ApiToken.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=Given("at")),
        secret_hash=Given("secret_hash"),
        user__is_active=True,
    ).select_related("user")
)


def secret_hash(secret: str) -> str:
    """Hash a random secret of 256 bits; a fast hash is enough for one that cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def memberships_of(*, user: User) -> QuerySet[Membership]:
    """Return the user's memberships with their workspaces, oldest first."""
    return Membership.objects.filter(user=user).select_related("workspace").order_by("id")


def current_membership(*, user: User, workspace_id: UUID | None) -> Membership | None:
    """Return the membership of the chosen workspace, or the user's first one."""
    return chosen_membership(memberships=list(memberships_of(user=user)), workspace_id=workspace_id)


def chosen_membership(*, memberships: Sequence[Membership], workspace_id: UUID | None) -> Membership | None:
    """Return that of the chosen workspace among memberships that are loaded already, or the first one."""
    chosen = (each for each in memberships if each.workspace_id == workspace_id)
    return next(chosen, memberships[0] if memberships else None)


def membership_in(*, user: User, workspace_id: UUID) -> Membership | None:
    """Return the user's membership of one workspace, or None."""
    return _MEMBERSHIP.first(user_id=user.pk, workspace_id=workspace_id)


def token_by_secret(*, secret: str, at: datetime) -> ApiToken | None:
    """Return the live token with this secret, its user loaded; None for unknown, expired or disabled."""
    return _TOKEN.first(secret_hash=secret_hash(secret), at=at)


def open_invitation(*, secret: str, at: datetime) -> Invitation | None:
    """Return the invitation with this secret that is neither accepted nor expired."""
    found = Invitation.objects.filter(secret_hash=secret_hash(secret), accepted_at__isnull=True, expires_at__gt=at)
    return found.select_related("workspace").first()


def members_of(*, workspace_id: UUID) -> QuerySet[Membership]:
    """Return a workspace's memberships with their users, oldest first."""
    return Membership.objects.filter(workspace_id=workspace_id).select_related("user").order_by("id")


def member_get(*, workspace_id: UUID, membership_id: UUID) -> Membership:
    """Return one membership of a workspace; raises NotFoundError."""
    found = members_of(workspace_id=workspace_id).filter(pk=membership_id).first()
    if found is None:
        raise NotFoundError("There is no such member.")
    return found


def pending_invitations(*, workspace_id: UUID) -> QuerySet[Invitation]:
    """Return the invitations nobody has accepted, expired ones too, newest first."""
    found = Invitation.objects.filter(workspace_id=workspace_id, accepted_at__isnull=True)
    return found.select_related("invited_by").order_by("-id")


def invitation_get(*, workspace_id: UUID, invitation_id: UUID) -> Invitation:
    """Return one pending invitation of a workspace; raises NotFoundError."""
    found = pending_invitations(workspace_id=workspace_id).filter(pk=invitation_id).first()
    if found is None:
        raise NotFoundError("There is no such invitation.")
    return found


def tokens_visible_to(*, membership: Membership) -> QuerySet[ApiToken]:
    """Return the workspace's tokens that a member sees and may revoke: their own, and for owners all."""
    found = ApiToken.objects.filter(workspace_id=membership.workspace_id).select_related("user").order_by("-id")
    return found if membership.role == Role.OWNER else found.filter(user_id=membership.user_id)


def token_get(*, membership: Membership, token_id: UUID) -> ApiToken:
    """Return one token that the member sees; raises NotFoundError."""
    found = tokens_visible_to(membership=membership).filter(pk=token_id).first()
    if found is None:
        raise NotFoundError("There is no such token.")
    return found
