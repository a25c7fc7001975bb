"""`documents/{id}/fields/{key}/`: correcting, confirming and rejecting values; `examples/`: new fields by example."""

from typing import Any, ClassVar, cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.policy import Action
from apps.api.parsers import SmallJSONParser
from apps.api.v1.describe import example, problems
from apps.api.v1.document import OneDocument
from apps.api.v1.shapes import FIELD_VALUE, DocumentDetail
from apps.api.v1.values import Box, declared
from apps.core.errors import NotFoundError
from apps.extraction.engine.types import Box as EngineBox
from apps.extraction.fields.columns import InvalidValueError
from apps.extraction.fields.selectors.values import values_for_document
from apps.extraction.fields.services.decisions import Given
from apps.extraction.fields.services.schemas import VALUE_TYPES
from apps.extraction.models import FieldValue
from apps.review.services.examples import Named, example_mark
from apps.review.services.fields import field_confirm, field_correct, field_reject


class PlainValue(serializers.JSONField):
    """A normalised value, the rows of a table, or null."""

    class Meta:
        swagger_schema_fields = FIELD_VALUE


class Words(serializers.Serializer[Any]):
    """Where a value stands: a text and its box on a page, or the page's words that it is made of."""

    raw_text = serializers.CharField(required=False, default="", max_length=20_000, help_text="As the page writes it.")
    page = serializers.IntegerField(required=False, default=None, min_value=1, allow_null=True)
    box = Box(allow_null=True, required=False)
    words = serializers.ListField(
        child=serializers.IntegerField(min_value=0),
        required=False,
        default=list,
        max_length=2_000,
        help_text="Places in the page's list of words, as the analysis object gives it.",
    )
    currency = serializers.RegexField(r"\A[A-Z]{3}\Z", required=False, default="", help_text="Of an amount: ISO 4217.")


class FieldChange(Words):
    """A decision on a value: `value`, or `raw_text` with `page` and `box`, or `words` with `page`; null rejects."""

    value = PlainValue(required=False, allow_null=True, help_text="Normalised; null: the document has no such value.")
    state = serializers.ChoiceField(
        choices=["accepted"], required=False, help_text="Instead of a value: the one that is there is right."
    )
    id = serializers.UUIDField(required=False, help_text="Which value is meant, where a repeatable field has several.")
    index = serializers.IntegerField(required=False, min_value=0, help_text="The same, by its place from 0.")


class ExampleMark(Words):
    """A value that is shown, and the name of its field."""

    label = declared(serializers.CharField(max_length=120, help_text="The field's name in words."))
    key = serializers.RegexField(
        r"\A[a-z][a-z0-9]*(_[a-z0-9]+)*\Z",
        max_length=60,
        required=False,
        default="",
        help_text="Else made of the label.",
    )
    value_type = serializers.ChoiceField(choices=VALUE_TYPES, required=False, default="text")
    repeatable = serializers.BooleanField(required=False, default=False)


def given_of(data: dict[str, Any]) -> Given:
    """Read what was sent."""
    box = data.get("box")
    return Given(
        value=data.get("value"),
        currency=data["currency"],
        raw_text=data["raw_text"],
        page=data["page"],
        box=cast(EngineBox, tuple(box)) if box else None,
        words=tuple(data["words"]),
    )


class DocumentField(OneDocument):
    """A field of a document."""

    actions: ClassVar = {"PATCH": Action.REVIEW}
    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="documents_set_field",
        tags=["documents"],
        summary="Correct, confirm or reject a value",
        request=FieldChange,
        responses={200: DocumentDetail, **problems(400, 404, 409, 415)},
        extensions=example(
            "documents/$ID/fields/grand_total/",
            '-X PATCH -H "Content-Type: application/json" -d \'{"value": "99.50", "currency": "EUR"}\'',
        ),
    )
    def patch(self, request: Request, document_id: object, key: str) -> Response:
        """Record a person's or program's word on a value; machines never overwrite it.

        A repeatable field has several values: `id` or `index` says which one is meant, without them one is added.
        400 for a field that documents of this type do not have (`unknown_field`) and for what is no value of the
        field's kind (`invalid_value`); 409 where another value has taken the place of the one that is meant
        (`replaced`).
        """
        change = FieldChange(data=request.data)
        change.is_valid(raise_exception=True)
        data: dict[str, Any] = change.validated_data
        value_id = self._meant(key, data)
        if data.get("state"):
            field_confirm(document=self.document, value_id=value_id or self._only(key), by=self.user)
        elif "value" in data and data["value"] is None:
            field_reject(document=self.document, key=key, value_id=value_id, by=self.user)
        else:
            field_correct(document=self.document, key=key, given=given_of(data), value_id=value_id, by=self.user)
        return self.answer()

    def _values(self, key: str) -> list[FieldValue]:
        return [value for value in values_for_document(document=self.document) if value.key == key]

    def _meant(self, key: str, data: dict[str, Any]) -> UUID | None:
        if "index" not in data:
            named: UUID | None = data.get("id")
            return named
        values = self._values(key)
        if data["index"] >= len(values):
            raise NotFoundError("There is no such value.")
        found: UUID = values[data["index"]].pk
        return found

    def _only(self, key: str) -> UUID:
        values = self._values(key)
        if not values:
            raise NotFoundError("This field has no value that could be accepted.")
        if len(values) > 1:
            raise InvalidValueError("This field has several values. Say which one is meant by `id` or `index`.")
        return values[0].pk


class DocumentExamples(OneDocument):
    """Fields by example."""

    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="documents_mark_example",
        tags=["documents"],
        summary="Show a value of a new field",
        request=ExampleMark,
        responses={201: DocumentDetail, **problems(400, 404, 409, 415)},
        extensions=example(
            "documents/$ID/examples/",
            '-X POST -H "Content-Type: application/json" '
            '-d \'{"label": "Customer number", "value_type": "identifier", "page": 1, "words": [12]}\'',
        ),
    )
    def post(self, request: Request, document_id: object) -> Response:
        """Name a value that stands on this document: documents of the same type get it proposed.

        409 while nobody has said what the document is (`no_type`).
        """
        mark = ExampleMark(data=request.data)
        mark.is_valid(raise_exception=True)
        data: dict[str, Any] = mark.validated_data
        named = Named(
            label=data["label"], key=data["key"], value_type=data["value_type"], is_repeatable=data["repeatable"]
        )
        example_mark(document=self.document, named=named, given=given_of(data), by=self.user)
        return self.answer(status=201)
