"""The pages of exports: asking for one of a filtered list, all of them, one with what went out, its file."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.policy import Action
from apps.core.errors import ConflictError, NotFoundError
from apps.documents.selectors import visible_to
from apps.pipeline.exports.selectors import export_get, export_open, exports_in
from apps.pipeline.exports.services import export_request
from apps.pipeline.models import Export, ExportFormat, ExportState
from apps.web.documents.access import may
from apps.web.documents.bulk import count_of
from apps.web.documents.filters import FilterForm
from apps.web.exports.words import filter_words
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_EXPORTS: Final = 100
MOST_ITEMS: Final = 500
UNFINISHED: Final = (ExportState.READY, ExportState.RUNNING)


@require_POST
@in_workspace(Action.REVIEW)
def export_new(request: WorkspaceRequest) -> HttpResponse:
    """Ask for a file of the documents that pass the filters of the address."""
    form = FilterForm(request.GET, workspace_id=request.workspace.pk)
    documents = form.narrow_to_status(form.narrow(visible_to(user=request.user, workspace_id=request.workspace.pk)))
    wanted = request.POST.get("format", "").upper()
    try:
        export = export_request(
            documents=documents,
            workspace_id=request.workspace.pk,
            filters=form.given,
            file_format=ExportFormat(wanted) if wanted in ExportFormat.values else ExportFormat.XLSX,
            by=request.user,
        )
    except ConflictError as error:
        messages.error(request, error.message)
        return redirect("web:document_list")
    messages.success(request, f"{count_of(export.document_count).capitalize()} will be written to a file.")
    return redirect("web:export_list")


@require_safe
@in_workspace()
def export_list(request: WorkspaceRequest) -> HttpResponse:
    """List exports, newest first; htmx gets the list alone."""
    exports = list(exports_in(user=request.user, workspace_id=request.workspace.pk)[:MOST_EXPORTS])
    context: dict[str, Any] = {
        "exports": [{"export": export, "words": filter_words(export.filters)} for export in exports],
        "is_live": any(export.state in UNFINISHED for export in exports),
        "can_review": may(request, Action.REVIEW),
    }
    template = "exports/table.html" if request.headers.get("HX-Request") else "exports/list.html"
    return render(request, template, context)


def _export(request: WorkspaceRequest, export_id: UUID) -> Export:
    return export_get(user=request.user, workspace_id=request.workspace.pk, export_id=export_id)


@require_safe
@in_workspace()
def export_detail(request: WorkspaceRequest, export_id: UUID) -> HttpResponse:
    """Show what went out with an export."""
    export = _export(request, export_id)
    items = export.items.select_related("document").order_by("id")
    context = {
        "export": export,
        "words": filter_words(export.filters),
        "items": list(items[:MOST_ITEMS]),
        "more": max(0, export.document_count - MOST_ITEMS),
    }
    return render(request, "exports/detail.html", context)


@require_safe
@in_workspace()
def export_file(request: WorkspaceRequest, export_id: UUID) -> HttpResponseBase:
    """Send an export's file; where there is none (yet, or any more) say so."""
    export = _export(request, export_id)
    try:
        file = export_open(export=export)
    except (ConflictError, NotFoundError) as error:
        messages.warning(request, error.message)
        return redirect("web:export_list")
    name = f"docintel-{export.created_at:%Y-%m-%d}.{export.format.lower()}"
    answer = FileResponse(file, as_attachment=True, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
