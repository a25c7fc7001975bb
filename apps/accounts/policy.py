"""Who may do what: the one place that decides it."""

from enum import StrEnum
from uuid import UUID

from apps.accounts.models import Membership, Role, User, Workspace
from apps.core.errors import ForbiddenError, NotFoundError


class Action(StrEnum):
    """What can be done in a workspace."""

    VIEW = "view"
    REVIEW = "review"
    EDIT = "edit"
    DELETE = "delete"
    MANAGE = "manage"


ALLOWED: dict[str, frozenset[Action]] = {
    Role.VIEWER: frozenset({Action.VIEW}),
    Role.REVIEWER: frozenset({Action.VIEW, Action.REVIEW}),
    Role.EDITOR: frozenset({Action.VIEW, Action.REVIEW, Action.EDIT, Action.DELETE}),
    Role.OWNER: frozenset(Action),
}


def role_of(*, user: User, workspace_id: UUID) -> str | None:
    """Return the user's role in a workspace, or None."""
    if not user.is_authenticated or not user.is_active:
        return None
    return Membership.objects.filter(user=user, workspace_id=workspace_id).values_list("role", flat=True).first()


def can(*, user: User, action: Action, workspace: Workspace | UUID) -> bool:
    """Tell whether the user may do this in the workspace."""
    workspace_id = workspace.pk if isinstance(workspace, Workspace) else workspace
    role = role_of(user=user, workspace_id=workspace_id)
    return role is not None and action in ALLOWED[role]


def allows(*, membership: Membership, action: Action) -> bool:
    """Tell whether a membership that is loaded already allows an action: no query. Its user is known to be active."""
    return action in ALLOWED[membership.role]


def require_allowed(*, membership: Membership, action: Action) -> None:
    """Raise ForbiddenError where a membership that is loaded already does not allow an action."""
    if not allows(membership=membership, action=action):
        raise ForbiddenError


def require(*, user: User, action: Action, workspace: Workspace | UUID) -> None:
    """Raise NotFoundError for strangers and ForbiddenError for members whose role does not allow it."""
    workspace_id = workspace.pk if isinstance(workspace, Workspace) else workspace
    role = role_of(user=user, workspace_id=workspace_id)
    if role is None:
        raise NotFoundError
    if action not in ALLOWED[role]:
        raise ForbiddenError
