"""The list: filters, pages, rows that keep themselves up to date, a fixed number of queries."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.documents.models import Document, DocumentStatus, TypeSource
from apps.documents.services import document_set_type
from tests.integration.web.documents.processing import process_everything, read_everything

Upload = Callable[..., Document]


def titles(client: Client, query: str = "") -> list[str]:
    context = client.get(f"/documents/{query}").context
    return [row.document.title for row in context["rows"]]


def test_empty_workspace_invites_to_upload(owner: Client) -> None:
    page = owner.get("/documents/").content.decode()
    assert "No documents yet" in page
    assert 'hx-trigger="every 2s"' not in page


def test_filters(owner: Client, upload: Upload) -> None:
    letter = upload("letter.txt", "Dear charlie, the lighthouse is closed.", tags=["post"])
    upload("memo.txt", "Nothing of interest.")
    read_everything()
    document_set_type(document_id=letter.pk, label="letter", confidence=0.9, source=TypeSource.MODEL)
    Document.objects.filter(pk=letter.pk).update(received_at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    assert titles(owner, "?type=letter") == ["letter.txt"]
    assert titles(owner, "?type=none") == ["memo.txt"]
    assert titles(owner, "?tag=post") == ["letter.txt"]
    assert titles(owner, "?q=lighthouse") == ["letter.txt"]
    assert titles(owner, "?q=MEMO") == ["memo.txt"]
    assert titles(owner, "?received_from=2026-03-05&received_to=2026-03-05") == ["letter.txt"]
    assert titles(owner, "?received_from=2026-03-06") == ["memo.txt"]
    assert titles(owner, "?status=running&type=letter") == ["letter.txt"]
    assert titles(owner, "?status=failed") == []


@pytest.mark.parametrize(
    "query", ["?type=nonsense", "?status=nonsense", "?received_from=yesterday", "?after=x", "?before=_"]
)
def test_filters_that_make_no_sense_narrow_nothing(owner: Client, upload: Upload, query: str) -> None:
    upload("memo.txt")
    assert titles(owner, query) == ["memo.txt"]


def test_pages_forth_and_back(owner: Client, upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.web.documents.keyset.cut.__kwdefaults__", {"before": "", "after": "", "size": 3})
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    for number in range(8):
        document = upload(f"{number}.txt", title=str(number))
        # Pairs share a moment, so that the id has to decide.
        Document.objects.filter(pk=document.pk).update(received_at=moment + timedelta(hours=number // 2))
    seen, address = [], ""
    back = []
    while True:
        context = owner.get(f"/documents/{address}").context
        seen += [row.document.title for row in context["rows"]]
        back.append([row.document.title for row in context["rows"]])
        address = context["next_url"]
        if not address:
            break
    assert seen == ["7", "6", "5", "4", "3", "2", "1", "0"]
    address = context["previous_url"]
    for expected in reversed(back[:-1]):
        context = owner.get(f"/documents/{address}").context
        assert [row.document.title for row in context["rows"]] == expected
        address = context["previous_url"]
    assert address == ""


def test_queries_do_not_grow_with_rows(
    owner: Client, upload: Upload, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(25):
        upload(f"{number}.txt", b"%PDF-broken" + bytes([number]) if number % 2 else b"", tags=["a", f"t{number}"])
    read_everything()
    with django_assert_max_num_queries(26):
        page = owner.get("/documents/").content.decode()
    assert page.count('id="row-') == 25


def test_unfinished_rows_ask_for_themselves_until_they_are_done(owner: Client, upload: Upload) -> None:
    document, other = upload("a.txt"), upload("b.txt", b"%PDF-1.7 broken")
    page = owner.get("/documents/").content.decode()
    assert f"id={document.pk}" in page
    address = f"/documents/rows/?id={document.pk}&id={other.pk}&id=nonsense"
    update = owner.get(address)
    assert update.content.decode().count('hx-swap-oob="true"') == 2
    assert "HX-Trigger-After-Settle" not in update
    process_everything()
    update = owner.get(address)
    assert 'hx-trigger="every 2s"' not in update.content.decode()
    assert update["HX-Trigger-After-Settle"] == "documents-changed"
    assert 'hx-trigger="every 2s"' not in owner.get("/documents/").content.decode()


def test_failures_say_why(owner: Client, upload: Upload) -> None:
    document = upload("broken.pdf", b"%PDF-1.7 broken")
    process_everything()
    document.refresh_from_db()
    assert document.status == DocumentStatus.FAILED
    assert "The file is damaged or incomplete and cannot be read." in owner.get("/documents/").content.decode()


def test_htmx_gets_the_part_that_changes(owner: Client, upload: Upload) -> None:
    upload("a.txt")
    part = owner.get("/documents/", headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith("<section")
    assert "HX-Request" in part["Vary"]
