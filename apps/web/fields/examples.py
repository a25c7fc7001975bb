"""Fields by example: naming a marked value, and saying yes or no to what is proposed on the other documents."""

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.policy import Action
from apps.core.errors import NotFoundError, UserError
from apps.documents.models import Document
from apps.documents.selectors import UNFINISHED, visible_to
from apps.extraction.fields.selectors.schemas import Field, fields_of_type
from apps.extraction.fields.selectors.values import values_visible_to
from apps.extraction.fields.services.schemas import key_of_label
from apps.extraction.models import FieldValue, ValueState
from apps.review.services.examples import Named, example_mark
from apps.review.services.fields import field_confirm, field_reject
from apps.web.documents.access import DocumentRequest, may, on_document
from apps.web.documents.boxes import Box, box_of
from apps.web.documents.types import type_title
from apps.web.documents.viewer import value_anchor
from apps.web.fields.editing import given_in, text_in, uuid_in
from apps.web.fields.panel import NEW, Edit
from apps.web.fields.views import answer
from apps.web.fields.words import KINDS, shown_value
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_PROPOSALS: Final = 30
LONGEST_LABEL: Final = 120
_ABOVE, _BELOW, _ASIDE = 0.015, 0.015, 0.25  # of the page, around a value in its snippet
NEW_KINDS: Final = {slug: words for slug, words in KINDS.items() if slug != "table"}


@dataclass(frozen=True)
class Snippet:
    """The part of a page around a value; `view` is an SVG's viewBox in units of the page's points."""

    view: str
    width: str
    height: str
    mark: Box


@dataclass(frozen=True)
class Proposal:
    """A value that may be what the person meant, on another document."""

    value: FieldValue
    document: Document
    text: str
    anchor: str
    snippet: Snippet | None


@require_POST
@on_document(Action.EDIT)
def field_new(request: DocumentRequest) -> HttpResponse:
    """Make a field of a marked value and its name; the other documents of the type are looked through."""
    kind, label = text_in(request.POST, "kind"), text_in(request.POST, "label")[:LONGEST_LABEL]
    given = given_in(request.POST, value_type=kind)
    try:
        with transaction.atomic():
            named = Named(label=label, value_type=kind if kind in NEW_KINDS else "text")
            example_mark(document=request.document, named=named, given=given, by=request.user)
    except UserError as error:
        return answer(request, edit=Edit(NEW, typed=text_in(request.POST, "raw")), failed=error.message)
    return redirect("web:field_proposals", request.document.type_label, key_of_label(label))


def _field(request: WorkspaceRequest, document_type: str, key: str) -> Field:
    fields = fields_of_type(workspace_id=request.workspace.pk, document_type=document_type)
    found = next((each for each in fields if each.key == key), None)
    if found is None:
        raise NotFoundError("There is no such field.")
    return found


@require_safe
@in_workspace()
def field_proposals(request: WorkspaceRequest, document_type: str, key: str) -> HttpResponse:
    """Show where a field was found on the documents of a type, for yes or no; htmx gets the list alone."""
    template = "fields/proposals_list.html" if request.headers.get("HX-Request") else "fields/proposals.html"
    return render(request, template, _proposals(request, document_type, key))


def _proposals(request: WorkspaceRequest, document_type: str, key: str) -> dict[str, object]:
    known = _field(request, document_type, key)
    values = values_visible_to(user=request.user, workspace_id=request.workspace.pk)
    values = values.filter(key=key, document__type_label=document_type)
    proposed = values.filter(reading__isnull=False, state=ValueState.PROPOSED)
    documents = visible_to(user=request.user, workspace_id=request.workspace.pk).filter(type_label=document_type)
    return {
        "field": known,
        "document_type": document_type,
        "type_title": type_title(document_type),
        "proposals": [_proposal(value) for value in proposed.select_related("reading")[:MOST_PROPOSALS]],
        "proposed_count": proposed.count(),
        "decided_count": values.filter(reading__isnull=True).values("document_id").distinct().count(),
        "running_count": documents.filter(status__in=UNFINISHED).count(),
        "document_count": documents.count(),
        "can_review": may(request, Action.REVIEW),
    }


def _proposal(value: FieldValue) -> Proposal:
    return Proposal(
        value=value,
        document=value.document,
        text=shown_value(value.value_type, value.value, currency=value.currency, key=value.key),
        anchor=value_anchor(value),
        snippet=_snippet(value),
    )


def _snippet(value: FieldValue) -> Snippet | None:
    """Return the strip of the page around a value: as wide as the page allows, a little above and below it."""
    page = value.reading.pages.filter(number=value.page_number).first() if value.reading and value.page_number else None
    mark = box_of(value.box)
    if page is None or mark is None or value.box is None or not page.width or not page.height:
        return None
    x0, y0, x1, y1 = (float(side) for side in value.box)
    left, right = max(x0 - _ASIDE, 0), min(x1 + _ASIDE, 1)
    top, bottom = max(y0 - _ABOVE, 0), min(y1 + _BELOW, 1)
    wide, high = page.width, page.height
    view = f"{left * wide:.2f} {top * high:.2f} {(right - left) * wide:.2f} {(bottom - top) * high:.2f}"
    inside = Box(f"{x0 * wide:.2f}", f"{y0 * high:.2f}", f"{(x1 - x0) * wide:.2f}", f"{(y1 - y0) * high:.2f}")
    return Snippet(view=view, width=f"{wide:.2f}", height=f"{high:.2f}", mark=inside)


@require_POST
@in_workspace(Action.REVIEW)
def proposal_decide(request: WorkspaceRequest, document_type: str, key: str) -> HttpResponse:
    """Take a yes or a no to a proposal; htmx gets the list that is left."""
    value_id = uuid_in(request.POST.get("value"))
    proposed = values_visible_to(user=request.user, workspace_id=request.workspace.pk).filter(key=key)
    value = proposed.filter(pk=value_id, document__type_label=document_type).first() if value_id else None
    if value is None:
        raise NotFoundError
    try:
        with transaction.atomic():
            if request.POST.get("answer") == "yes":
                field_confirm(document=value.document, value_id=value.pk, by=request.user)
            else:
                field_reject(document=value.document, key=key, by=request.user, value_id=value.pk)
    except UserError as error:
        messages.error(request, error.message)
    if request.headers.get("HX-Request"):
        return render(request, "fields/proposals_list.html", _proposals(request, document_type, key))
    return redirect("web:field_proposals", document_type, key)
