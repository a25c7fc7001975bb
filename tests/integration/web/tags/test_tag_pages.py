"""The pages of tags: figures, versions, yes and no in one click, and who may what."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from apps.accounts.models import Role, User
from apps.classification.models import ModelState, ModelVersion, Refit, RefitCause
from apps.classification.selectors import TAGS
from apps.core.models import AuditEvent
from apps.documents.models import Document, TagDecision
from apps.web.tags.urls import urlpatterns

OWNER, EDITOR, REVIEWER, VIEWER = Role.OWNER, Role.EDITOR, Role.REVIEWER, Role.VIEWER
ALL, JUDGES = {OWNER, EDITOR, REVIEWER, VIEWER}, {OWNER, EDITOR, REVIEWER}
MATRIX: dict[str, tuple[str, str, dict[str, str], set[Role]]] = {
    "tag_list": ("get", "/tags/", {}, ALL),
    "tag_version": ("get", "/tags/versions/{version}/", {}, ALL),
    "tag_version_activate": ("post", "/tags/versions/{version}/activate/", {}, {OWNER}),
    "document_decide_tag": ("post", "/documents/{document}/decide-tag/", {"yes": "acme"}, JUDGES),
}


def call(client: Client, name: str, version: ModelVersion, document: Document) -> int:
    method, path, data, _ = MATRIX[name]
    address = path.format(version=version.pk, document=document.pk)
    return int(getattr(client, method)(address, data or None).status_code)


def test_the_matrix_has_every_address() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


@pytest.mark.parametrize("name", list(MATRIX))
def test_roles(as_role: Callable[[Role], Client], version: ModelVersion, wanting: Document, name: str) -> None:
    for role in Role:
        events = AuditEvent.objects.count()
        with transaction.atomic():
            status = call(as_role(role), name, version, wanting)
            assert status in ({200, 302} if role in MATRIX[name][3] else {403}), role
            if role not in MATRIX[name][3]:
                assert AuditEvent.objects.count() == events
                assert not wanting.tags.exists()
            transaction.set_rollback(True)


def test_strangers_find_nothing(
    sign_in: Callable[[User], Client], charlie: User, version: ModelVersion, wanting: Document
) -> None:
    for name in ("tag_version", "tag_version_activate", "document_decide_tag"):
        assert call(sign_in(charlie), name, version, wanting) == 404
    assert "acme" not in sign_in(charlie).get("/tags/").content.decode()
    assert all(call(Client(), name, version, wanting) == 302 for name in MATRIX)
    assert not wanting.tags.exists()


def test_the_list_tells_what_was_said_and_learned(owner: Client, version: ModelVersion, wanting: Document) -> None:
    (row,) = owner.get("/tags/").context["rows"]
    assert (row.document_count, row.confirmed_count, row.refused_count, row.suggested_count) == (1, 1, 1, 1)
    page = owner.get("/tags/").content.decode()
    assert "0.94" in page
    assert "/documents/?suggested=acme" in page
    assert "Wanting one" in owner.get("/documents/?suggested=acme").content.decode()
    assert "Tagged one" not in owner.get("/documents/?suggested=acme").content.decode()
    figures = owner.get(f"/tags/versions/{version.pk}/").content.decode()
    assert "0.870" in figures
    assert "Use this version" not in figures


@pytest.mark.parametrize("place", ["/documents/", "/documents/{document}/text/"])
def test_one_click_answers(owner: Client, as_role: Callable[[Role], Client], wanting: Document, place: str) -> None:
    here = place.format(document=wanting.pk)
    page = owner.get(here).content.decode()
    assert "No, not acme" in page
    assert "93 %" in page
    assert "No, not acme" not in as_role(VIEWER).get(here).content.decode()
    address = f"/documents/{wanting.pk}/decide-tag/"
    answer = owner.post(address, {"no": "acme", "next": here})
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert "No, not acme" not in owner.get(here).content.decode()
    assert TagDecision.objects.get(document=wanting).is_wanted is False
    assert "take that back" in owner.get(f"/documents/{wanting.pk}/text/").content.decode()
    owner.post(address, {"forget": "acme"})
    assert "No, not acme" in owner.get(here).content.decode()
    assert "Tagged “acme”" in owner.post(address, {"yes": "acme", "next": here}, follow=True).content.decode()
    assert [tag.name for tag in wanting.tags.all()] == ["acme"]
    assert "There is no tag" in owner.post(address, {"yes": "another"}, follow=True).content.decode()
    page = owner.get(f"/documents/{wanting.pk}/timeline/").content.decode()
    assert all(words in page for words in ("Tag refused", "Word on a tag taken back", "Tagged"))


def test_what_is_complete_gets_no_more_suggestions(owner: Client, wanting: Document) -> None:
    owner.post(f"/documents/{wanting.pk}/edit/", {"tags": "another"})
    assert "No, not acme" not in owner.get(f"/documents/{wanting.pk}/text/").content.decode()


def test_going_back_to_a_version(owner: Client, version: ModelVersion) -> None:
    ModelVersion.objects.filter(pk=version.pk).update(state=ModelState.RETIRED)
    page = owner.get(f"/tags/versions/{version.pk}/").content.decode()
    assert "Use this version" in page
    owner.post(f"/tags/versions/{version.pk}/activate/")
    version.refresh_from_db()
    assert version.state == ModelState.ACTIVE
    assert Refit.objects.get().family == TAGS
    assert Refit.objects.get().cause == RefitCause.ACTIVATION
