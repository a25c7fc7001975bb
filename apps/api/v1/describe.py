"""What endpoints tell the schema about themselves: possible errors, and an example to paste into a shell."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiResponse

from apps.api.v1.values import Problem

MEANINGS: Final = {
    400: "The request is not valid.",
    401: "No token, or one that is unknown, expired or revoked.",
    403: "The token's scopes or the person's role do not allow it.",
    404: "There is no such object in this workspace.",
    409: "The state of the object does not allow it now.",
    413: "The file is too large.",
    415: "The body's media type is not understood.",
    422: "The Idempotency-Key was used for another request.",
    429: "Too many requests; `Retry-After` tells when to come back.",
}
EVERYWHERE: Final = (401, 403, 429)


def problems(*statuses: int) -> dict[Any, Any]:
    """Describe the given errors and those that any endpoint may answer with."""
    return {
        status: OpenApiResponse(Problem, description=MEANINGS[status]) for status in sorted({*EVERYWHERE, *statuses})
    }


def example(path: str, arguments: str = "") -> dict[str, Any]:
    """Show a call with curl; `$URL`, `$TOKEN` and `$ID` stand for the caller's own."""
    words = ["curl", '-H "Authorization: Bearer $TOKEN"', arguments, f'"$URL/api/v1/{path}"']
    return {"x-codeSamples": [{"lang": "Shell", "source": " ".join(word for word in words if word)}]}
