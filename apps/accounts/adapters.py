"""How allauth asks docintel: who may sign up, and what an invitation changes about it."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from apps.accounts.models import Invitation
from apps.accounts.selectors import open_invitation
from apps.core.clock import now

INVITATION_KEY = "invitation_secret"


def remember_invitation(request: HttpRequest, secret: str) -> None:
    """Keep an invitation for the sign-up that follows. It proves no address: whoever invited has the link too."""
    request.session[INVITATION_KEY] = secret


def remembered_invitation(request: HttpRequest) -> Invitation | None:
    """Return the open invitation this browser came with, if any."""
    secret = request.session.get(INVITATION_KEY)
    return open_invitation(secret=secret, at=now()) if secret else None


def forget_invitation(request: HttpRequest) -> None:
    """Forget the invitation once it is used or gone."""
    request.session.pop(INVITATION_KEY, None)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The account flows of docintel."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Let everybody in where sign-up is open, else only people with an invitation."""
        return settings.SIGNUP == "open" or remembered_invitation(request) is not None
