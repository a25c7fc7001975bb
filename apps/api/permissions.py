"""What a caller may do: the token's scopes, then the person's role in the token's workspace."""

from typing import TYPE_CHECKING, cast
from uuid import UUID

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from apps.accounts.models import ApiToken, Membership, Scope, User
from apps.accounts.policy import Action, allows
from apps.accounts.selectors import current_membership, membership_in
from apps.core.errors import NotFoundError

if TYPE_CHECKING:  # DRF's views import this module while they are being imported
    from rest_framework.views import APIView

    from apps.api.base import WorkspaceView


def membership_of(request: Request) -> Membership:
    """Return the caller's membership of the workspace a request is about: the token's, or the one the browser chose.

    Raises NotFoundError for somebody who is in no workspace, or no more in the token's.
    """
    user = cast(User, request.user)
    if isinstance(request.auth, ApiToken):
        membership = membership_in(user=user, workspace_id=request.auth.workspace_id)
    else:
        chosen = request.session.get("workspace_id")
        membership = current_membership(user=user, workspace_id=UUID(chosen) if chosen else None)
    if membership is None:
        raise NotFoundError("You are in no workspace.")
    return membership


def workspace_of(request: Request) -> UUID:
    """Return the workspace the view has found for this request: for helpers that are given the request alone."""
    view: WorkspaceView = request.parser_context["view"]
    return view.workspace_id


class HasScope(BasePermission):
    """Reading needs the scope `read` and the right to view; changing `write` and what the view's `actions` name."""

    message = "The token's scopes or your role do not allow this."
    code = "forbidden"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Tell whether the call may go on."""
        if not request.user or not request.user.is_authenticated:
            return False
        reading = request.method in SAFE_METHODS
        if isinstance(request.auth, ApiToken) and (Scope.READ if reading else Scope.WRITE) not in request.auth.scopes:
            return False
        actions: dict[str, Action] = getattr(view, "actions", {})
        action = Action.VIEW if reading else actions.get(request.method or "", Action.EDIT)
        membership: Membership | None = getattr(view, "membership", None)
        return membership is not None and allows(membership=membership, action=action)
