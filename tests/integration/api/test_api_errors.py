"""Every error is `application/problem+json` with a stable code, whoever asks and whatever goes wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from apps.accounts.models import ApiToken
from apps.api.throttling import TokenThrottle
from apps.core.clock import now

Call = Callable[..., Any]
pytestmark = pytest.mark.django_db


def problem(answer: Any) -> tuple[int, str]:
    """Check an error's shape and return what tells errors apart."""
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert {"type", "title", "status", "code"} <= set(body)
    assert body["status"] == answer.status_code
    assert body["title"].endswith(".")
    return answer.status_code, body["code"]


@pytest.mark.parametrize("path", ["nowhere/", "documents/not-a-uuid/", "documents", ""])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_unknown_addresses_give_404(api: Any, method: str, path: str) -> None:
    assert problem(api(method, path)) == (404, "not_found")


def test_an_unknown_method_gives_405(api: Any) -> None:
    for method, path in (("PUT", "documents/"), ("POST", "search/"), ("OPTIONS", "documents/"), ("PUT", "schema/")):
        assert problem(api(method, path)) == (405, "method_not_allowed")


def test_an_unknown_format_gives_406(api: Any) -> None:
    assert problem(api("GET", "documents/", Accept="application/xml")) == (406, "not_acceptable")


@pytest.mark.parametrize("header", ["Bearer", "Bearer nonsense", "Bearer a b", "bearer \xe9"])
def test_a_bad_token_gives_401_and_says_what_to_send(client: Any, header: str) -> None:
    answer = client.get("/api/v1/documents/", headers={"Authorization": header})
    assert problem(answer) == (401, "invalid_token")
    assert answer["WWW-Authenticate"] == 'Bearer realm="docintel"'


def test_no_token_gives_401(anonymous: Any) -> None:
    answer = anonymous("GET", "documents/")
    assert problem(answer) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token_gives_401(api: Any) -> None:
    assert api("GET", "documents/").status_code == 200
    ApiToken.objects.update(expires_at=now())
    assert problem(api("GET", "documents/")) == (401, "invalid_token")


def test_a_tokens_use_is_noted(api: Any) -> None:
    api("GET", "documents/")
    first = ApiToken.objects.get().last_used_at
    api("GET", "documents/")
    assert first is not None
    assert ApiToken.objects.get().last_used_at == first  # again after a minute


def test_too_many_requests_give_429_and_say_when_to_come_back(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(TokenThrottle, "rate", "2/m", raising=False)
    assert [api("GET", "documents/").status_code for _ in range(2)] == [200, 200]
    answer = api("GET", "documents/")
    assert problem(answer) == (429, "throttled")
    assert 1 <= int(answer["Retry-After"]) <= 60


def test_the_default_rate_allows_a_burst_of_fifty(api: Any) -> None:
    cache.clear()
    assert {api("GET", "documents/").status_code for _ in range(60)} == {200}


def test_each_token_has_its_own_rate(api: Any, api_of: Call, charlie: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(TokenThrottle, "rate", "1/m", raising=False)
    assert [api("GET", "documents/").status_code for _ in range(2)] == [200, 429]
    other = api_of(charlie, charlie.memberships.get().workspace)
    assert other("GET", "documents/").status_code == 200


def test_a_bug_gives_500_and_tells_nothing(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("apps.api.v1.stats.workspace_figures", fail)
    answer = api("GET", "stats/")
    assert problem(answer) == (500, "internal_error")
    assert b"secret" not in answer.content


def test_a_huge_json_body_gives_413(api: Any, queued: Call) -> None:
    assert problem(api("PATCH", f"documents/{queued().pk}/", {"title": "x" * 2**20})) == (413, "too_large")
