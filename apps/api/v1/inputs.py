"""What callers send: serializers of request bodies, and the parts of addresses that need reading."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.v1.values import declared
from apps.documents.storage import TooLargeError

LONGEST_WAIT_S: Final = 60
RANGE: Final = re.compile(r"(?P<first>\d{1,7})?(?P<dash>-)?(?P<last>\d{1,7})?")
INCLUDABLE: Final = frozenset({"words"})
# Beside the file a request carries its other fields and the multipart frame.
FRAME_BYTES: Final = 2**20


class TagNames(serializers.ListField):
    """Tags, repeated or separated by commas; may be left out."""

    def __init__(self, *, help_text: str) -> None:
        each = serializers.CharField(allow_blank=True, max_length=500)
        super().__init__(child=each, required=False, default=list, help_text=help_text)

    def to_internal_value(self, data: list[object]) -> list[str]:
        """Return the names without the spaces around them."""
        parts: Iterable[str] = super().to_internal_value(data)
        return [name.strip() for part in parts for name in part.split(",") if name.strip()]


class Names(serializers.CharField):
    """Several names separated by commas, with `choices` only those; may be left out."""

    def __init__(self, *, choices: Sequence[str] = (), help_text: str) -> None:
        super().__init__(required=False, default="", help_text=help_text)
        self.known = choices

    def run_validation(self, data: object = serializers.empty) -> list[str]:
        """Return the names as a list."""
        names = [name.strip() for name in str(super().run_validation(data)).split(",") if name.strip()]
        unknown = [name for name in names if self.known and name not in self.known]
        if unknown:
            raise serializers.ValidationError(f"Known: {', '.join(self.known)}.")
        return names


@extend_schema_field({"type": "string", "format": "binary"})
class AnyFile(serializers.FileField):
    """A file of any kind; an empty one is the storage's to refuse."""


class Upload(serializers.Serializer[Any]):
    """The parts of a multipart upload."""

    file = AnyFile(max_length=250, allow_empty_file=True, help_text="Any file; what it is gets found out.")
    title = serializers.CharField(required=False, default="", allow_blank=True, max_length=250)
    tags = TagNames(help_text="Repeated, or separated by commas.")


class DocumentChange(serializers.Serializer[Any]):
    """What can be changed about a document; what is left out stays as it is."""

    title = serializers.CharField(required=False, max_length=250)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=100, help_text="All tags it shall have."
    )


class TypeChange(serializers.Serializer[Any]):
    """What a document is, in a person's or program's word."""

    label = declared(
        serializers.RegexField(
            r"\A[a-z0-9][a-z0-9_-]*\Z", max_length=60, help_text="The type's slug, such as `invoice`."
        )
    )


class PagesQuery(serializers.Serializer[Any]):
    """Which pages are wanted."""

    pages = serializers.CharField(required=False, help_text="A page `3` or a range `1-5`, `3-`, `-5`; else all pages.")

    def validate_pages(self, value: str) -> tuple[int, int | None]:
        """Return the first and the last page (None: to the end)."""
        found = RANGE.fullmatch(value.strip())
        if found is None or not (found["first"] or found["last"]):
            raise serializers.ValidationError("Give a page such as 3 or a range such as 1-5.")
        first = int(found["first"] or 1)
        last = int(found["last"]) if found["last"] else None if found["dash"] else first
        if first < 1 or (last is not None and last < first):
            raise serializers.ValidationError("Pages count from 1, and a range goes upwards.")
        return first, last


class AnalysisQuery(PagesQuery):
    """Which part of the analysis is wanted."""

    include = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text="`words` or nothing: with an empty value pages come without their words. Left out: everything.",
    )

    def validate_include(self, value: str) -> frozenset[str]:
        """Return the names."""
        names = frozenset(name.strip() for name in value.split(",") if name.strip())
        if names - INCLUDABLE:
            raise serializers.ValidationError(f"Known: {', '.join(sorted(INCLUDABLE))}.")
        return names


class TablesQuery(serializers.Serializer[Any]):
    """Which tables, and as what kind of file."""

    table = serializers.IntegerField(
        required=False,
        min_value=1,
        help_text="One table, counted from 1 in the order of the analysis, with its parts on other pages; else all.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `as`, which is no name a class can have."""
        kinds = serializers.ChoiceField(choices=("csv", "xlsx"), default="csv", help_text="The kind of file.")
        return {**super().get_fields(), "as": kinds}


class WaitQuery(serializers.Serializer[Any]):
    """How long an upload waits for the end of processing."""

    wait = serializers.FloatField(
        required=False,
        default=0,
        min_value=0,
        max_value=LONGEST_WAIT_S,
        help_text="Seconds to wait for the end of processing; the answer comes earlier when the server is busy.",
    )


def refuse_too_large(content_length: str) -> None:
    """Raise TooLargeError for a body that cannot hold an allowed file, before it is read."""
    if content_length.isdigit() and int(content_length) > settings.MAX_UPLOAD_MB * 2**20 + FRAME_BYTES:
        raise TooLargeError(f"The file is larger than {settings.MAX_UPLOAD_MB} MB.")
