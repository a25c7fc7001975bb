"""No address shows anything to somebody who is not logged in, but for those named here."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = re.compile(
    r"^(accounts/(login|signup|password/reset|logout|inactive|confirm-email|2fa/authenticate|social|3rdparty"
    r"|login/code|reauthenticate|2fa/webauthn/login).*|healthz|readyz|metrics|api/v1/schema/|api/v1/docs/.*|invitations?/.*|static/.*|admin/login/.*)$"
)
SAMPLE_VALUES = {"uuid": str(uuid4()), "int": "1", "str": "x", "slug": "x", "path": "x", "uidb36": "1", "key": "x"}


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield _filled(route)


def _filled(route: str) -> str:
    route = re.sub(r"<(?:(\w+):)?(\w+)>", lambda match: SAMPLE_VALUES.get(match[1] or "str", "x"), route)
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", "x", route)
    return re.sub(r"\\([./-])", r"\1", route).rstrip("$").rstrip("\\Z")


ALL = sorted({address for address in addresses(get_resolver()) if not re.search(r"[()\[\]?*+|]", address)})


def test_there_are_many() -> None:
    assert len(ALL) > 60


@pytest.mark.django_db
@pytest.mark.parametrize("address", [each for each in ALL if not PUBLIC.match(each)])
def test_strangers_see_nothing(client: Client, address: str) -> None:
    answer = client.get(f"/{address}")
    assert answer.status_code in {301, 302, 401, 403, 404, 405}, answer.status_code
    if answer.status_code == 302:
        assert "login" in answer["Location"] or answer["Location"] == "/admin/"
