"""What a caller may do: the token's scopes, then the person's role in the token's workspace."""

from typing import cast
from uuid import UUID

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.accounts.models import ApiToken, Scope, User
from apps.accounts.policy import Action, can
from apps.accounts.selectors import current_membership


def workspace_of(request: Request) -> UUID | None:
    """Return the workspace a request is about: the token's, or the one chosen in the browser's session."""
    if isinstance(request.auth, ApiToken):
        return request.auth.workspace_id
    chosen = request._request.session.get("workspace_id")  # noqa: SLF001  (DRF has no public name for it)
    membership = current_membership(user=cast(User, request.user), workspace_id=UUID(chosen) if chosen else None)
    return membership.workspace_id if membership else None


class HasScope(BasePermission):
    """Reading needs the scope `read` and the right to view; everything else `write` and the view's own `action_needed`."""

    message = "The token's scopes or your role do not allow this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the call may go on."""
        if not request.user or not request.user.is_authenticated:
            return False
        reading = request.method in SAFE_METHODS
        if isinstance(request.auth, ApiToken) and (Scope.READ if reading else Scope.WRITE) not in request.auth.scopes:
            return False
        workspace_id = workspace_of(request)
        action = Action.VIEW if reading else getattr(view, "action_needed", Action.EDIT)
        return workspace_id is not None and can(user=cast(User, request.user), action=action, workspace=workspace_id)
