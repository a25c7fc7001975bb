"""Errors as `application/problem+json` (RFC 9457), each with a stable code."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback
from structlog import get_logger

from apps.core import errors

log = get_logger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
STATUS_BY_CODE: Final = {
    "too_large": status.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    "idempotency_key_reused": status.HTTP_422_UNPROCESSABLE_ENTITY,
}
STATUS_BY_KIND: Final[tuple[tuple[type[errors.DocintelError], int], ...]] = (
    (errors.NotFoundError, status.HTTP_404_NOT_FOUND),
    (errors.ForbiddenError, status.HTTP_403_FORBIDDEN),
    (errors.ConflictError, status.HTTP_409_CONFLICT),
    (errors.UserError, status.HTTP_400_BAD_REQUEST),
    (errors.TransientError, status.HTTP_503_SERVICE_UNAVAILABLE),
)


class ProblemResponse(Response):
    """Always JSON, whatever the endpoint renders when all is well."""

    @property
    def rendered_content(self) -> str:
        """Return the body."""
        self["Content-Type"] = MEDIA_TYPE
        rendered: bytes = JSONRenderer().render(self.data)
        return rendered.decode()


def problem(code: str, message: str, http_status: int, **more: object) -> Response:
    """Build the one shape every error has."""
    body = {"type": "about:blank", "title": message, "status": http_status, "code": code, **more}
    return ProblemResponse(body, status=http_status)


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """Answer an exception of a view; one that nobody expected is logged and tells nothing of the inside."""
    set_rollback()
    if isinstance(error, Http404):
        error = errors.NotFoundError()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, errors.DocintelError):
        answer = problem(error.code, error.message, _status(error))
        if answer.status_code == status.HTTP_503_SERVICE_UNAVAILABLE:
            answer["Retry-After"] = "1"
        return answer
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    if isinstance(error, RequestDataTooBig):
        return problem("too_large", "The request is too large.", status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
    if isinstance(error, SuspiciousOperation):
        return problem("parse_error", "The request cannot be understood.", status.HTTP_400_BAD_REQUEST)
    log.error("api_bug", view=type(context.get("view")).__name__, exc_info=error)
    bug = errors.BugError()
    return problem(bug.code, bug.message, status.HTTP_500_INTERNAL_SERVER_ERROR)


def _status(error: errors.DocintelError) -> int:
    if error.code in STATUS_BY_CODE:
        return STATUS_BY_CODE[error.code]
    kinds = (http_status for kind, http_status in STATUS_BY_KIND if isinstance(error, kind))
    return next(kinds, status.HTTP_500_INTERNAL_SERVER_ERROR)


def _of_framework(error: exceptions.APIException) -> Response:
    answer = _told(error)
    if isinstance(error, exceptions.Throttled):
        answer["Retry-After"] = str(max(1, round(getattr(error, "wait", None) or 1)))
    if header := getattr(error, "auth_header", None):  # which DRF's view sets on the error
        answer["WWW-Authenticate"] = header
    return answer


def _told(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        return problem("invalid", "The request is not valid.", error.status_code, errors=error.detail)
    code = error.get_codes()
    return problem(code if isinstance(code, str) else "error", str(error.detail), error.status_code)
