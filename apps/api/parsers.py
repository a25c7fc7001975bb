"""Reading request bodies."""

from collections.abc import Mapping
from typing import IO, Any, Final

from rest_framework import parsers

from apps.documents.storage import TooLargeError

MOST_BYTES: Final = 2**20


class SmallJSONParser(parsers.JSONParser):
    """JSON of at most a megabyte: DRF's own parser reads whatever comes into memory."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the parsed body; raises TooLargeError before reading."""
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if int(length) > MOST_BYTES:
            raise TooLargeError("The request is larger than 1 MB.")
        return super().parse(stream, media_type, parser_context)
