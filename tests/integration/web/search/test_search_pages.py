"""The search page as a server answers it; no encoder runs, so meaning is left out."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from apps.accounts.models import User, Workspace
from apps.web.search import views
from tests.library import shelve


@pytest.fixture
def client(alice: User) -> Client:
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_without_a_query_there_are_tips(client: Client) -> None:
    page = client.get("/search/").content.decode()
    assert "Find it by what it says" in page
    assert 'class="hits"' not in page


def test_results_link_to_the_page_and_show_what_matched(client: Client, workspace: Workspace) -> None:
    document = shelve(workspace, "cover", "the copper kettle & more", title="Kettles", type_label="invoice")
    page = client.get("/search/", {"q": "kettle", "mode": "text"}).content.decode()
    assert f'href="/documents/{document.pk}/?page=2"' in page
    assert "<mark>kettle</mark> &amp; more" in page
    assert "page 2 of 2" in page
    assert 'value="kettle"' in page


def test_what_was_left_out_is_said(client: Client, workspace: Workspace) -> None:
    shelve(workspace, "kettle")
    assert "by words only" in client.get("/search/", {"q": "kettle"}).content.decode()
    assert "Search by words instead" in client.get("/search/", {"q": "kettle", "mode": "semantic"}).content.decode()


def test_filters_narrow_and_unknown_values_do_nothing(client: Client, workspace: Workspace) -> None:
    shelve(workspace, "kettle", title="Paid", type_label="invoice", tags=["blue"])
    shelve(workspace, "kettle", title="Free")
    base = {"q": "kettle", "mode": "text"}
    for narrowing, count in (
        ({}, 2),
        ({"type": "invoice"}, 1),
        ({"type": "none"}, 1),
        ({"tag": "blue"}, 1),
        ({"status": "failed"}, 0),
        ({"received_from": "2999-01-01"}, 0),
        ({"received_to": "2999-01-01"}, 2),
        ({"type": "nonsense", "received_from": "yesterday", "after": "nonsense"}, 2),
    ):
        page = client.get("/search/", base | narrowing).content.decode()
        assert page.count('class="card hit"') == count, narrowing


def test_facets_narrow_and_can_be_taken_back(client: Client, workspace: Workspace) -> None:
    shelve(workspace, "kettle", type_label="invoice")
    shelve(workspace, "kettle")
    page = client.get("/search/", {"q": "kettle", "mode": "text"}).content.decode()
    assert "?q=kettle&amp;mode=text&amp;type=invoice" in page
    narrowed = client.get("/search/", {"q": "kettle", "mode": "text", "type": "invoice"}).content.decode()
    assert 'href="?q=kettle&amp;mode=text" aria-current="true"' in " ".join(narrowed.split())


def test_pages_of_results(client: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE_SIZE", 2)
    for number in range(3):
        shelve(workspace, "kettle", title=f"Kettle {number}")
    first = client.get("/search/", {"q": "kettle", "mode": "text"})
    after = parse_qs(urlsplit(first.context["next_url"]).query)["after"][0]
    second = client.get("/search/", {"q": "kettle", "mode": "text", "after": after})
    assert first.content.decode().count('class="card hit"') == 2
    assert second.content.decode().count('class="card hit"') == 1
    assert second.context["next_url"] == ""
    assert second.context["first_url"] == "?q=kettle&mode=text"


def test_htmx_gets_the_results_alone(client: Client, workspace: Workspace) -> None:
    shelve(workspace, "kettle")
    part = client.get("/search/", {"q": "kettle", "mode": "text"}, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="results"')
    assert "HX-Request" in part.headers["Vary"]


def test_nothing_found_says_so(client: Client, workspace: Workspace) -> None:
    assert "Nothing found" in client.get("/search/", {"q": "unobtainium", "mode": "text"}).content.decode()
