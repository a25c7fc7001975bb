"""What people do to the values of one document: correct, choose, confirm, reject; every form works without script."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from apps.accounts.policy import Action
from apps.core.errors import NotFoundError, UserError
from apps.extraction.fields.selectors.schemas import field_of
from apps.extraction.fields.selectors.values import value_get
from apps.extraction.fields.services.decisions import Given
from apps.review.models import Correction
from apps.review.services.confirming import fields_confirm
from apps.review.services.fields import field_confirm, field_correct, field_reject
from apps.web.documents.access import DocumentRequest, on_document
from apps.web.fields.context import values_context
from apps.web.fields.editing import given_in, rows_in, text_in, uuid_in
from apps.web.fields.panel import Edit, candidates_of
from apps.web.fields.queue import queue_at


def answer(request: DocumentRequest, *, edit: Edit | None = None, shown: str = "", failed: str = "") -> HttpResponse:
    """Give htmx the panel and what else may have changed; without script go back to the document."""
    if request.headers.get("HX-Request"):
        context = {**values_context(request, edit=edit, shown=shown), "failed": failed}
        return render(request, "fields/update.html", context)
    if failed:
        messages.error(request, failed)
    page = request.POST.get("from", "")
    query = {"page": page if page.isdigit() else "", "review": uuid_in(request.POST.get("review")) or "", "show": shown}
    if edit:
        query |= {"edit": edit.key, "value": edit.value_id or "", "raw": edit.typed or ""}
    kept = urlencode({name: str(value) for name, value in query.items() if value})
    return redirect(f"{reverse('web:document_detail', args=[request.document.pk])}?{kept}")


def _decide(request: DocumentRequest, decide: Callable[[], Correction], *, edit: Edit | None = None) -> HttpResponse:
    """Record a decision and show the value it made; where it cannot be taken the form stays open and says why."""
    try:
        with transaction.atomic():
            correction = decide()
    except NotFoundError:
        raise
    except UserError as error:
        if edit is None:
            return answer(request, failed=error.message)
        edit = Edit(edit.key, edit.value_id, text_in(request.POST, "raw"), error.message)
        return answer(request, edit=edit, failed=error.message)
    return answer(request, shown=f"value-{correction.after['id']}" if correction.after else "")


@require_POST
@on_document(Action.REVIEW)
def value_set(request: DocumentRequest) -> HttpResponse:
    """Take a value that was typed, or words of a page that were clicked."""
    key, value_id = text_in(request.POST, "key"), uuid_in(request.POST.get("value"))
    known = field_of(document=request.document, key=key)
    kind = known.value_type if known else "text"
    given = Given(value=rows_in(request.POST)) if kind == "table" else given_in(request.POST, value_type=kind)
    return _decide(
        request,
        lambda: field_correct(document=request.document, key=key, by=request.user, given=given, value_id=value_id),
        edit=Edit(key, value_id),
    )


@require_POST
@on_document(Action.REVIEW)
def value_choose(request: DocumentRequest) -> HttpResponse:
    """Take another candidate in the place of a value."""
    value_id = uuid_in(request.POST.get("value"))
    if value_id is None:
        raise NotFoundError
    value = value_get(document=request.document, value_id=value_id)
    place = request.POST.get("place", "")
    candidates = candidates_of(value)
    if not place.isdigit() or int(place) >= len(candidates):
        raise NotFoundError
    chosen = candidates[int(place)]
    given = Given(
        value=chosen["value"],
        currency=chosen.get("currency", ""),
        raw_text=chosen["raw_text"],
        page=chosen["page"],
        box=tuple(chosen["box"]) if chosen["box"] else None,
        words=tuple(chosen.get("words", ())),
    )
    return _decide(
        request,
        lambda: field_correct(
            document=request.document, key=value.key, given=given, by=request.user, value_id=value_id
        ),
    )


@require_POST
@on_document(Action.REVIEW)
def value_confirm(request: DocumentRequest) -> HttpResponse:
    """Record that a value is right as it was read."""
    value_id = uuid_in(request.POST.get("value"))
    if value_id is None:
        raise NotFoundError
    return _decide(request, lambda: field_confirm(document=request.document, value_id=value_id, by=request.user))


@require_POST
@on_document(Action.REVIEW)
def values_confirm(request: DocumentRequest) -> HttpResponse:
    """Record that all values are right; in the queue of questions go on to the next document."""
    count = fields_confirm(document=request.document, by=request.user)
    task_id = uuid_in(request.POST.get("review"))
    if task_id is None or request.headers.get("HX-Request"):
        return answer(request)
    queue = queue_at(user=request.user, workspace_id=request.workspace.pk, task_id=task_id)
    said = f"{count} value{'' if count == 1 else 's'} confirmed."
    if queue.reason:  # something is still missing
        messages.warning(request, f"{said} Still open: {queue.reason}")
        return answer(request)
    messages.success(request, f"“{request.document.title}”: {said}")
    return redirect(queue.next_url or "web:attention")


@require_POST
@on_document(Action.REVIEW)
def value_reject(request: DocumentRequest) -> HttpResponse:
    """Record that the document has no such value."""
    key, value_id = text_in(request.POST, "key"), uuid_in(request.POST.get("value"))
    return _decide(
        request, lambda: field_reject(document=request.document, key=key, by=request.user, value_id=value_id)
    )
