"""The pages of re-runs: starting, what differs, promoting and discarding, and who may what."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from apps.accounts.models import Role, User, Workspace
from apps.core.models import AuditEvent
from apps.pipeline.models import PipelineRun, Rerun, RerunDecision, RerunItem
from apps.web.reruns.urls import urlpatterns
from tests.integration.web.reruns.conftest import current, finish
from tests.library import shelve

ALL, WRITERS = set(Role), {Role.OWNER, Role.EDITOR}
MATRIX: dict[str, tuple[str, str, set[Role]]] = {
    "rerun_list": ("get", "/reruns/", ALL),
    "rerun_start": ("post", "/reruns/start/", WRITERS),
    "rerun_detail": ("get", "/reruns/{rerun}/", ALL),
    "rerun_promote": ("post", "/reruns/{rerun}/promote/", WRITERS),
    "rerun_discard": ("post", "/reruns/{rerun}/discard/", WRITERS),
    "rerun_document": ("get", "/reruns/{rerun}/{item}/", ALL),
    "rerun_item_promote": ("post", "/reruns/{rerun}/{item}/promote/", WRITERS),
    "rerun_item_discard": ("post", "/reruns/{rerun}/{item}/discard/", WRITERS),
    "document_beside": ("post", "/documents/{document}/beside/", WRITERS),
}


def call(client: Client, name: str, item: RerunItem) -> int:
    method, path, _ = MATRIX[name]
    path = path.format(rerun=item.rerun_id, item=item.pk, document=item.document_id)
    return int(getattr(client, method)(path).status_code)


def test_the_matrix_has_every_address() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


@pytest.mark.parametrize("name", list(MATRIX))
def test_roles(as_role: Callable[[Role], Client], item: RerunItem, name: str) -> None:
    for role in Role:
        before = (AuditEvent.objects.count(), PipelineRun.objects.count(), current(item))
        with transaction.atomic():
            status = call(as_role(role), name, item)
            assert status in ({200, 302} if role in MATRIX[name][2] else {403}), role
            if role not in MATRIX[name][2]:
                assert (AuditEvent.objects.count(), PipelineRun.objects.count(), current(item)) == before
            transaction.set_rollback(True)


def test_strangers_find_nothing(sign_in: Callable[[User], Client], charlie: User, item: RerunItem) -> None:
    for name in set(MATRIX) - {"rerun_list", "rerun_start"}:
        assert call(sign_in(charlie), name, item) == 404
    assert str(item.rerun_id) not in sign_in(charlie).get("/reruns/").content.decode()
    assert call(sign_in(charlie), "rerun_start", item) == 302
    assert Rerun.objects.count() == 1, "they have no documents"
    assert all(call(Client(), name, item) == 302 for name in MATRIX)
    item.refresh_from_db()
    assert item.decision == RerunDecision.PENDING


def test_what_differs_is_shown_before_anything_changes(owner: Client, item: RerunItem) -> None:
    failed = {"code": "page_failed", "message": "Page 2 cannot be read.", "step": "read"}
    PipelineRun.objects.filter(rerun_item=item).update(errors=[failed])
    page = " ".join(owner.get(f"/reruns/{item.rerun_id}/{item.pk}/").content.decode().split())
    for words in (
        "1 the same, 1 changed, 1 gained, 1 lost",
        "Page 2 cannot be read.",
        "R-1<",
        "R-17",
        "Sample Inc",
        "nobody has decided",
        "settings: others",
    ):
        assert words in page, words
    page = " ".join(owner.get(f"/reruns/{item.rerun_id}/").content.decode().split())
    for words in ("1 document together", "Read twice", "1 the same, 1 changed", "Promote all"):
        assert words in page, words
    told = owner.get(f"/api/v1/reruns/{item.rerun_id}/").json()
    assert (told["summary"]["documents"], told["summary"]["gained"]) == (1, 1)
    (listed,) = told["documents"]
    assert (listed["document"], listed["decision"], listed["state"]) == (str(item.document_id), "pending", "succeeded")
    assert (listed["figures"]["changed"], listed["figures"]["lost"]) == (1, 1)
    assert current(item) == item.before_id
    assert "R-1<" in owner.get(f"/documents/{item.document_id}/values/").content.decode()


def test_promoting_and_discarding(owner: Client, workspace: Workspace, item: RerunItem) -> None:
    answer = owner.post(f"/reruns/{item.rerun_id}/promote/", follow=True).content.decode()
    assert "Promoted 1 document." in answer
    assert current(item) == item.after_id
    assert "R-17" in owner.get(f"/documents/{item.document_id}/values/").content.decode()
    again = owner.post(f"/reruns/{item.rerun_id}/{item.pk}/discard/", follow=True).content.decode()
    assert "decided already" in again
    shelve(workspace, "another", title="Another", type_label="letter")
    started = owner.post("/reruns/start/", {"type": "letter", "count": "5"}, follow=True).content.decode()
    assert "0 of 1 are read." in started
    second = RerunItem.objects.latest("id")
    finish(second)
    form = {"decision": "discarded"}
    answer = owner.patch(f"/api/v1/reruns/{second.rerun_id}/", form, content_type="application/json").json()
    assert [(each["decision"], each["state"]) for each in answer["documents"]] == [("discarded", None)]
    assert current(second) == second.before_id
    assert owner.get(f"/reruns/{second.rerun_id}/{second.pk}/").status_code == 200


def test_ticked_documents(owner: Client, item: RerunItem) -> None:
    form = {"action": "beside", "ids": [str(item.document_id)]}
    answer = owner.post("/documents/bulk/", form, follow=True).content.decode()
    assert "Reading 1 document beside" in answer
    assert "can be read again just now" in owner.post("/documents/bulk/", form, follow=True).content.decode()
