"""Bearer tokens: who calls, and for which workspace."""

from datetime import timedelta
from typing import Final

from django.utils.encoding import force_str
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models import ApiToken, User
from apps.accounts.selectors import token_by_secret
from apps.accounts.services import token_touch
from apps.core.clock import now

# A token's last use is shown to people: a minute is exact enough, and spares a write for each request.
TOUCH_AFTER: Final = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; `request.auth` is the ApiToken."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the token's user and the token; None without the header; raises AuthenticationFailed for a bad one."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        moment = now()
        secret = force_str(words[1], errors="replace") if len(words) == 2 else ""
        token = token_by_secret(secret=secret, at=moment)
        if token is None:
            raise AuthenticationFailed("The token is unknown, expired or revoked.", code="invalid_token")
        if token.last_used_at is None or moment - token.last_used_at > TOUCH_AFTER:
            token_touch(token_id=token.pk, at=moment)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Make a missing token answer 401 and not 403."""
        return 'Bearer realm="docintel"'
