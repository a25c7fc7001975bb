"""Second factors from the first code to the last recovery code, with codes as a real app computes them."""

import base64
import hmac
import re
import struct
import time
from hashlib import sha1

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from apps.accounts.models import User

LOGIN = "/accounts/login/"
CODE_PAGE = "/accounts/2fa/authenticate/"
SECRET = {"login": "alice@example.org", "password": "alice's secret"}
PERIOD_S = 30


@pytest.fixture(autouse=True)
def nothing_used() -> None:
    """Forget used codes and counted attempts, which lie in the cache."""
    cache.clear()


def code_of(secret: str, *, at: float) -> str:
    """Compute the code of a moment (RFC 6238: HMAC-SHA-1, 30 seconds, six digits)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // PERIOD_S), sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def test_the_codes_are_those_of_the_standard() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert [code_of(secret, at=moment) for moment in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


def wrong_code(secret: str) -> str:
    """Give a code that is none of those of the neighbouring moments."""
    near = {code_of(secret, at=time.time() + step * PERIOD_S) for step in range(-3, 4)}
    return next(code for number in range(10) if (code := f"{number:06d}") not in near)


def has_password_only() -> Client:
    client = Client()
    answer = client.post(LOGIN, SECRET)
    assert answer["Location"].startswith(CODE_PAGE), "the password alone is not enough"
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def say_password_again(client: Client) -> None:
    """Second factors are changed only by somebody who has just proved who they are."""
    answer = client.get("/accounts/2fa/recovery-codes/generate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": SECRET["password"]})


@pytest.fixture
def secret(alice: User) -> str:
    """Turn the authenticator app on as alice does in her browser; gives the app's secret."""
    client = Client()
    client.post(LOGIN, SECRET)
    say_password_again(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    box = re.search(r'<input[^>]*id="totp-secret"[^>]*>', page)
    assert box is not None
    secret = box[0].partition('value="')[2].partition('"')[0]
    refused = client.post("/accounts/2fa/totp/activate/", {"code": wrong_code(secret)})
    assert refused.status_code == 200
    assert not Authenticator.objects.exists()
    accepted = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret, at=time.time())})
    assert accepted.status_code == 302
    cache.clear()  # the code was used; the next one would be there in half a minute
    return secret


def recovery_codes(user: User) -> list[str]:
    codes: list[str] = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    return codes


def test_sign_in_needs_the_code_of_the_app(alice: User, secret: str) -> None:
    client = has_password_only()
    assert not is_signed_in(client)
    assert client.post(CODE_PAGE, {"code": wrong_code(secret)}).status_code == 200
    assert not is_signed_in(client)
    assert client.post(CODE_PAGE, {"code": code_of(secret, at=time.time())}).status_code == 302
    assert is_signed_in(client)


def test_a_code_works_once(alice: User, secret: str) -> None:
    code = code_of(secret, at=time.time())
    assert has_password_only().post(CODE_PAGE, {"code": code}).status_code == 302
    again = has_password_only()
    assert again.post(CODE_PAGE, {"code": code}).status_code == 200
    assert not is_signed_in(again)


def test_a_recovery_code_works_once(alice: User, secret: str) -> None:
    first, *others = recovery_codes(alice)
    client = has_password_only()
    assert client.post(CODE_PAGE, {"code": first}).status_code == 302
    assert is_signed_in(client)
    assert recovery_codes(alice) == others
    again = has_password_only()
    assert again.post(CODE_PAGE, {"code": first}).status_code == 200
    assert not is_signed_in(again)


def test_the_admin_site_wants_the_second_factor_too(alice: User, secret: str) -> None:
    alice.is_staff = alice.is_superuser = True
    alice.save()
    client = Client()
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert LOGIN in client.get("/admin/login/?next=/admin/")["Location"]
    answer = client.post("/admin/login/", {"username": SECRET["login"], "password": SECRET["password"]})
    assert LOGIN in answer["Location"], "the admin site has no login of its own that asks for a password only"
    client = has_password_only()
    assert client.get("/admin/").status_code == 302
    client.post(CODE_PAGE, {"code": code_of(secret, at=time.time())})
    assert client.get("/admin/").status_code == 200


def test_turning_it_off_is_possible_again(alice: User, secret: str) -> None:
    client = has_password_only()
    client.post(CODE_PAGE, {"code": code_of(secret, at=time.time())})
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=alice, type="totp").exists()
    say_password_again(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=alice, type="totp").exists()
    assert Client().post(LOGIN, SECRET)["Location"] == "/"
