"""What each tab of a document's page shows; every function gives the context of one template."""

from collections.abc import Callable
from typing import Any

from django.utils.dateparse import parse_datetime

from apps.classification.selectors import prediction_of
from apps.core.audit import history
from apps.documents.models import Document
from apps.documents.selectors import pages_of
from apps.extraction.fields.selectors.values import count_of_values
from apps.extraction.markdown import markdown_pieces
from apps.extraction.selectors import tables_of
from apps.extraction.sheets import grid_of
from apps.pipeline.exports.selectors import exports_with
from apps.pipeline.models import PipelineRun
from apps.pipeline.selectors import dead_letters_of, run_errors, runs_of, step_summaries
from apps.review.selectors import corrections_of
from apps.web.documents.access import DocumentRequest
from apps.web.documents.cells import shown_cells
from apps.web.documents.parts import count_of_parts, left_out_of, parts
from apps.web.documents.viewer import table_anchor, viewer_of
from apps.web.documents.why import why_of
from apps.web.documents.words import ACTION_ICONS, ACTIONS, ADVICE, FILES_OWN_FAULT, STEPS, TRIGGERS, flag_words
from apps.web.fields.context import values_context
from apps.web.fields.mentions import mentions_on
from apps.web.fields.panel import panel_of

TEXT_PAGES = 20
TABLES = 30
RUNS = 10
EVENTS = 100
DEAD_LETTERS = 50
METADATA = {
    "title": "Title in the file",
    "author": "Author",
    "created_at": "Made",
    "modified_at": "Changed",
    "producer": "Producer",
    "creator": "Made with",
    "language": "Language",
    "subject": "Subject",
}


def number_in(request: DocumentRequest, name: str = "page") -> int:
    """Return a page number of the address; anything else is 1."""
    value = request.GET.get(name, "1")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else 1


def pages(request: DocumentRequest) -> dict[str, Any]:
    """Show one page with its boxes, the document's fields beside it, and who and what is named on it."""
    shown, reading = request.GET.get("show", ""), request.document.current_reading
    viewer = viewer_of(document=request.document, number=number_in(request), shown=shown)
    return {
        "viewer": viewer,
        "mentions": mentions_on(reading_id=reading.pk, page=viewer.page.number) if viewer and reading else [],
        **values_context(request),
    }


def text(request: DocumentRequest) -> dict[str, Any]:
    """Show the text of twenty pages."""
    first = number_in(request, "from")
    found = list(pages_of(document=request.document, first=first, last=first + TEXT_PAGES - 1))
    has_more = pages_of(document=request.document, first=first + TEXT_PAGES).exists()
    return {
        "pages": found,
        "previous_url": f"?from={max(1, first - TEXT_PAGES)}" if first > 1 else "",
        "next_url": f"?from={first + TEXT_PAGES}" if has_more else "",
    }


def markdown(request: DocumentRequest) -> dict[str, Any]:
    """Show the Markdown of twenty pages."""
    first = number_in(request, "from")
    pieces = markdown_pieces(document=request.document, first=first, last=first + TEXT_PAGES - 1)
    has_more = pages_of(document=request.document, first=first + TEXT_PAGES).exists()
    return {
        "markdown": "".join(pieces),
        "previous_url": f"?from={max(1, first - TEXT_PAGES)}" if first > 1 else "",
        "next_url": f"?from={first + TEXT_PAGES}" if has_more else "",
    }


def tables(request: DocumentRequest) -> dict[str, Any]:
    """Show tables as tables, thirty at a time."""
    reading = request.document.current_reading
    first = number_in(request, "from")
    found = list(tables_of(reading_id=reading.pk)[first - 1 : first + TABLES]) if reading else []
    shown = [
        {
            "table": table,
            "anchor": table_anchor(table),
            "number": table.position + 1,
            "head": grid[:head],
            "body": grid[head:],
        }
        for table in found[:TABLES]
        for head in [max(1, table.header_rows)]
        for grid in [shown_cells(grid_of(table), head=head)]
    ]
    return {
        "tables": shown,
        "previous_url": f"?from={max(1, first - TABLES)}" if first > 1 else "",
        "next_url": f"?from={first + TABLES}" if len(found) > TABLES else "",
    }


def values(request: DocumentRequest) -> dict[str, Any]:
    """Show the values found, and what the file says of itself."""
    reading = request.document.current_reading
    metadata = reading.metadata if reading else {}
    panel = panel_of(document=request.document)
    return {
        "lines": [line for line in panel.lines if line.value],
        "metadata": [(words, _readable(metadata[key])) for key, words in METADATA.items() if metadata.get(key)],
    }


def _readable(value: str) -> str:
    """Write a moment as a person would; other values stay as they are."""
    try:
        moment = parse_datetime(value)
    except ValueError:  # it looks like a moment and is none, such as the 31st of February
        return value
    return f"{moment.day} {moment:%B %Y, %H:%M}" if moment else value


def type_(request: DocumentRequest) -> dict[str, Any]:
    """Show what the model made of the document, and what people said."""
    reading = request.document.current_reading
    prediction = prediction_of(reading_id=reading.pk) if reading else None
    return {
        "prediction": prediction,
        "flags": [flag_words(flag) for flag in prediction.flags] if prediction else [],
        "why": why_of(prediction) if prediction else None,
        "corrections": [each for each in corrections_of(document_id=request.document.pk) if each.subject == "type"],
    }


def problems(request: DocumentRequest) -> dict[str, Any]:
    """Show what went wrong in the newest run, and what can be done about it."""
    run = runs_of(document_id=request.document.pk).first()
    dead = list(dead_letters_of(run_id=run.pk)[:DEAD_LETTERS]) if run else []
    return {
        "errors": errors_of(run),
        "dead_letters": [{"step": STEPS.get(each.step, each.step), "part": each} for each in dead],
        "is_files_fault": bool(dead) and all(each.error_code in FILES_OWN_FAULT for each in dead),
    }


def errors_of(run: PipelineRun | None) -> list[dict[str, Any]]:
    """Return a run's errors with their steps and advice in words."""
    return [
        {**error, "step_words": STEPS.get(error.get("step", ""), ""), "advice": ADVICE.get(error.get("code", ""), "")}
        for error in (run_errors(run=run) if run else [])
    ]


def timeline(request: DocumentRequest) -> dict[str, Any]:
    """Show who did what when, and how long the machines took."""
    runs = list(runs_of(document_id=request.document.pk)[:RUNS])
    steps: dict[object, list[dict[str, Any]]] = {}
    for summary in step_summaries(run_ids=[run.pk for run in runs]):
        summary["words"] = STEPS.get(summary["step"], summary["step"])
        steps.setdefault(summary["run_id"], []).append(summary)
    order = list(STEPS)
    for found in steps.values():
        found.sort(key=lambda summary: order.index(summary["step"]) if summary["step"] in order else len(order))
    events = list(history(object_kind="document", object_id=request.document.pk)[:EVENTS])
    # Who asked for a run stands beside the run, not in a line of its own.
    asked = {event.data.get("run"): event for event in events if event.action == "document.reprocess"}
    entries = [
        {
            "at": run.created_at,
            "run": run,
            "icon": "settings",
            "words": TRIGGERS.get(run.trigger, run.trigger),
            "steps": steps.get(run.pk, []),
            "by": event.actor_label if (event := asked.pop(str(run.pk), None)) else "",
        }
        for run in runs
    ]
    entries += [
        {
            "at": event.created_at,
            "event": event,
            "icon": ACTION_ICONS.get(event.action, "user"),
            "words": ACTIONS.get(event.action, event.action),
            "by": event.actor_label,
        }
        for event in events
        if event.action != "document.reprocess" or event in asked.values()
    ]
    entries += [
        {
            "at": item.export.finished_at,
            "export": item.export,
            "icon": "file-spreadsheet",
            "words": "Went out with an export",
            "by": item.export.by_label,
        }
        for item in exports_with(document_id=request.document.pk)[:EVENTS]
    ]
    return {"entries": sorted(entries, key=lambda entry: entry["at"], reverse=True)}


Tab = Callable[[DocumentRequest], dict[str, Any]]
TABS: dict[str, tuple[str, str, Tab]] = {
    "pages": ("Pages", "file-text", pages),
    "text": ("Text", "notes", text),
    "markdown": ("Markdown", "code", markdown),
    "tables": ("Tables", "table", tables),
    "values": ("Values", "list-details", values),
    "parts": ("Files inside", "archive", parts),
    "type": ("Type", "tag", type_),
    "problems": ("Problems", "alert-triangle", problems),
    "timeline": ("Timeline", "history", timeline),
}


def counts_of(document: Document, run: PipelineRun | None) -> dict[str, int]:
    """Count what stands behind the tabs that show a number."""
    reading = document.current_reading
    return {
        "pages": document.page_count or 0,
        "tables": tables_of(reading_id=reading.pk).count() if reading else 0,
        "values": count_of_values(document=document),
        "parts": count_of_parts(document) or len(left_out_of(document)),
        "problems": len(run_errors(run=run)) if run else 0,
    }
