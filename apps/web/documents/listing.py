"""The document list, and the rows that keep themselves up to date while their documents are processed."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from apps.accounts.policy import Action
from apps.documents.selectors import status_counts, tags_in, visible_to
from apps.web.documents.access import may
from apps.web.documents.filters import STATUSES, TYPE_CHOICES, FilterForm
from apps.web.documents.keyset import Slice, cut
from apps.web.documents.rows import rows_of
from apps.web.documents.upload import upload_limits
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_ROWS = 100


def _status_links(request: WorkspaceRequest, given: dict[str, str]) -> list[dict[str, object]]:
    """The status filters with the number of the workspace's documents in each."""
    counts = status_counts(user=request.user, workspace_id=request.workspace.pk)
    rest = {name: value for name, value in given.items() if name != "status"}
    links: list[dict[str, object]] = [
        {
            "label": "All",
            "count": sum(counts.values()),
            "url": f"?{urlencode(rest)}",
            "is_current": "status" not in given,
        }
    ]
    for key, (words, statuses) in STATUSES.items():
        count = sum(counts.get(status, 0) for status in statuses)
        current = given.get("status") == key
        if count or current:
            url = f"?{urlencode({**rest, 'status': key})}"
            links.append({"label": words, "count": count, "url": url, "is_current": current})
    return links


def _neighbours(given: dict[str, str], found: Slice) -> dict[str, str]:
    newer = f"?{urlencode({**given, 'before': found.newer})}" if found.newer else ""
    older = f"?{urlencode({**given, 'after': found.older})}" if found.older else ""
    return {"previous_url": newer, "next_url": older}


@require_safe
@in_workspace()
def document_list(request: WorkspaceRequest) -> HttpResponse:
    """List the workspace's documents, newest first; htmx gets the part below the heading."""
    form = FilterForm(request.GET, workspace_id=request.workspace.pk)
    documents = form.narrow(visible_to(user=request.user, workspace_id=request.workspace.pk))
    found = cut(documents, before=request.GET.get("before", ""), after=request.GET.get("after", ""))
    given = form.given
    context = {
        "form": form,
        "rows": rows_of(found.documents),
        "status_links": _status_links(request, given),
        "tags": tags_in(workspace_id=request.workspace.pk),
        "type_choices": TYPE_CHOICES,
        "can_edit": may(request, Action.EDIT),
        "can_delete": may(request, Action.DELETE),
        "can_review": may(request, Action.REVIEW),
        "here": request.get_full_path(),
        **upload_limits(),
        **_neighbours(given, found),
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    response = render(request, "documents/results.html" if is_part else "documents/list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _ids(values: list[str]) -> list[UUID]:
    ids = []
    for value in values[:MOST_ROWS]:
        try:
            ids.append(UUID(value))
        except ValueError:
            continue
    return ids


@require_safe
@in_workspace()
def document_rows(request: WorkspaceRequest) -> HttpResponse:
    """Give the rows of the named unfinished documents anew; asks to be asked again only while one is unfinished."""
    ids = _ids(request.GET.getlist("id"))
    documents = visible_to(user=request.user, workspace_id=request.workspace.pk).filter(pk__in=ids)
    rows = rows_of(documents.order_by("-received_at", "-pk"))
    context = {
        "rows": rows,
        "can_edit": may(request, Action.EDIT),
        "can_review": may(request, Action.REVIEW),
        "is_update": True,
    }
    response = render(request, "documents/rows_update.html", context)
    if len(ids) > sum(row.is_unfinished for row in rows):
        response["HX-Trigger-After-Settle"] = "documents-changed"  # the counts over the list have changed as well
    return response
