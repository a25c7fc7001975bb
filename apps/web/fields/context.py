"""What the templates around a document's values are given, for a whole page and for a part of one."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from apps.accounts.policy import Action
from apps.review.selectors import warnings_of
from apps.web.documents.access import DocumentRequest, may
from apps.web.fields.editing import EMPTY_ROW, cells_of, cells_to_read, edit_in, uuid_in
from apps.web.fields.panel import Edit, Panel, panel_of
from apps.web.fields.queue import queue_at
from apps.web.fields.words import KINDS

BLANK_ROWS = 2


def values_context(request: DocumentRequest, *, edit: Edit | None = None, shown: str = "") -> dict[str, Any]:
    """Return the panel, the tables of lines, the warnings, and the place in the queue of questions."""
    document, given = request.document, request.POST if request.method == "POST" else request.GET
    task_id = uuid_in(given.get("review"))
    panel = panel_of(
        document=document,
        edit=edit or (edit_in(request.GET) if request.method != "POST" else None),
        shown=shown or given.get("show", ""),
        can_review=may(request, Action.REVIEW),
        can_edit=may(request, Action.EDIT),
    )
    queue = (
        queue_at(user=request.user, workspace_id=request.workspace.pk, task_id=task_id)
        if task_id and panel.can_review
        else None
    )
    page = next((number for name in ("from", "page") if (number := given.get(name, "")).isdigit()), "")
    kept = {name: str(value) for name, value in (("page", page), ("review", task_id)) if value}
    return {
        "document": document,
        "panel": panel,
        "tables_of_lines": tables_of_lines(panel),
        "warnings": list(warnings_of(document_id=document.pk)),
        "queue": queue,
        "values_url": f"{reverse('web:document_detail', args=[document.pk])}?{urlencode(kept)}",
        "also": f"&review={task_id}" if task_id else "",
        "can_review": panel.can_review,
        "value_kinds": [(slug, words) for slug, words in KINDS.items() if slug != "table"],
    }


def tables_of_lines(panel: Panel) -> list[dict[str, Any]]:
    """Return the table-valued fields with their rows; one that is edited has two empty rows more."""
    found = []
    for line in panel.tables:
        rows = list(line.value.value_table or []) if line.value else []
        cells = [cells_of(row) for row in [*rows, *[EMPTY_ROW] * BLANK_ROWS]] if line.edit else cells_to_read(rows)
        found.append({"line": line, "head": cells[0] if cells else [], "rows": cells})
    return found
