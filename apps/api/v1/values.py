"""Serializers of the values an answer is made of: choices in lower case, types, fields, errors."""

from typing import Any

from django.db.models import Choices
from rest_framework import serializers


def declared(field: "serializers.Field[Any, Any, Any, Any]") -> Any:  # noqa: ANN401  (fits whatever attribute it stands for)
    """Declare a field whose name DRF's serializers use for an attribute of their own (`label`, `source`, `errors`).

    DRF takes declared fields out of the class, so nothing is hidden; type checkers cannot know that.
    """
    return field


class LowerChoice(serializers.ChoiceField):
    """A choice that is UPPERCASE in the database and lower-case in the API."""

    def __init__(
        self,
        choices: type[Choices],
        *,
        source: str | None = None,
        help_text: str | None = None,
        read_only: bool = False,
    ) -> None:
        lower = [(str(value).lower(), label) for value, label in choices.choices]
        super().__init__(choices=lower, source=source, help_text=help_text, read_only=read_only)

    def to_representation(self, value: object) -> str:
        """Return the API's value."""
        return str(value).lower()


class Box(serializers.ListField):
    """`[x0, y0, x1, y1]` as fractions of the shown page, origin top-left, after rotation."""

    def __init__(self, *, allow_null: bool, required: bool | None = None) -> None:
        told = "x0, y0, x1, y1 as fractions of the shown page, origin top-left, after rotation."
        super().__init__(
            child=serializers.FloatField(min_value=0, max_value=1),
            min_length=4,
            max_length=4,
            help_text=told,
            allow_null=allow_null,
            required=required,
        )


class Confidence(serializers.FloatField):
    """A calibrated probability of being right, or null."""

    def __init__(self, *, source: str | None = None) -> None:
        told = "A calibrated probability of being right; null where nothing was fitted to measured outcomes."
        super().__init__(min_value=0, max_value=1, allow_null=True, source=source, help_text=told)


class Alternative(serializers.Serializer[dict[str, Any]]):
    """Another type the model considered."""

    label = declared(serializers.CharField())
    confidence = Confidence()


class StepError(serializers.Serializer[dict[str, Any]]):
    """What went wrong while a document was processed."""

    code = serializers.CharField(help_text="Stable, for programs.")
    message = serializers.CharField(help_text="For a person.")
    page = serializers.IntegerField(required=False, help_text="The page it happened on, from 1.")
    step = serializers.CharField(required=False, help_text="The step of the pipeline.")


class Problem(serializers.Serializer[dict[str, Any]]):
    """An error's one shape, `application/problem+json`."""

    type = serializers.CharField()
    title = serializers.CharField(help_text="For a person.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    code = serializers.CharField(help_text="Stable, for programs.")
    errors = declared(
        serializers.DictField(
            required=False, help_text="With the code `invalid`: what is wrong, by the name of the parameter or field."
        )
    )
