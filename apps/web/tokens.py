"""API tokens: listing, making and revoking them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.selectors import token_get, tokens_visible_to
from apps.accounts.services import token_create, token_revoke
from apps.core.clock import now
from apps.web.forms.accounts import TokenForm
from apps.web.shell import WorkspaceRequest, in_workspace


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_workspace()
def tokens(request: WorkspaceRequest) -> HttpResponse:
    """List tokens and make one; its secret is in the answer to that one POST and nowhere else."""
    form = TokenForm(request.POST or None)
    secret, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            _, secret = token_create(
                workspace=request.workspace,
                user=request.user,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at(now()),
            )
            form = TokenForm()
        else:
            status = 422
    context = {
        "form": form,
        "secret": secret,
        "tokens": tokens_visible_to(membership=request.membership),
        "now": now(),
        "example_url": request.build_absolute_uri("/api/v1/documents/"),
    }
    return render(request, "workspaces/tokens.html", context, status=status)


@require_POST
@in_workspace()
def token_delete(request: WorkspaceRequest, token_id: UUID) -> HttpResponse:
    """End a token now."""
    token = token_get(membership=request.membership, token_id=token_id)
    token_revoke(token=token, by=request.user)
    messages.success(request, f"The token “{token.name}” no longer works.")
    return redirect("web:token_list")
