"""The one access helper of every page: who asks, in which workspace, and whether they may."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from apps.accounts.models import Membership, User, Workspace
from apps.accounts.policy import Action, require_allowed
from apps.accounts.selectors import chosen_membership, memberships_of
from apps.core.errors import ForbiddenError, NotFoundError

SESSION_KEY = "workspace_id"
P = ParamSpec("P")


class UserRequest(HttpRequest):
    """A request of somebody who is signed in; `memberships` are all of theirs, loaded once a request."""

    user: User
    memberships: list[Membership]


class WorkspaceRequest(UserRequest):
    """A request in the workspace that its user has chosen."""

    membership: Membership
    workspace: Workspace


def chosen_workspace_id(request: HttpRequest) -> UUID | None:
    """Return the workspace this browser last switched to, if any."""
    chosen = request.session.get(SESSION_KEY)
    return UUID(chosen) if chosen else None


def choose_workspace(request: HttpRequest, workspace_id: UUID) -> None:
    """Remember the workspace for this browser's next pages."""
    request.session[SESSION_KEY] = str(workspace_id)


def signed_in(
    view: Callable[Concatenate[UserRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only people who are signed in reach a view; turn domain errors about access into 403 and 404."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(cast("UserRequest", request), *args, **kwargs)
        except NotFoundError as error:
            raise Http404(error.message) from error
        except ForbiddenError as error:
            raise PermissionDenied(error.message) from error

    return login_required(guarded)


def in_workspace(
    action: Action = Action.VIEW,
) -> Callable[
    [Callable[Concatenate[WorkspaceRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Give a view `request.workspace` and `request.membership` if the user may do `action` there."""

    def decorate(
        view: Callable[Concatenate[WorkspaceRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def placed(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request.memberships = list(memberships_of(user=request.user))
            membership = chosen_membership(memberships=request.memberships, workspace_id=chosen_workspace_id(request))
            if membership is None:
                return redirect("web:workspace_create")
            require_allowed(membership=membership, action=action)
            inside = cast("WorkspaceRequest", request)
            inside.membership, inside.workspace = membership, membership.workspace
            return view(inside, *args, **kwargs)

        return signed_in(placed)

    return decorate
