"""Who may reach the pages of one document."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from apps.accounts.policy import Action, allows, require_allowed
from apps.accounts.selectors import chosen_membership, memberships_of
from apps.core.errors import NotFoundError
from apps.documents.models import Document
from apps.documents.selectors import document_get
from apps.web.shell import UserRequest, WorkspaceRequest, signed_in

P = ParamSpec("P")


class DocumentRequest(WorkspaceRequest):
    """A request about one document, in that document's workspace."""

    document: Document


def may(request: WorkspaceRequest, action: Action) -> bool:
    """Tell whether the person's role allows an action, without another query."""
    return allows(membership=request.membership, action=action)


def on_document(
    action: Action = Action.VIEW, *, in_trash: bool = False
) -> Callable[
    [Callable[Concatenate[DocumentRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, UUID, P], HttpResponseBase],
]:
    """Give a view `request.document` if the user may do `action` with it: strangers get 404, others 403."""

    def decorate(
        view: Callable[Concatenate[DocumentRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, UUID, P], HttpResponseBase]:
        @wraps(view)
        def placed(request: UserRequest, document_id: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            document = document_get(user=request.user, document_id=document_id, in_trash=in_trash)
            request.memberships = list(memberships_of(user=request.user))
            membership = chosen_membership(memberships=request.memberships, workspace_id=document.workspace_id)
            if membership is None:
                raise NotFoundError
            require_allowed(membership=membership, action=action)
            inside = cast("DocumentRequest", request)
            inside.document, inside.workspace, inside.membership = document, document.workspace, membership
            return view(inside, *args, **kwargs)

        # signed_in's types know nothing of document_id, which Django passes by name.
        return cast("Callable[Concatenate[HttpRequest, UUID, P], HttpResponseBase]", signed_in(placed))

    return decorate
