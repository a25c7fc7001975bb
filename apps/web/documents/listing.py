"""The document list, and the rows that keep themselves up to date while their documents are processed."""

from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from apps.accounts.policy import Action
from apps.documents.models import Document
from apps.documents.selectors import count_by_status, visible_to
from apps.web.documents.access import may
from apps.web.documents.filters import STATUSES, FilterForm
from apps.web.documents.keyset import Slice, cut
from apps.web.documents.rows import rows_of
from apps.web.documents.upload import upload_limits
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_ROWS = 100


def _status_links(documents: QuerySet[Document], given: dict[str, str]) -> list[dict[str, object]]:
    """Return the status filters with the number of documents in each that the other filters leave."""
    counts = count_by_status(documents=documents)
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
    shown = form.narrow_to_status(documents)
    found = cut(shown, before=request.GET.get("before", ""), after=request.GET.get("after", ""))
    given = form.given
    rows = rows_of(found.documents)
    context = {
        "form": form,
        "rows": rows,
        "live_ids": [row.document.pk for row in rows if row.is_unfinished],
        "has_facts": any(row.facts.sender or row.facts.date or row.facts.total for row in rows),
        "export_url": f"{reverse('web:export_new')}?{urlencode(given)}",
        "status_links": _status_links(documents, given),
        "tags": form.tags,
        "type_choices": form.types,
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
    rows = rows_of(list(documents.order_by("-received_at", "-pk")))
    live_ids = [row.document.pk for row in rows if row.is_unfinished]
    context = {
        "rows": rows,
        "live_ids": live_ids,
        "can_edit": may(request, Action.EDIT),
        "can_review": may(request, Action.REVIEW),
        "has_facts": "facts" in request.GET,
        "is_update": True,
        "here": reverse("web:document_list"),
    }
    response = render(request, "documents/rows_update.html", context)
    if len(ids) > len(live_ids):
        response["HX-Trigger-After-Settle"] = "documents-changed"  # the counts over the list have changed as well
    return response
