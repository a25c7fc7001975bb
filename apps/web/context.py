"""What every template knows: the current workspace, the navigation, the theme, the version."""

import json
import tomllib
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.accounts.models import Membership
from apps.accounts.policy import ALLOWED, Action
from apps.accounts.selectors import chosen_membership, memberships_of
from apps.core.demo_login import login_file
from apps.web.navigation import account_tabs, navigation_of
from apps.web.shell import chosen_workspace_id

THEMES = ("light", "dark", "auto")
THEME_COOKIE = "docintel_theme"


@lru_cache
def version() -> str:
    """Return the product's version as pyproject.toml states it."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def demo_hint() -> dict[str, str] | None:
    """Return e-mail and password of the sample workspace's login, where there is one and only this machine sees it."""
    if not settings.ON_LOOPBACK:
        return None
    try:
        hint: dict[str, str] = json.loads(login_file(settings.DATA_DIR).read_text(encoding="utf-8"))
    except OSError:
        return None
    return hint


def _theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def workspace(request: HttpRequest) -> dict[str, Any]:
    """Name the current workspace and what the frame of a page shows; queries run only where a template asks."""
    context: dict[str, Any] = {
        "theme": _theme(request),
        "version": version(),
        "signup_is_open": settings.SIGNUP == "open",
        "demo_hint": SimpleLazyObject(demo_hint),
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    memberships: list[Membership] | None = getattr(request, "memberships", None)
    if memberships is None:
        memberships = list(memberships_of(user=user))
    membership: Membership | None = getattr(request, "membership", None)
    membership = membership or chosen_membership(memberships=memberships, workspace_id=chosen_workspace_id(request))
    return context | {
        "current_membership": membership,
        "current_workspace": membership.workspace if membership else None,
        "memberships": memberships,
        "navigation": SimpleLazyObject(lambda: navigation_of(request, user, membership)),
        "account_tabs": SimpleLazyObject(lambda: account_tabs(request)),
        "may_upload": membership is not None and Action.EDIT in ALLOWED[membership.role],
    }
