"""The OpenAPI document: how callers prove who they are, and what introduces it."""

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

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
    {"name": "search", "description": "Finding documents by words or by meaning."},
    {"name": "stats", "description": "The dashboard's figures."},
]


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its __init_subclass__ has no types
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


def complete(result: dict[str, Any], generator: object, request: object, public: object) -> dict[str, Any]:
    """Add what introduces the API (a post-processing hook)."""
    result["info"]["description"] = INTRODUCTION
    result["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    result["tags"] = TAGS
    return result
