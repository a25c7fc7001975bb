"""Who may do what with fields, schemas, exports and organisations: every address, every role."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from apps.accounts.models import Role, User
from apps.core.models import AuditEvent
from apps.documents.models import Document
from apps.extraction.fields.services.decisions import Given
from apps.extraction.models import FieldValue
from apps.pipeline.models import Export
from apps.review.models import DocumentWarning, WarningKind
from apps.review.services.fields import field_correct
from apps.web.exports.urls import urlpatterns as export_urls
from apps.web.fields.urls import urlpatterns as field_urls
from apps.web.organisations.urls import urlpatterns as organisation_urls
from apps.web.schemas.urls import urlpatterns as schema_urls

OWNER, EDITOR, REVIEWER, VIEWER = Role.OWNER, Role.EDITOR, Role.REVIEWER, Role.VIEWER
ALL, WRITERS, JUDGES = {OWNER, EDITOR, REVIEWER, VIEWER}, {OWNER, EDITOR}, {OWNER, EDITOR, REVIEWER}
DOCUMENT = "/documents/{id}/"
# name of the address: (method, path with what `given` names, data, who may)
MATRIX: dict[str, tuple[str, str, dict[str, str], set[Role]]] = {
    "value_set": ("post", f"{DOCUMENT}values/set/", {"key": "buyer_name", "raw": "Somebody"}, JUDGES),
    "value_choose": ("post", f"{DOCUMENT}values/choose/", {"value": "{value}", "place": "0"}, JUDGES),
    "value_confirm": ("post", f"{DOCUMENT}values/confirm/", {"value": "{value}"}, JUDGES),
    "values_confirm": ("post", f"{DOCUMENT}values/confirm-all/", {}, JUDGES),
    "value_reject": ("post", f"{DOCUMENT}values/reject/", {"key": "buyer_name"}, JUDGES),
    "field_new": ("post", f"{DOCUMENT}values/new-field/", {"label": "Ship via", "kind": "text", "raw": "x"}, WRITERS),
    "document_bibtex": ("get", "/documents/{paper}/paper.bib", {}, ALL),
    "field_proposals": ("get", "/fields/invoice/buyer_name/", {}, ALL),
    "proposal_decide": ("post", "/fields/invoice/buyer_name/decide/", {"value": "{value}", "answer": "yes"}, JUDGES),
    "document_accounting": ("post", f"{DOCUMENT}accounting/", {"state": "approved"}, JUDGES),
    "warning_dismiss": ("post", f"{DOCUMENT}warnings/{{warning}}/dismiss/", {}, JUDGES),
    "export_list": ("get", "/exports/", {}, ALL),
    "export_new": ("post", "/exports/new/", {"format": "csv"}, JUDGES),
    "export_detail": ("get", "/exports/{export}/", {}, ALL),
    "export_file": ("get", "/exports/{export}/file/", {}, ALL),
    "organisation_list": ("get", "/organisations/", {}, ALL),
    "organisation_detail": ("get", "/organisations/{seller}/", {}, ALL),
    "organisation_rename": ("post", "/organisations/{seller}/rename/", {"name": "Harrow"}, WRITERS),
    "organisation_merge": ("post", "/organisations/{seller}/merge/", {"other": "{buyer}"}, WRITERS),
    "schema_list": ("get", "/schemas/", {}, ALL),
    "schema_open": ("get", "/schemas/open/?type=letter", {}, ALL),
    "schema_detail": ("get", "/schemas/invoice/", {}, ALL),
    "schema_save": ("post", "/schemas/invoice/save/", {"new-label": "Ship via", "new-kind": "text"}, WRITERS),
    "schema_read_again": ("post", "/schemas/invoice/read-again/", {}, WRITERS),
}
OF_ONE_DOCUMENT = [name for name, row in MATRIX.items() if row[1].startswith(DOCUMENT)]


@pytest.fixture
def given(filled: Document, upload: Callable[..., Document], alice: User) -> dict[str, str]:
    """Return what the addresses and forms need."""
    paper = upload("paper.txt")
    Document.objects.filter(pk=paper.pk).update(type_label="scientific_paper")
    paper.refresh_from_db()
    field_correct(document=paper, key="title", given=Given(raw_text="On values"), by=alice)
    value = FieldValue.objects.get(document=filled, key="buyer_name", is_effective=True)
    value.alternatives = [{"value": "Else", "raw_text": "Else", "page": None, "box": None, "words": []}]
    value.save()
    warning = DocumentWarning.objects.create(
        workspace_id=filled.workspace_id, document=filled, kind=WarningKind.CHANGED_IBAN, message="Another account."
    )
    export = Export.objects.create(workspace_id=filled.workspace_id, format="CSV", document_count=1)
    seller = FieldValue.objects.get(document=filled, key="seller_name").organisation_id
    ids = {
        "id": filled.pk,
        "paper": paper.pk,
        "value": value.pk,
        "warning": warning.pk,
        "export": export.pk,
        "seller": seller,
    }
    return {name: str(pk) for name, pk in {**ids, "buyer": value.organisation_id}.items()}


def call(client: Client, name: str, given: dict[str, str]) -> int:
    method, path, data, _ = MATRIX[name]
    filled = {key: text.format(**given) for key, text in data.items()}
    return int(getattr(client, method)(path.format(**given), filled or None).status_code)


def in_a_savepoint(client: Client, name: str, given: dict[str, str]) -> int:
    """Make a call whose effects are taken back, so that every role meets the same document."""
    with transaction.atomic():
        status = call(client, name, given)
        transaction.set_rollback(True)
    return status


def test_the_matrix_has_every_address() -> None:
    assert {pattern.name for pattern in (*field_urls, *schema_urls, *export_urls, *organisation_urls)} == set(MATRIX)


@pytest.mark.parametrize("name", list(MATRIX))
def test_roles(as_role: Callable[[Role], Client], given: dict[str, str], name: str) -> None:
    answers = {role: in_a_savepoint(as_role(role), name, given) for role in Role}
    assert {role for role, status in answers.items() if status in {200, 302}} == MATRIX[name][3]
    assert all(status == 403 for role, status in answers.items() if role not in MATRIX[name][3])


def test_denied_calls_change_nothing(as_role: Callable[[Role], Client], given: dict[str, str]) -> None:
    viewer, events, values = as_role(VIEWER), AuditEvent.objects.count(), FieldValue.objects.count()
    for name, (_, _, _, roles) in MATRIX.items():
        if VIEWER not in roles:
            assert call(viewer, name, given) == 403
    assert (AuditEvent.objects.count(), FieldValue.objects.count()) == (events, values)


def test_strangers_find_nothing(
    sign_in: Callable[[User], Client], charlie: User, given: dict[str, str], filled: Document
) -> None:
    client, values = sign_in(charlie), FieldValue.objects.filter(document=filled).count()
    for name in (*OF_ONE_DOCUMENT, "document_bibtex", "proposal_decide"):
        assert call(client, name, given) == 404, name
    assert FieldValue.objects.filter(document=filled).count() == values
    for name in ("field_proposals", "schema_detail", "schema_list"):
        assert "Tallgrass" not in client.get(MATRIX[name][1]).content.decode()


def test_nobody_without_an_account(given: dict[str, str]) -> None:
    for name in MATRIX:
        assert call(Client(), name, given) == 302
