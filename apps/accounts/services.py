"""Changing accounts: workspaces, members, invitations and API tokens."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from apps.accounts.mail import send_invitation
from apps.accounts.models import ApiToken, Invitation, Membership, Role, Scope, User, Workspace
from apps.accounts.selectors import secret_hash
from apps.core import audit
from apps.core.clock import now
from apps.core.errors import ConflictError, UserError

TOKEN_PREFIX = "dit_"  # noqa: S105  (what every token begins with, so that leaked ones are recognised)
INVITATION_DAYS = 7


def user_create(*, email: str, password: str | None = None, name: str = "") -> User:
    """Make a user who has no workspace yet."""
    return User.objects.create_user(email, password, name=name)


def user_rename(*, user: User, name: str) -> None:
    """Change the name that others see."""
    user.name = name
    user.save(update_fields=["name"])


def _free_slug(name: str) -> str:
    base = slugify(name)[:50] or "workspace"
    if not Workspace.objects.filter(slug=base).exists():
        return base
    return f"{base}-{secrets.token_hex(3)}"


@transaction.atomic
def workspace_create(*, owner: User, name: str, slug: str = "") -> Workspace:
    """Make a workspace owned by a user; without a slug one is made from the name."""
    workspace = Workspace.objects.create(name=name, slug=slug or _free_slug(name))
    Membership.objects.create(user=owner, workspace=workspace, role=Role.OWNER)
    audit.record(
        action="workspace.create",
        object_kind="workspace",
        object_id=workspace.pk,
        workspace_id=workspace.pk,
        actor=owner,
        data={"name": name},
    )
    return workspace


@transaction.atomic
def workspace_rename(*, workspace: Workspace, name: str, by: User) -> None:
    """Give a workspace another name; its slug stays, since programs use it."""
    before, workspace.name = workspace.name, name
    workspace.save(update_fields=["name"])
    audit.record(
        action="workspace.rename",
        object_kind="workspace",
        object_id=workspace.pk,
        workspace_id=workspace.pk,
        actor=by,
        data={"before": before, "after": name},
    )


def _keep_an_owner(membership: Membership) -> None:
    """Raise ConflictError if this is the last owner; locks the workspace's memberships."""
    owners = Membership.objects.select_for_update().filter(workspace_id=membership.workspace_id, role=Role.OWNER)
    if [owner.pk for owner in owners] == [membership.pk]:
        raise ConflictError("A workspace needs at least one owner.", code="last_owner")


@transaction.atomic
def member_set_role(*, membership: Membership, role: Role, by: User) -> None:
    """Change a member's role."""
    if role != Role.OWNER:
        _keep_an_owner(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    _record_member("member.set_role", membership, by, {"before": before, "after": role})


@transaction.atomic
def member_remove(*, membership: Membership, by: User) -> None:
    """Take a member, and the tokens made for them, out of a workspace."""
    _keep_an_owner(membership)
    ApiToken.objects.filter(user_id=membership.user_id, workspace_id=membership.workspace_id).delete()
    _record_member("member.remove", membership, by, {"role": membership.role})
    membership.delete()


def _record_member(action: str, membership: Membership, by: User, data: dict[str, str]) -> None:
    audit.record(
        action=action,
        object_kind="user",
        object_id=membership.user_id,
        workspace_id=membership.workspace_id,
        actor=by,
        data=data,
    )


@transaction.atomic
def invitation_create(
    *, workspace: Workspace, email: str, role: Role, by: User, at: datetime | None = None
) -> tuple[Invitation, str]:
    """Invite somebody; returns the invitation and its secret, which is kept nowhere. An older open one is replaced."""
    email = email.strip().lower()
    if Membership.objects.filter(workspace=workspace, user__email__iexact=email).exists():
        raise ConflictError(f"{email} is a member already.", code="already_member")
    Invitation.objects.filter(workspace=workspace, email=email, accepted_at__isnull=True).delete()
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        workspace=workspace,
        email=email,
        role=role,
        invited_by=by,
        secret_hash=secret_hash(secret),
        expires_at=(at or now()) + timedelta(days=INVITATION_DAYS),
    )
    _record_invitation("invitation.create", invitation, by)
    return invitation, secret


@transaction.atomic
def invitation_send(
    *, workspace: Workspace, email: str, role: Role, by: User, link: Callable[[str], str]
) -> tuple[Invitation, str]:
    """Invite somebody by e-mail; `link` makes the address to visit from the secret. Returns invitation and address."""
    invitation, secret = invitation_create(workspace=workspace, email=email, role=role, by=by)
    address = link(secret)
    # A mail server that is down must not take the invitation back: its address is shown as well.
    transaction.on_commit(lambda: send_invitation(invitation=invitation, link=address), robust=True)
    return invitation, address


@transaction.atomic
def invitation_revoke(*, invitation: Invitation, by: User) -> None:
    """Take back an invitation that nobody has accepted."""
    _record_invitation("invitation.revoke", invitation, by)
    invitation.delete()


@transaction.atomic
def invitation_accept(*, invitation: Invitation, user: User, at: datetime | None = None) -> Membership:
    """Make the user a member; the invitation must have been sent to the user's own address."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at is not None:
        raise ConflictError("This invitation was accepted already.", code="invitation_used")
    if locked.email.lower() != user.email.lower():
        raise UserError(f"This invitation was sent to {locked.email}.", code="invitation_for_another")
    locked.accepted_at = at or now()
    locked.save(update_fields=["accepted_at"])
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=user, workspace_id=locked.workspace_id, role=locked.role)
    except IntegrityError as error:
        raise ConflictError("You are a member already.", code="already_member") from error
    _record_invitation("invitation.accept", locked, user)
    return membership


def _record_invitation(action: str, invitation: Invitation, by: User) -> None:
    audit.record(
        action=action,
        object_kind="invitation",
        object_id=invitation.pk,
        workspace_id=invitation.workspace_id,
        actor=by,
        data={"email": invitation.email, "role": invitation.role},
    )


@transaction.atomic
def token_create(
    *, workspace: Workspace, user: User, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make an API token; returns it and its secret, which is kept nowhere."""
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        raise UserError(
            f"Scopes are {', '.join(Scope.values)}; got {', '.join(scopes) or 'none'}.", code="unknown_scope"
        )
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        workspace=workspace,
        user=user,
        name=name,
        scopes=sorted(set(scopes)),
        secret_hash=secret_hash(secret),
        secret_start=secret[:8],
        expires_at=expires_at,
    )
    _record_token("token.create", token, user)
    return token, secret


@transaction.atomic
def token_revoke(*, token: ApiToken, by: User) -> None:
    """End a token now."""
    _record_token("token.revoke", token, by)
    token.delete()


def _record_token(action: str, token: ApiToken, by: User) -> None:
    audit.record(
        action=action,
        object_kind="api_token",
        object_id=token.pk,
        workspace_id=token.workspace_id,
        actor=by,
        data={"name": token.name, "scopes": list(token.scopes)},
    )


def token_touch(*, token_id: UUID, at: datetime) -> None:
    """Note when a token was last used, at most once a minute."""
    stale = at - timedelta(minutes=1)
    ApiToken.objects.filter(pk=token_id).exclude(last_used_at__gt=stale).update(last_used_at=at)
