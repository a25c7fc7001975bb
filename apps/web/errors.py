"""The pages for what went wrong: never a stack trace, and no database where that may be what failed."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from apps.core.errors import BugError
from apps.web.context import THEME_COOKIE, THEMES


def _page(request: HttpRequest, template: str, status: int, **context: str) -> HttpResponse:
    """Render without a request context, so that no context processor can fail once more."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    shown = {**context, "theme": theme if theme in THEMES else "auto", "status": status}
    return HttpResponse(render_to_string(template, shown), status=status)


def _said(exception: Exception | None) -> str:
    """Return what our own code said to the person; Django's messages are for developers."""
    words = str(exception.args[0]) if exception is not None and exception.args else ""
    return words if words.endswith(".") else ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be understood."""
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the person's role does not allow it."""
    return _page(request, "403.html", 403, said=_said(exception))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or not for this person."""
    return _page(request, "404.html", 404, said=_said(exception))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our own fault."""
    return _page(request, "500.html", 500, said=BugError.message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or too old (CSRF_FAILURE_VIEW)."""
    return _page(request, "errors/csrf.html", 403)
