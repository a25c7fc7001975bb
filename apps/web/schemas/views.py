"""The pages of schemas: all types, the fields of one, earlier versions, and reading documents once more by them."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.policy import Action
from apps.core.errors import NotFoundError, UserError
from apps.documents.selectors import count_by_type, visible_to
from apps.extraction.engine.fields.catalogue import EVERY_DOCUMENT
from apps.extraction.fields.selectors.schemas import (
    SchemaView,
    schema_of,
    schema_view,
    schemas_in,
    type_of_slug,
    versions_of,
)
from apps.extraction.fields.services.schemas import schema_edit
from apps.pipeline.services.anew import schema_apply
from apps.review.selectors import known_types
from apps.web.documents.access import may
from apps.web.documents.bulk import count_of
from apps.web.documents.types import type_choices, type_title
from apps.web.fields.words import KINDS
from apps.web.schemas.editing import added_in, drafts_in, moved
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_VERSIONS: Final = 20


def _type(request: WorkspaceRequest, slug: str) -> str:
    """Return the type an address names; raises NotFoundError for one that the workspace does not know."""
    if slug != EVERY_DOCUMENT and slug not in known_types(workspace_id=request.workspace.pk):
        raise NotFoundError("There is no such type.")
    return type_of_slug(slug)


@require_safe
@in_workspace()
def schema_list(request: WorkspaceRequest) -> HttpResponse:
    """List the types that have fields, and let others get some."""
    schemas = schemas_in(workspace_id=request.workspace.pk)
    counts = count_by_type(documents=visible_to(user=request.user, workspace_id=request.workspace.pk))
    known = {schema.document_type for schema in schemas}
    rows = [
        {
            "schema": schema,
            "title": type_title(schema.slug),
            "count": counts.get(schema.document_type, 0) if schema.document_type else sum(counts.values()),
            "labels": ", ".join(each.label for each in schema.fields),
        }
        for schema in schemas
    ]
    others = [choice for choice in type_choices(workspace_id=request.workspace.pk) if choice[0] not in known]
    context = {"rows": rows, "others": others, "can_edit": may(request, Action.EDIT)}
    return render(request, "schemas/list.html", context)


@require_safe
@in_workspace()
def schema_open(request: WorkspaceRequest) -> HttpResponse:
    """Go to the fields of a type that has none yet."""
    return redirect("web:schema_detail", request.GET.get("type") or EVERY_DOCUMENT)


@require_safe
@in_workspace()
def schema_detail(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Show the fields of a type; an earlier version can be looked at and not be edited."""
    document_type = _type(request, slug)
    current = schema_of(workspace_id=request.workspace.pk, document_type=document_type)
    versions = list(versions_of(workspace_id=request.workspace.pk, document_type=document_type)[:MOST_VERSIONS])
    asked = request.GET.get("version", "")
    earlier = next((each for each in versions if str(each.version) == asked), None)
    shown = schema_view(earlier) if earlier else current
    context = {
        "schema": shown,
        "is_current": shown.version == current.version,
        "versions": versions,
        "title": type_title(slug),
        "can_edit": may(request, Action.EDIT) and shown.version == current.version,
        **_words(shown),
    }
    return render(request, "schemas/detail.html", context)


def _words(schema: SchemaView) -> dict[str, Any]:
    return {
        "rows": [
            {
                "field": each,
                "kind": KINDS.get(each.value_type, each.value_type),
                "words": ", ".join(each.rule.get("labels", ())),
            }
            for each in schema.fields
        ],
        "kinds": [(slug, words) for slug, words in KINDS.items() if slug != "table"],
    }


@require_POST
@in_workspace(Action.EDIT)
def schema_save(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Make a new version of a type's fields of what the form holds."""
    document_type = _type(request, slug)
    current = schema_of(workspace_id=request.workspace.pk, document_type=document_type)
    based_on = request.POST.get("version", "")
    drafts = moved(drafts_in(request.POST, current), request.POST.get("move", ""))
    added = added_in(request.POST)
    try:
        saved = schema_edit(
            workspace_id=request.workspace.pk,
            document_type=document_type,
            fields=[*drafts, added] if added else drafts,
            by=request.user,
            based_on=int(based_on) if based_on.isdigit() else None,
        )
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Saved as version {saved.version}.")
    return redirect("web:schema_detail", slug)


@require_POST
@in_workspace(Action.EDIT)
def schema_read_again(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Read the fields of a type's documents anew, by the schema as it is now."""
    count = schema_apply(workspace_id=request.workspace.pk, document_type=_type(request, slug), by=request.user)
    messages.success(request, f"The fields of {count_of(count)} are being read again. What people said stays.")
    return redirect("web:schema_detail", slug)
