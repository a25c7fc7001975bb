"""Errors as `application/problem+json` (RFC 9457), each with a stable code."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback
from structlog import get_logger

from apps.core import errors

log = get_logger(__name__)

STATUS_BY_CODE = {"too_large": status.HTTP_413_REQUEST_ENTITY_TOO_LARGE}
STATUS_BY_KIND: tuple[tuple[type[errors.DocintelError], int], ...] = (
    (errors.NotFoundError, status.HTTP_404_NOT_FOUND),
    (errors.ForbiddenError, status.HTTP_403_FORBIDDEN),
    (errors.ConflictError, status.HTTP_409_CONFLICT),
    (errors.UserError, status.HTTP_400_BAD_REQUEST),
    (errors.TransientError, status.HTTP_503_SERVICE_UNAVAILABLE),
)


class ProblemRenderer(JSONRenderer):
    """JSON under the media type of problems."""

    media_type = "application/problem+json"


def problem(code: str, message: str, http_status: int, **more: Any) -> Response:  # noqa: ANN401  (JSON values)
    """Build the one shape every error has."""
    body = {"type": "about:blank", "title": message, "status": http_status, "code": code, **more}
    return Response(body, status=http_status, content_type="application/problem+json")


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of a view; unknown ones are left to Django, which logs them and answers 500."""
    if isinstance(error, Http404):
        error = exceptions.NotFound("There is no such object.")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, errors.DocintelError):
        set_rollback()
        return problem(error.code, error.message, _status(error))
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    answer = _of_framework(error)
    if isinstance(error, exceptions.Throttled) and error.wait is not None:
        answer["Retry-After"] = str(max(1, round(error.wait)))
    if getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = error.auth_header
    return answer


def _status(error: errors.DocintelError) -> int:
    if error.code in STATUS_BY_CODE:
        return STATUS_BY_CODE[error.code]
    kinds = (http_status for kind, http_status in STATUS_BY_KIND if isinstance(error, kind))
    return next(kinds, status.HTTP_500_INTERNAL_SERVER_ERROR)


def _of_framework(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        return problem("invalid", "The request is not valid.", error.status_code, errors=error.detail)
    code = error.get_codes()
    return problem(code if isinstance(code, str) else "error", str(error.detail), error.status_code)
