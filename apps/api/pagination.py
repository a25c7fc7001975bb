"""Cursor pagination: stable while rows come in, and as fast on the last page as on the first."""

from typing import Any

from rest_framework import pagination
from rest_framework.response import Response


class CursorPagination(pagination.CursorPagination):
    """`{results, next}`, newest first; the page's size can be asked for up to 100."""

    ordering: Any = "-id"
    page_size_query_param = "page_size"
    max_page_size = 100

    def get_paginated_response(self, data: object) -> Response:
        """Answer with the rows and the address of the next ones (null on the last page)."""
        return Response({"results": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the answer for OpenAPI."""
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {"type": ["string", "null"], "format": "uri"},
            },
        }


class DocumentPagination(CursorPagination):
    """Documents in the order in which they came in, along the index that lists use."""

    ordering = ("-received_at", "-id")
