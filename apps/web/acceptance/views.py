"""The pages of what is accepted without a person."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.policy import Action
from apps.core.audit import history
from apps.core.errors import ConflictError
from apps.review.acceptance.certifying import certificate_renew
from apps.review.acceptance.overview import certificate_rows, rows_of
from apps.review.acceptance.policies import policy_set
from apps.review.acceptance.selectors import LIVE, certificate_get, policy_of
from apps.review.models import AcceptPolicy, CertificateState
from apps.review.services.accepting import (
    acceptances_take_back,
    type_acceptance_take_back,
    value_acceptance_take_back,
)
from apps.web.acceptance.forms import PolicyForm
from apps.web.documents.access import DocumentRequest, may, on_document
from apps.web.documents.bulk import back
from apps.web.fields.editing import uuid_in
from apps.web.shell import WorkspaceRequest, in_workspace

EVENTS: Final = 50


@require_safe
@in_workspace()
def auto_accept(request: WorkspaceRequest) -> HttpResponse:
    """Show what is accepted automatically, and what is missing until more is."""
    policy = policy_of(workspace_id=request.workspace.pk)
    return _page(request, policy, PolicyForm(None, policy=policy))


@require_POST
@in_workspace(Action.MANAGE)
def policy_change(request: WorkspaceRequest) -> HttpResponse:
    """Set how often machines may be wrong where nobody looks."""
    policy = policy_of(workspace_id=request.workspace.pk)
    form = PolicyForm(request.POST, policy=policy)
    if not form.is_valid():
        return _page(request, policy, form)
    policy_set(workspace_id=request.workspace.pk, draft=form.draft(), by=request.user)
    messages.success(request, "Saved.")
    return redirect("web:auto_accept")


def _page(request: WorkspaceRequest, policy: AcceptPolicy, form: PolicyForm) -> HttpResponse:
    rows = certificate_rows(workspace_id=request.workspace.pk)
    context = {
        "policy": policy,
        "form": form,
        "rows": rows,
        "alarms": [row for row in rows if row.certificate.state == CertificateState.SUSPENDED],
        "can_manage": may(request, Action.MANAGE),
    }
    return render(request, "acceptance/page.html", context, status=422 if form.errors else 200)


@require_safe
@in_workspace()
def certificate_detail(request: WorkspaceRequest, certificate_id: UUID) -> HttpResponse:
    """Show what the checks behind a certificate say: error against automation, the looks taken, the audits."""
    certificate = certificate_get(workspace_id=request.workspace.pk, certificate_id=certificate_id)
    row = rows_of([certificate])[0]
    is_live, may_manage = certificate.state in LIVE, may(request, Action.MANAGE)
    context = {
        "row": row,
        "certificate": certificate,
        "events": list(history(object_kind="certificate", object_id=certificate.pk)[:EVENTS]),
        "can_renew": may_manage and is_live,
        "can_take_back": may_manage and not is_live and row.accepted > 0,
    }
    return render(request, "acceptance/detail.html", context)


@require_POST
@in_workspace(Action.MANAGE)
def certificate_anew(request: WorkspaceRequest, certificate_id: UUID) -> HttpResponse:
    """End a certificate, and begin another one with checks of its own."""
    certificate = certificate_get(workspace_id=request.workspace.pk, certificate_id=certificate_id)
    successor = certificate_renew(certificate=certificate, by=request.user)
    if successor is None:
        messages.warning(request, "Nothing was done: it has ended already, or nothing is to be accepted automatically.")
        return redirect("web:certificate_detail", certificate.pk)
    messages.success(request, "Begun anew: what is drawn from now on counts.")
    return redirect("web:certificate_detail", successor.pk)


@require_POST
@in_workspace(Action.MANAGE)
def certificate_take_back(request: WorkspaceRequest, certificate_id: UUID) -> HttpResponse:
    """Have people decide all that a certificate accepted."""
    certificate = certificate_get(workspace_id=request.workspace.pk, certificate_id=certificate_id)
    try:
        acceptances_take_back(certificate=certificate, by=request.user)
    except ConflictError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "Being taken back: people are asked about all that it accepted.")
    return redirect("web:certificate_detail", certificate.pk)


@require_POST
@on_document(Action.REVIEW)
def take_back(request: DocumentRequest) -> HttpResponse:
    """Let a person decide a type, or a value that is named, that was accepted automatically."""
    value_id = uuid_in(request.POST.get("value"))
    try:
        if value_id is None:
            type_acceptance_take_back(document=request.document, by=request.user)
        else:
            value_acceptance_take_back(document=request.document, value_id=value_id, by=request.user)
    except ConflictError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "Taken back: it will not be accepted by itself again.")
    if request.POST.get("next"):
        return back(request, "web:document_list")
    return redirect("web:document_detail", request.document.pk)
