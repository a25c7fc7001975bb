"""How many requests a second a caller may make."""

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from apps.accounts.models import ApiToken


class TokenThrottle(SimpleRateThrottle):
    """A sliding window for each token, or each person in the browser, or each address without either."""

    scope = "token"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Name the caller."""
        if isinstance(request.auth, ApiToken):
            caller = str(request.auth.pk)
        elif request.user and request.user.is_authenticated:
            caller = str(request.user.pk)
        else:
            caller = self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": caller}
