"""The browsers somebody is signed in with: noted while they are used, shown to their owner, ended by them."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from redis.exceptions import RedisError

from apps.accounts.models import User
from apps.core import audit
from apps.core.errors import NotFoundError
from apps.core.servers.errors import ServersError

# "Last used" is shown to people: five minutes are exact enough, and spare a write for each request.
SEEN_EVERY_S: Final = 300


class SessionsSeen:
    """Notes when and from where a session was last used. allauth's own middleware does so with every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer first: views that never ask who calls are not made to."""
        response = self.get_response(request)
        if request.session.accessed and request.session.session_key and request.user.is_authenticated:
            with suppress(RedisError, ServersError, OSError):  # without a cache nothing is noted, and all goes on
                if cache.add(f"session-seen:{request.session.session_key}", value=True, timeout=SEEN_EVERY_S):
                    UserSession.objects.create_from_request(request)
        return response


def session_end(*, session_id: int, user: User) -> None:
    """Sign one of the user's own browsers out; raises NotFoundError for somebody else's."""
    session = UserSession.objects.filter(pk=session_id, user=user).first()
    if session is None:
        raise NotFoundError("There is no such session.")
    audit.record(
        action="user.session_end",
        object_kind="user",
        object_id=user.pk,
        workspace_id=None,
        actor=user,
        data={"ip": session.ip, "user_agent": session.user_agent},
    )
    session.end()
