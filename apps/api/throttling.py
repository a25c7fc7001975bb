"""How many requests a second a caller may make."""

from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from structlog import get_logger

from apps.accounts.models import ApiToken

if TYPE_CHECKING:  # DRF's views import this module while they are being imported
    from rest_framework.views import APIView

log = get_logger(__name__)


class TokenThrottle(SimpleRateThrottle):
    """A sliding window for each token, or each person in the browser, or each address without either."""

    scope = "token"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Tell whether the caller is within the rate; without a broker nobody is held back."""
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError) as error:
            log.warning("throttle_unavailable", error=str(error))
            return True

    def get_cache_key(self, request: Request, view: "APIView") -> str:
        """Name the caller."""
        if isinstance(request.auth, ApiToken):
            caller = str(request.auth.pk)
        elif request.user and request.user.is_authenticated:
            caller = str(request.user.pk)
        else:
            caller = self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": caller}
