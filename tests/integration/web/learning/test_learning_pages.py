"""The pages of what was learned: receipts, taking back, the line on a document's page, and who may what."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from apps.accounts.models import Role, User
from apps.classification.models import Refit, RefitCause, RefitState
from apps.core.models import AuditEvent
from apps.documents.models import Document
from apps.web.learning.urls import urlpatterns

OWNER, EDITOR, REVIEWER, VIEWER = Role.OWNER, Role.EDITOR, Role.REVIEWER, Role.VIEWER
ALL, JUDGES, WRITERS = {OWNER, EDITOR, REVIEWER, VIEWER}, {OWNER, EDITOR, REVIEWER}, {OWNER, EDITOR}
MATRIX: dict[str, tuple[str, str, set[Role]]] = {
    "refit_list": ("get", "/learning/", ALL),
    "refit_look_again": ("post", "/learning/look-again/", WRITERS),
    "refit_detail": ("get", "/learning/{refit}/", ALL),
    "refit_take_back": ("post", "/learning/{refit}/undo/", JUDGES),
    "document_learned": ("get", "/documents/{document}/learned/", ALL),
}


def call(client: Client, name: str, refit: Refit, document: Document) -> int:
    method, path, _ = MATRIX[name]
    return int(getattr(client, method)(path.format(refit=refit.pk, document=document.pk)).status_code)


def test_the_matrix_has_every_address() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


@pytest.mark.parametrize("name", list(MATRIX))
def test_roles(as_role: Callable[[Role], Client], refit: Refit, corrected: Document, name: str) -> None:
    for role in Role:
        events = AuditEvent.objects.count()
        with transaction.atomic():
            status = call(as_role(role), name, refit, corrected)
            assert status in ({200, 302} if role in MATRIX[name][2] else {403}), role
            if role not in MATRIX[name][2]:
                assert AuditEvent.objects.count() == events
            transaction.set_rollback(True)


def test_strangers_find_nothing(
    sign_in: Callable[[User], Client], charlie: User, refit: Refit, corrected: Document
) -> None:
    for name in ("refit_detail", "refit_take_back", "document_learned"):
        assert call(sign_in(charlie), name, refit, corrected) == 404
    assert str(refit.pk) not in sign_in(charlie).get("/learning/").content.decode()
    assert all(call(Client(), name, refit, corrected) == 302 for name in MATRIX)
    assert Refit.objects.get().undone_at is None


def test_a_receipt_lists_what_changed(owner: Client, refit: Refit) -> None:
    page = owner.get(f"/learning/{refit.pk}/").content.decode()
    assert "Changed one" in page
    assert "1 decision of " in page
    assert "120 ms" in page
    assert "Taken back" not in page


def test_taking_back(owner: Client, refit: Refit, corrected: Document) -> None:
    answer = owner.post(f"/learning/{refit.pk}/undo/", follow=True).content.decode()
    assert "Taken back: 2 documents as before." in answer
    corrected.refresh_from_db()
    assert (corrected.type_label, corrected.type_confidence, corrected.type_source) == ("invoice", 0.7, "MODEL")
    changed = Document.objects.get(title="Changed one")
    assert (changed.type_label, changed.type_confidence) == ("invoice", 0.6)
    answer = owner.post(f"/learning/{refit.pk}/undo/", follow=True).content.decode()
    assert "not taken back yet" in answer
    assert "decision was taken back" in owner.get(f"/documents/{corrected.pk}/type/").content.decode()


@pytest.mark.parametrize(
    ("state", "changed", "words"),
    [
        ("READY", 0, "Learning from it"),
        ("RUNNING", 0, "Learning from it"),
        ("SUCCEEDED", 14, "Changed 14 others:"),
        ("SUCCEEDED", 0, "no other document changed"),
        ("FAILED", 0, "Nothing could be learned from it"),
    ],
)
def test_the_line_on_the_page(
    owner: Client, refit: Refit, corrected: Document, state: str, changed: int, words: str
) -> None:
    Refit.objects.update(state=state, changed_count=changed)
    line = owner.get(f"/documents/{corrected.pk}/learned/").content.decode()
    assert words in line
    assert ("hx-trigger" in line) == (state in {"READY", "RUNNING"})
    assert f"/documents/{corrected.pk}/learned/" in owner.get(f"/documents/{corrected.pk}/text/").content.decode()


def test_what_waits_for_another_word_is_told(owner: Client, refit: Refit, corrected: Document) -> None:
    Refit.objects.update(cause=RefitCause.ACTIVATION)
    assert "Another model was chosen" in owner.get(f"/documents/{corrected.pk}/learned/").content.decode()
    assert "another model was chosen meanwhile" in owner.get(f"/learning/{refit.pk}/").content.decode()


def test_looking_again_asks_for_it_once(owner: Client, refit: Refit) -> None:
    for _ in range(2):
        assert owner.post("/learning/look-again/").status_code == 302
    asked = Refit.objects.exclude(pk=refit.pk)
    assert [(each.cause, each.state) for each in asked] == [(RefitCause.TYPES, RefitState.READY)]
    assert "Under way." in owner.get(f"/learning/{asked[0].pk}/").content.decode()
