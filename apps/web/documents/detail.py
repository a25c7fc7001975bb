"""One document's page: its head, its tabs, and the part that keeps itself up to date while it is processed."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from apps.accounts.policy import Action
from apps.classification.selectors import prediction_of
from apps.classification.suggestions.selectors import suggestions_of
from apps.documents.models import TypeSource
from apps.documents.selectors import UNFINISHED, original_of, tags_in
from apps.extraction.selectors import is_recognised
from apps.pipeline.models import PipelineRun
from apps.pipeline.selectors import latest_runs, progress_of
from apps.pipeline.services.bundles import can_split
from apps.review.selectors import bundle_question_of, warnings_of
from apps.web.documents.access import DocumentRequest, may, on_document
from apps.web.documents.files import SHOWN_INLINE
from apps.web.documents.parts import place_of
from apps.web.documents.tabs import TABS, counts_of, errors_of
from apps.web.documents.types import type_choices, type_title

# As many as stand in one line beside the type; unlikelier ones are on the tab and in the menu.
ALTERNATIVES = 2
LIKELY_ENOUGH = 0.05
SHOWN_IF_ANY = frozenset({"parts", "problems"})
PARTS = {"viewer": "documents/tab_pages.html", "values-panel": "fields/panel.html"}


def _run(request: DocumentRequest) -> PipelineRun | None:
    return latest_runs(document_ids=[request.document.pk]).get(request.document.pk)


def _state(request: DocumentRequest, run: PipelineRun | None) -> dict[str, Any]:
    """Return what the status line shows; `seen` changes whenever there is more to show than before."""
    document = request.document
    unfinished = document.status in UNFINISHED
    seen = f"{document.status}-{document.searchable_at is not None}-{document.page_count}-{document.type_label}"
    return {
        "document": document,
        "is_unfinished": unfinished,
        "progress": progress_of(run_ids=[run.pk]).get(run.pk) if run and unfinished else None,
        "seen": seen,
    }


def _alternatives(request: DocumentRequest) -> list[dict[str, Any]]:
    """Return the other types the model holds likely, likeliest first; none once a person has spoken.

    Types that were never measured count as likely: without a figure nothing speaks against them.
    """
    reading = request.document.current_reading
    if reading is None or request.document.type_source == TypeSource.HUMAN:
        return []
    prediction = prediction_of(reading_id=reading.pk)
    found = prediction.alternatives if prediction else []
    others = [each for each in found if each["label"] != request.document.type_label]
    return [
        {
            "label": each["label"],
            "title": type_title(each["label"]),
            "percent": None if each["confidence"] is None else round(each["confidence"] * 100),
        }
        for each in others
        if each["confidence"] is None or each["confidence"] >= LIKELY_ENOUGH
    ][:ALTERNATIVES]


def _head(request: DocumentRequest, run: PipelineRun | None) -> dict[str, Any]:
    blob, reading = original_of(document=request.document), request.document.current_reading
    return {
        **_state(request, run),
        **place_of(request.document),
        "blob": blob,
        "can_split": can_split(request.document),
        "can_search": reading is not None and is_recognised(reading=reading),
        "bundle_question": bundle_question_of(document_id=request.document.pk),
        "can_open": blob.media_type in SHOWN_INLINE,
        "alternatives": _alternatives(request),
        "is_confirmed": request.document.type_source == TypeSource.HUMAN,
        "type_choices": type_choices(workspace_id=request.workspace.pk),
        "all_tags": tags_in(workspace_id=request.workspace.pk),
        "suggestions": suggestions_of(document_ids=[request.document.pk]).get(request.document.pk, []),
        "can_edit": may(request, Action.EDIT),
        "can_delete": may(request, Action.DELETE),
        "can_review": may(request, Action.REVIEW),
        "warnings": list(warnings_of(document_id=request.document.pk)),
        "headline_errors": errors_of(run)[:1] if request.document.status in {"FAILED", "PARTIAL"} else [],
    }


def _tab_links(request: DocumentRequest, current: str, run: PipelineRun | None) -> list[dict[str, Any]]:
    counts = counts_of(request.document, run)
    base = reverse("web:document_detail", args=[request.document.pk])
    return [
        {
            "label": label,
            "icon": icon,
            "url": base if name == "pages" else f"{base}{name}/",
            "count": counts.get(name, 0),
            "is_current": name == current,
        }
        for name, (label, icon, _) in TABS.items()
        if name not in SHOWN_IF_ANY or counts[name] or current == name
    ]


@require_safe
@on_document()
def document_detail(request: DocumentRequest, tab: str = "pages") -> HttpResponse:
    """Show one tab of a document; htmx may ask for the viewer alone."""
    if tab not in TABS:
        raise Http404("There is no such page.")
    run = _run(request)
    context = {
        "tab": tab,
        "tab_template": f"documents/tab_{tab}.html",
        "here": request.get_full_path(),
        **TABS[tab][2](request),
    }
    part = PARTS.get(request.headers.get("HX-Target", "")) if tab == "pages" else None
    if part is not None:
        template = part
        context |= {"document": request.document, "is_part": True, "is_kept": part == PARTS["viewer"]}
    else:
        template = "documents/detail.html"
        context |= {**_head(request, run), "tabs": _tab_links(request, tab, run)}
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Target"])
    return response


@require_safe
@on_document()
def document_status(request: DocumentRequest) -> HttpResponse:
    """Give the status line anew; tells the page to fetch itself when there is more to show than it has seen."""
    state = _state(request, _run(request))
    response = render(request, "documents/status_line.html", state)
    if request.GET.get("seen") != state["seen"]:
        response["HX-Trigger-After-Settle"] = "document-changed"
    return response
