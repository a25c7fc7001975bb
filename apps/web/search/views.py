"""Searching the workspace: the same page with and without script."""

from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from apps.search.cursors import InvalidCursorError
from apps.search.query import SearchAnswer, search
from apps.web.documents.filters import STATUSES
from apps.web.documents.types import type_title
from apps.web.search.forms import MODE_CHOICES, SearchForm
from apps.web.shell import WorkspaceRequest, in_workspace

PAGE_SIZE: Final = 20
Facet = dict[str, object]


def _facet(form: SearchForm, name: str, counts: dict[str, tuple[str, int]]) -> list[Facet]:
    """Make links that narrow the results to one value, or take that filter away again."""
    given = {key: value for key, value in form.given.items() if key != name}
    current = form.given.get(name, "")
    return [
        {
            "label": label,
            "count": count,
            "is_current": key == current,
            "url": f"?{urlencode(given if key == current else {**given, name: key})}",
        }
        for key, (label, count) in counts.items()
        if count
    ]


def _facets(form: SearchForm, answer: SearchAnswer) -> list[tuple[str, list[Facet]]]:
    by_type = {slug or "none": (type_title(slug), count) for slug, count in answer.facets["type"].items()}
    by_status = {
        key: (words, sum(answer.facets["status"].get(status.lower(), 0) for status in statuses))
        for key, (words, statuses) in STATUSES.items()
    }
    return [("Type", _facet(form, "type", by_type)), ("Status", _facet(form, "status", by_status))]


def _answer(request: WorkspaceRequest, form: SearchForm, cursor: str) -> SearchAnswer | None:
    if not form.query:
        return None
    return search(
        user=request.user,
        workspace_id=request.workspace.pk,
        q=form.query,
        mode=form.mode_key,
        page_size=PAGE_SIZE,
        cursor=cursor or None,
        filters=form.filters,
    )


@require_safe
@in_workspace()
def search_page(request: WorkspaceRequest) -> HttpResponse:
    """Show the query and its results; htmx gets the results alone."""
    form = SearchForm(request.GET, workspace_id=request.workspace.pk)
    cursor = request.GET.get("after", "")
    try:
        answer = _answer(request, form, cursor)
    except InvalidCursorError:
        cursor = ""
        answer = _answer(request, form, cursor)
    given = form.given
    context = {
        "form": form,
        "query": form.query,
        "mode": form.mode_key,
        "modes": MODE_CHOICES,
        "answer": answer,
        "facets": _facets(form, answer) if answer else [],
        "first_url": f"?{urlencode(given)}" if cursor else "",
        "next_url": f"?{urlencode({**given, 'after': answer.next_cursor})}" if answer and answer.next_cursor else "",
        "words_url": f"?{urlencode({**given, 'mode': 'text'})}",
        "any_url": f"?{urlencode({'q': form.query})}",
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    response = render(request, "search/results.html" if is_part else "search/page.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
