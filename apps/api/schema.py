"""The OpenAPI document: how callers prove who they are, what introduces it, and its last touches."""

from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from threading import Lock
from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from apps.api.errors import MEDIA_TYPE

INTRODUCTION: Final = """\
Send documents in, get checked, searchable data out. Every value tells where it stands on the page, how it was found,
and how sure its finder is: a confidence is a calibrated probability of being right, or null where nothing was measured.

Every call names a workspace by its token: `Authorization: Bearer <token>`. Lists come in pages; follow `next` until it
is null. Errors are `application/problem+json` with a stable `code`. Objects of other workspaces do not exist for you:
they give 404.
"""
TAGS: Final = [
    {"name": "documents", "description": "Sending documents in, following them, and all that was read from them."},
    {"name": "fields", "description": "The values found in all documents, for tables and spreadsheets."},
    {"name": "exports", "description": "Values of many documents as files, written in the background."},
    {"name": "organisations", "description": "Companies and authorities that documents name, under one name each."},
    {"name": "schemas", "description": "Which fields documents of a type have."},
    {"name": "types", "description": "What documents can be: built in, and of the workspace's own."},
    {"name": "tags", "description": "What people put on documents, and how well suggestions are learned from that."},
    {"name": "auto-accept", "description": "What is accepted without a person, and what was shown of it."},
    {"name": "models", "description": "Versions of the model of types, what they learned, experiments with them."},
    {"name": "reruns", "description": "Documents read once more beside their readings, and what differs."},
    {"name": "search", "description": "Finding documents by words or by meaning."},
    {"name": "stats", "description": "The dashboard's figures."},
]
PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}


class TokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Bearer <token>`."""

    target_class = "apps.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Describe the header."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A workspace's token with the scope `read`, `write` or both.",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    """The browser's session; the cookie's name depends on the installation's port, so the schema names none."""

    target_class = "rest_framework.authentication.SessionAuthentication"
    name = "session"
    priority = 1

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Describe the cookie."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "docintel_session",
            "description": "A browser that is signed in; changes need the header `X-CSRFToken` as well.",
        }


def complete(result: dict[str, Any], generator: object, request: object, public: object) -> dict[str, Any]:
    """Add the introduction, give problems their media type, drop the generator's own marks (a post-processing hook)."""
    result["info"]["description"] = INTRODUCTION
    result["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    result["tags"] = TAGS
    for operation in operations(result):
        for status, answer in operation[2]["responses"].items():
            answer["description"] = answer["description"] or HTTPStatus(int(status)).phrase
            content = answer.get("content", {})
            if content.get("application/json", {}).get("schema") == PROBLEM:
                content[MEDIA_TYPE] = content.pop("application/json")
    _unmark(result)
    return result


def operations(result: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and description of every operation."""
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _unmark(part: object) -> None:
    if isinstance(part, dict):
        part.pop("x-spec-enum-id", None)
        for value in part.values():
            _unmark(value)
    elif isinstance(part, list):
        for value in part:
            _unmark(value)


# The generator resolves its extensions at its first use, and two threads that do so at once trip over each other.
_making = Lock()


def document() -> dict[str, Any]:
    """Return the OpenAPI document, made once a process."""
    with _making:
        return _document()


@cache
def _document() -> dict[str, Any]:
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made
