"""Seeing and ending the browsers one is signed in with."""

from collections.abc import Callable

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.web.templatetags.browsers import browser_icon, browser_words

SignIn = Callable[[User], Client]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"
PAGE = "/accounts/sessions/"


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    """Forget which sessions were seen lately."""
    cache.clear()


def signed_in_with(user_agent: str, *, address: str = "203.0.113.7") -> Client:
    client = Client(HTTP_USER_AGENT=user_agent, REMOTE_ADDR=address)
    answer = client.post("/accounts/login/", {"login": "alice@example.org", "password": "alice's secret"})
    assert answer.status_code == 302
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def session_of(user: User, user_agent: str) -> UserSession:
    return UserSession.objects.get(user=user, user_agent=user_agent)


def test_all_browsers_are_listed_and_this_one_is_marked(alice: User) -> None:
    desk, phone = signed_in_with(FIREFOX), signed_in_with(IPHONE, address="198.51.100.9")
    page = desk.get(PAGE).content.decode()
    for words in ("Firefox on Linux", "Safari on iPhone", "203.0.113.7", "198.51.100.9", "Sign out everywhere else"):
        assert words in page
    assert page.count("This browser") == 1
    assert f"/profile/sessions/{session_of(alice, IPHONE).pk}/end/" in page
    assert f"/profile/sessions/{session_of(alice, FIREFOX).pk}/end/" not in page, "this one has the menu for it"
    assert is_signed_in(phone)


def test_one_is_ended(alice: User) -> None:
    desk, phone, tablet = signed_in_with(FIREFOX), signed_in_with(IPHONE), signed_in_with(EDGE)
    answer = desk.post(f"/profile/sessions/{session_of(alice, IPHONE).pk}/end/", follow=True)
    assert "That browser is signed out." in answer.content.decode()
    assert [is_signed_in(client) for client in (desk, phone, tablet)] == [True, False, True]
    event = AuditEvent.objects.get(action="user.session_end")
    assert (event.actor_id, event.data["user_agent"]) == (alice.pk, IPHONE)


def test_all_others_are_ended_at_once(alice: User) -> None:
    desk, phone, tablet = signed_in_with(FIREFOX), signed_in_with(IPHONE), signed_in_with(EDGE)
    page = desk.post(PAGE, follow=True).content.decode()
    assert "All other browsers are signed out." in page
    assert [is_signed_in(client) for client in (desk, phone, tablet)] == [True, False, False]
    assert "Safari on iPhone" not in page
    assert "Sign out everywhere else" not in page


def test_those_of_others_are_neither_seen_nor_ended(alice: User, charlie: User, sign_in: SignIn) -> None:
    desk, stranger = signed_in_with(FIREFOX), sign_in(charlie)
    assert "Firefox on Linux" not in stranger.get(PAGE).content.decode()
    assert stranger.post(f"/profile/sessions/{session_of(alice, FIREFOX).pk}/end/").status_code == 404
    assert is_signed_in(desk)
    assert not AuditEvent.objects.filter(action="user.session_end").exists()


def test_when_it_was_last_used_is_noted_now_and_then(
    alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk = signed_in_with(FIREFOX)
    desk.get("/profile/")
    first = session_of(alice, FIREFOX).last_seen_at
    with django_assert_max_num_queries(40) as asked:
        desk.get("/profile/")
    assert not any("usersessions" in query["sql"] for query in asked.captured_queries)
    cache.delete(f"session-seen:{desk.cookies[settings.SESSION_COOKIE_NAME].value}")
    desk.get("/profile/")
    assert session_of(alice, FIREFOX).last_seen_at > first


def test_addresses_nobody_signs_in_for_note_nothing(client: Client, db: None) -> None:
    client.get("/healthz")
    client.get("/accounts/login/")
    assert not UserSession.objects.exists()


@pytest.mark.parametrize(
    ("user_agent", "words", "icon"),
    [
        (FIREFOX, "Firefox on Linux", "device-laptop"),
        (IPHONE, "Safari on iPhone", "phone"),
        (EDGE, "Edge on Windows", "device-laptop"),
        ("curl/8.5", "curl", "device-laptop"),
        ("", "Unknown browser", "device-laptop"),
    ],
)
def test_browsers_in_words(user_agent: str, words: str, icon: str) -> None:
    assert (browser_words(user_agent), browser_icon(user_agent)) == (words, icon)
