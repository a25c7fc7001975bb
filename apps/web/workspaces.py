"""Workspaces: making, choosing and naming them; their members and invitations."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.adapters import forget_invitation, remember_invitation
from apps.accounts.models import Role
from apps.accounts.policy import ALLOWED, Action, require_allowed
from apps.accounts.selectors import (
    invitation_get,
    member_get,
    members_of,
    memberships_of,
    open_invitation,
    pending_invitations,
)
from apps.accounts.services import (
    invitation_accept,
    invitation_revoke,
    invitation_send,
    member_remove,
    member_set_role,
    workspace_create,
    workspace_rename,
)
from apps.core.clock import now
from apps.core.errors import UserError
from apps.web.forms.accounts import InvitationForm, RoleForm, WorkspaceForm
from apps.web.shell import UserRequest, WorkspaceRequest, choose_workspace, in_workspace, signed_in

SAFE_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(SAFE_OR_POST)
@in_workspace(Action.MANAGE)
def settings(request: WorkspaceRequest) -> HttpResponse:
    """Show and change the workspace's name."""
    form = WorkspaceForm(request.POST or None, initial={"name": request.workspace.name})
    if request.method == "POST" and form.is_valid():
        workspace_rename(workspace=request.workspace, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, "The workspace was renamed.")
        return redirect("web:workspace_settings")
    return render(request, "workspaces/settings.html", {"form": form})


@require_http_methods(SAFE_OR_POST)
@signed_in
def create(request: UserRequest) -> HttpResponse:
    """Make a workspace and go there."""
    form = WorkspaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workspace = workspace_create(owner=request.user, name=form.cleaned_data["name"])
        choose_workspace(request, workspace.pk)
        messages.success(request, f"Welcome to {workspace.name}.")
        return redirect("/")
    return render(request, "workspaces/create.html", {"form": form})


@require_POST
@signed_in
def switch(request: UserRequest) -> HttpResponse:
    """Choose another of one's workspaces for the next pages."""
    memberships = memberships_of(user=request.user)
    chosen = next((each for each in memberships if str(each.workspace_id) == request.POST.get("workspace")), None)
    if chosen is None:
        raise Http404("There is no such workspace.")
    choose_workspace(request, chosen.workspace_id)
    return redirect("/")


def _members_page(request: WorkspaceRequest, form: InvitationForm, link: str = "", status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "link": link,
        "members": members_of(workspace_id=request.workspace.pk),
        "invitations": pending_invitations(workspace_id=request.workspace.pk),
        "roles": Role.choices,
        "may_manage": Action.MANAGE in ALLOWED[request.membership.role],
        "now": now(),
    }
    return render(request, "workspaces/members.html", context, status=status)


@require_http_methods(["GET", "HEAD"])
@in_workspace()
def members(request: WorkspaceRequest) -> HttpResponse:
    """List who is in the workspace and who was invited."""
    return _members_page(request, InvitationForm())


@require_POST
@in_workspace(Action.MANAGE)
def member_role(request: WorkspaceRequest, membership_id: UUID) -> HttpResponse:
    """Change a member's role."""
    membership = member_get(workspace_id=request.workspace.pk, membership_id=membership_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            member_set_role(membership=membership, role=Role(form.cleaned_data["role"]), by=request.user)
            messages.success(request, f"{membership.user.get_full_name()} is now {membership.get_role_display()}.")
        except UserError as error:
            messages.error(request, error.message)
    return redirect("web:member_list")


@require_POST
@in_workspace()
def member_delete(request: WorkspaceRequest, membership_id: UUID) -> HttpResponse:
    """Take a member out; everybody may take themselves out."""
    membership = member_get(workspace_id=request.workspace.pk, membership_id=membership_id)
    leaves = membership.user_id == request.user.pk
    if not leaves:
        require_allowed(membership=request.membership, action=Action.MANAGE)
    try:
        member_remove(membership=membership, by=request.user)
    except UserError as error:
        messages.error(request, error.message)
        return redirect("web:member_list")
    gone = "You left" if leaves else f"{membership.user.get_full_name()} is no longer in"
    messages.success(request, f"{gone} {request.workspace.name}.")
    return redirect("/" if leaves else "web:member_list")


@require_POST
@in_workspace(Action.MANAGE)
def invitation_create(request: WorkspaceRequest) -> HttpResponse:
    """Invite somebody; the link is shown this once, in case the e-mail does not arrive."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _members_page(request, form, status=422)

    def link(secret: str) -> str:
        return request.build_absolute_uri(reverse("web:invitation_accept", args=[secret]))

    role = Role(form.cleaned_data["role"])
    try:
        invitation, address = invitation_send(
            workspace=request.workspace, email=form.cleaned_data["email"], role=role, by=request.user, link=link
        )
    except UserError as error:
        form.add_error("email", error.message)
        return _members_page(request, form, status=422)
    messages.success(request, f"An invitation is on its way to {invitation.email}.")
    return _members_page(request, InvitationForm(), link=address)


@require_POST
@in_workspace(Action.MANAGE)
def invitation_delete(request: WorkspaceRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitation = invitation_get(workspace_id=request.workspace.pk, invitation_id=invitation_id)
    invitation_revoke(invitation=invitation, by=request.user)
    messages.success(request, f"The invitation of {invitation.email} is void.")
    return redirect("web:member_list")


@require_http_methods(SAFE_OR_POST)
def invitation_accept_page(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Show an invitation to whoever has its link; a signed-in person may accept it."""
    invitation = open_invitation(secret=secret, at=now())
    if invitation is None:
        return render(request, "workspaces/invitation_gone.html", status=404)
    if not request.user.is_authenticated:
        remember_invitation(request, secret)
    elif request.method == "POST":
        try:
            membership = invitation_accept(invitation=invitation, user=request.user)
        except UserError as error:
            messages.error(request, error.message)
            return redirect("web:invitation_accept", secret)
        forget_invitation(request)
        choose_workspace(request, membership.workspace_id)
        messages.success(request, f"Welcome to {invitation.workspace.name}.")
        return redirect("/")
    return render(request, "workspaces/invitation.html", {"invitation": invitation})
