"""The pages of types: what they show and do, and who may what."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import Role, User, Workspace
from apps.classification.models import Label
from apps.core.models import AuditEvent
from apps.documents.models import Document
from apps.review.services import type_correct
from apps.web.labels.urls import urlpatterns
from tests.library import shelve

OWNER, EDITOR, REVIEWER, VIEWER = Role.OWNER, Role.EDITOR, Role.REVIEWER, Role.VIEWER
ALL, WRITERS = {OWNER, EDITOR, REVIEWER, VIEWER}, {OWNER, EDITOR}
MATRIX: dict[str, tuple[str, str, dict[str, str], set[Role]]] = {
    "label_list": ("get", "/types/", {}, ALL),
    "label_new": ("post", "/types/new/", {"name": "Parcel slip", "description": "What a parcel holds."}, WRITERS),
    "label_detail": ("get", "/types/delivery_note/", {}, ALL),
    "label_save": ("post", "/types/delivery_note/save/", {"name": "Slip", "description": "Goods."}, WRITERS),
    "label_retire": ("post", "/types/delivery_note/retire/", {"retired": "1"}, WRITERS),
}


def call(client: Client, name: str) -> int:
    method, path, data, _ = MATRIX[name]
    return int(getattr(client, method)(path, data or None).status_code)


def test_the_matrix_has_every_address() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


@pytest.mark.parametrize("name", list(MATRIX))
def test_roles(as_role: Callable[[Role], Client], label: Label, name: str) -> None:
    allowed = MATRIX[name][3]
    for role in (VIEWER, REVIEWER, EDITOR, OWNER):  # those who may not come first, and must have changed nothing
        events = AuditEvent.objects.count()
        status = call(as_role(role), name)
        assert status in ({200, 302} if role in allowed else {403}), role
        if role not in allowed:
            assert AuditEvent.objects.count() == events


def test_strangers_and_the_unknown(sign_in: Callable[[User], Client], charlie: User, label: Label) -> None:
    for name in ("label_detail", "label_save", "label_retire"):
        assert call(sign_in(charlie), name) == 404
    assert "Goods handed over" not in sign_in(charlie).get("/types/").content.decode()
    assert all(call(Client(), name) == 302 for name in MATRIX)
    label.refresh_from_db()
    assert (label.name, label.is_retired) == ("Delivery note", False)


def test_the_list_counts_what_people_confirmed(owner: Client, workspace: Workspace, alice: User, label: Label) -> None:
    for place in range(3):
        shelve(workspace, f"text {place}", type_label="delivery_note")
    type_correct(document=Document.objects.earliest("id"), label="delivery_note", by=alice)
    rows = owner.get("/types/").context["own"]
    assert [(row.slug, row.document_count, row.confirmed_count) for row in rows] == [("delivery_note", 3, 1)]
    page = owner.get("/types/delivery_note/").content.decode()
    assert "Goods handed over, without prices." in page


def test_adding_changing_and_retiring(owner: Client, label: Label) -> None:
    answer = owner.post("/types/new/", {"name": "Parcel slip", "description": "What a parcel holds."}, follow=True)
    assert "New documents can be “Parcel slip” from now on." in answer.content.decode()
    answer = owner.post("/types/new/", {"name": "Invoice", "description": "Another one."}, follow=True)
    assert "“Invoice” is built in." in answer.content.decode()
    owner.post("/types/delivery_note/save/", {"name": "Slip", "description": "Goods."})
    owner.post("/types/delivery_note/retire/", {"retired": "1"})
    label.refresh_from_db()
    assert (label.name, label.description, label.is_retired) == ("Slip", "Goods.", True)
    assert [row.slug for row in owner.get("/types/").context["retired"]] == ["delivery_note"]
    owner.post("/types/delivery_note/retire/", {"retired": "0"})
    label.refresh_from_db()
    assert not label.is_retired


def test_the_words_of_people_are_text(owner: Client) -> None:
    owner.post("/types/new/", {"name": "<b>Bold</b>", "description": "<script>alert(1)</script>"})
    page = owner.get("/types/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
