"""The pages of organisations: a list to search, one with its documents and figures, renaming, merging."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.policy import Action
from apps.core.errors import UserError
from apps.extraction.entities.figures import BUYER_KEYS, SELLER_KEYS, Total, accounts_of, document_counts, totals_as
from apps.extraction.entities.selectors import documents_naming, keys_naming, organisation_get, organisations_in
from apps.extraction.entities.services import organisation_merge as merge
from apps.extraction.entities.services import organisation_rename as rename
from apps.extraction.models import Organisation
from apps.web.documents.access import may
from apps.web.documents.rows import rows_of
from apps.web.fields.editing import text_in, uuid_in
from apps.web.fields.words import shown_number, shown_value
from apps.web.shell import WorkspaceRequest, in_workspace

PAGE_SIZE: Final = 50
MOST_DOCUMENTS: Final = 50
MOST_CANDIDATES: Final = 10
ROLES: Final = {
    "seller_name": "Seller",
    "merchant_name": "Merchant",
    "buyer_name": "Buyer",
    "party": "Party",
    "sender": "Sender",
}


def _found(request: WorkspaceRequest, q: str) -> QuerySet[Organisation]:
    return organisations_in(user=request.user, workspace_id=request.workspace.pk, q=q)


def _rows(organisations: Sequence[Organisation]) -> list[dict[str, Any]]:
    counts = document_counts(organisation_ids=[each.pk for each in organisations])
    return [{"organisation": each, "count": counts.get(each.pk, 0)} for each in organisations]


@require_safe
@in_workspace()
def organisation_list(request: WorkspaceRequest) -> HttpResponse:
    """List organisations by name; a search looks at every way they are written."""
    q = text_in(request.GET, "q")
    found = _found(request, q).prefetch_related("aliases")
    last = _found(request, "").filter(pk=after).first() if (after := uuid_in(request.GET.get("after"))) else None
    if last is not None:
        found = found.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    shown = list(found[: PAGE_SIZE + 1])
    next_query = urlencode({"q": q, "after": str(shown[PAGE_SIZE - 1].pk)}) if len(shown) > PAGE_SIZE else ""
    context = {
        "q": q,
        "rows": _rows(shown[:PAGE_SIZE]),
        "first_url": f"?{urlencode({'q': q})}" if last is not None else "",
        "next_url": f"?{next_query}" if next_query else "",
    }
    part = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    return render(request, "organisations/table.html" if part else "organisations/list.html", context)


def _organisation(request: WorkspaceRequest, organisation_id: UUID) -> Organisation:
    return organisation_get(user=request.user, workspace_id=request.workspace.pk, organisation_id=organisation_id)


def _amounts(totals: Sequence[Total]) -> list[dict[str, object]]:
    return [
        {"text": f"{shown_number(str(each.amount), money=True)} {each.currency}".rstrip(), "documents": each.documents}
        for each in totals
    ]


@require_safe
@in_workspace()
def organisation_detail(request: WorkspaceRequest, organisation_id: UUID) -> HttpResponse:
    """Show an organisation; one that was merged leads to what it is part of now."""
    organisation = _organisation(request, organisation_id)
    if organisation.pk != organisation_id:
        return redirect("web:organisation_detail", organisation.pk)
    documents = documents_naming(user=request.user, organisation=organisation)
    q = text_in(request.GET, "with")
    candidates = list(_found(request, q).exclude(pk=organisation.pk)[:MOST_CANDIDATES]) if q else []
    roles = keys_naming(organisation=organisation)
    context = {
        "organisation": organisation,
        "aliases": [alias.text for alias in organisation.aliases.all() if alias.text != organisation.name],
        "roles": [(ROLES.get(key, key.replace("_", " ").capitalize()), count) for key, count in roles.items()],
        "sold": _amounts(totals_as(organisation=organisation, keys=SELLER_KEYS)),
        "bought": _amounts(totals_as(organisation=organisation, keys=BUYER_KEYS)),
        "accounts": [
            {"iban": shown_value("identifier", each.iban, key="iban"), "documents": each.documents}
            for each in accounts_of(organisation=organisation)
        ],
        "rows": rows_of(list(documents[:MOST_DOCUMENTS])),
        "document_count": documents.count(),
        "merge_q": q,
        "candidates": _rows(candidates),
        "can_edit": may(request, Action.EDIT),
    }
    return render(request, "organisations/detail.html", context)


@require_POST
@in_workspace(Action.EDIT)
def organisation_rename(request: WorkspaceRequest, organisation_id: UUID) -> HttpResponse:
    """Give an organisation another name; it is still found by the old one."""
    organisation = _organisation(request, organisation_id)
    try:
        rename(organisation=organisation, name=text_in(request.POST, "name"), by=request.user)
    except UserError as error:
        messages.error(request, error.message)
    return redirect("web:organisation_detail", organisation.pk)


@require_POST
@in_workspace(Action.EDIT)
def organisation_merge(request: WorkspaceRequest, organisation_id: UUID) -> HttpResponse:
    """Make another organisation part of this one, for later documents too."""
    organisation, other_id = _organisation(request, organisation_id), uuid_in(request.POST.get("other"))
    if other_id is None:
        messages.warning(request, "Choose what is to become part of this organisation.")
        return redirect("web:organisation_detail", organisation.pk)
    other = _organisation(request, other_id)
    try:
        merge(organisation=other, into=organisation, by=request.user)
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"“{other.name}” is part of “{organisation.name}” now.")
    return redirect("web:organisation_detail", organisation.pk)
