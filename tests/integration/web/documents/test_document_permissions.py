"""Who may do what on the pages about documents: every address, every role."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from apps.accounts.models import Role, User
from apps.core.models import AuditEvent
from apps.documents.models import Document
from apps.extraction.models import Table
from apps.web.documents.urls import urlpatterns

OWNER, EDITOR, REVIEWER, VIEWER = Role.OWNER, Role.EDITOR, Role.REVIEWER, Role.VIEWER
ALL, WRITERS, JUDGES = {OWNER, EDITOR, REVIEWER, VIEWER}, {OWNER, EDITOR}, {OWNER, EDITOR, REVIEWER}
# name of the address: (method, path with {id} and {table}, data, who may)
MATRIX: dict[str, tuple[str, str, dict[str, str], set[Role]]] = {
    "document_list": ("get", "/documents/", {}, ALL),
    "document_rows": ("get", "/documents/rows/?id={id}", {}, ALL),
    "document_upload": ("get", "/documents/upload/", {}, WRITERS),
    "document_upload_file": ("post", "/documents/upload/file/", {}, WRITERS),
    "document_bulk": ("post", "/documents/bulk/", {"ids": "{id}", "action": "type", "type": "letter"}, JUDGES),
    "document_detail": ("get", "/documents/{id}/", {}, ALL),
    "document_tab": ("get", "/documents/{id}/tables/", {}, ALL),
    "document_status": ("get", "/documents/{id}/status/", {}, ALL),
    "document_edit": ("post", "/documents/{id}/edit/", {"title": "Changed"}, WRITERS),
    "document_type": ("post", "/documents/{id}/decide-type/", {"label": "letter"}, JUDGES),
    "document_reprocess": ("post", "/documents/{id}/reprocess/", {}, WRITERS),
    "document_retry": ("post", "/documents/{id}/retry/", {}, WRITERS),
    "document_trash": ("post", "/documents/{id}/trash/", {}, WRITERS),
    "document_markdown": ("get", "/documents/{id}/markdown.md", {}, ALL),
    "document_original": ("get", "/documents/{id}/original/", {}, ALL),
    "document_searchable": ("get", "/documents/{id}/searchable.pdf", {}, ALL),
    "page_image": ("get", "/documents/{id}/pages/1.webp?width=160", {}, ALL),
    "document_table_csv": ("get", "/documents/{id}/tables/{table}.csv", {}, ALL),
    "document_table_xlsx": ("get", "/documents/{id}/tables/{table}.xlsx", {}, ALL),
    "document_tables_csv": ("get", "/documents/{id}/tables.csv", {}, ALL),
    "document_tables_xlsx": ("get", "/documents/{id}/tables.xlsx", {}, ALL),
    "trash": ("get", "/trash/", {}, ALL),
    "trash_restore": ("post", "/trash/restore/", {"ids": "{id}"}, WRITERS),
    "trash_delete": ("post", "/trash/delete/", {"ids": "{id}"}, WRITERS),
    "trash_empty": ("post", "/trash/empty/", {}, WRITERS),
}
OF_ONE_DOCUMENT = [name for name, row in MATRIX.items() if row[1].startswith("/documents/{id}")]
BULK_ACTIONS = [("tag", WRITERS), ("type", JUDGES), ("reprocess", WRITERS), ("trash", WRITERS)]


def call(client: Client, name: str, document: Document) -> int:
    method, path, data, _ = MATRIX[name]
    table = Table.objects.filter(reading=document.current_reading).first()
    given = {"id": str(document.pk), "table": str(table.pk if table else document.pk)}
    filled = {key: value.format(**given) for key, value in data.items()}
    return int(getattr(client, method)(path.format(**given), filled or None).status_code)


def allowed(status: int) -> bool:
    return status in {200, 302, 422}


def test_the_matrix_has_every_address() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


def in_a_savepoint(client: Client, name: str, document: Document) -> int:
    """Make a call whose effects are taken back, so that every role meets the same document."""
    with transaction.atomic():
        status = call(client, name, document)
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("name", list(MATRIX))
def test_roles(as_role: Callable[[Role], Client], invoice: Document, name: str) -> None:
    answers = {role: in_a_savepoint(as_role(role), name, invoice) for role in Role}
    assert {role for role, status in answers.items() if allowed(status)} == MATRIX[name][3]
    assert all(status == 403 for role, status in answers.items() if role not in MATRIX[name][3])


def test_denied_calls_change_nothing(as_role: Callable[[Role], Client], invoice: Document) -> None:
    viewer = as_role(VIEWER)
    events = AuditEvent.objects.count()
    for name, (_, _, _, roles) in MATRIX.items():
        if VIEWER not in roles:
            assert call(viewer, name, invoice) == 403
    assert AuditEvent.objects.count() == events
    invoice.refresh_from_db()
    assert (invoice.title, invoice.type_label, invoice.deleted_at) == ("Invoice of the workshop", "invoice", None)


@pytest.mark.parametrize(("action", "roles"), BULK_ACTIONS)
def test_bulk_actions(
    as_role: Callable[[Role], Client], upload: Callable[..., Document], action: str, roles: set[Role]
) -> None:
    data = {"ids": str(upload().pk), "action": action, "tag": "new", "type": "letter"}
    for role in Role:
        assert as_role(role).post("/documents/bulk/", data).status_code == (302 if role in roles else 403)


def test_strangers_find_nothing(sign_in: Callable[[User], Client], charlie: User, invoice: Document) -> None:
    client = sign_in(charlie)
    for name in OF_ONE_DOCUMENT:
        assert call(client, name, invoice) == 404, name
    invoice.refresh_from_db()
    assert (invoice.title, invoice.deleted_at) == ("Invoice of the workshop", None)


def test_strangers_change_nothing_in_bulk(sign_in: Callable[[User], Client], charlie: User, invoice: Document) -> None:
    client = sign_in(charlie)
    for action in ("tag", "type", "reprocess", "trash"):
        client.post("/documents/bulk/", {"ids": str(invoice.pk), "action": action, "tag": "x", "type": "letter"})
    invoice.refresh_from_db()
    assert invoice.deleted_at is None
    assert invoice.type_label == "invoice"
    assert not invoice.tags.exists()
    assert str(invoice.pk) not in client.get(f"/documents/rows/?id={invoice.pk}").content.decode()


def test_nobody_without_an_account(upload: Callable[..., Document]) -> None:
    document, client = upload(), Client()
    for method, path, data, _ in MATRIX.values():
        answer = getattr(client, method)(path.format(id=document.pk, table=document.pk), data or None)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_viewer_sees_no_controls(as_role: Callable[[Role], Client], invoice: Document) -> None:
    client = as_role(VIEWER)
    page = client.get(f"/documents/{invoice.pk}/").content.decode()
    for words in ("Confirm type", "Move to trash", "Read again", "Rename", "Add tags", "Other type"):
        assert words not in page
    listed = client.get("/documents/").content.decode()
    for words in ('id="bulk-form"', "Upload documents", "data-upload"):
        assert words not in listed
