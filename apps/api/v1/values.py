"""Serializers of the values an answer is made of: choices in lower case, types, fields, errors."""

from typing import Any

from django.db.models import Choices
from rest_framework import serializers


class LowerChoice(serializers.ChoiceField):
    """A choice that is UPPERCASE in the database and lower-case in the API."""

    def __init__(self, choices: type[Choices], **options: Any) -> None:  # noqa: ANN401  (DRF's own options)
        super().__init__(choices=[(str(value).lower(), label) for value, label in choices.choices], **options)

    def to_representation(self, value: Any) -> str:  # noqa: ANN401  (DRF's own signature)
        """Return the API's value."""
        return str(value).lower()


class Box(serializers.ListField):
    """`[x0, y0, x1, y1]` as fractions of the shown page, origin top-left, after rotation."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (DRF's own options)
        told = "x0, y0, x1, y1 as fractions of the shown page, origin top-left, after rotation."
        super().__init__(
            child=serializers.FloatField(min_value=0, max_value=1),
            min_length=4,
            max_length=4,
            help_text=told,
            **options,
        )


class Confidence(serializers.FloatField):
    """A calibrated probability of being right, or null."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (DRF's own options)
        told = "A calibrated probability of being right; null where nothing was fitted to measured outcomes."
        super().__init__(min_value=0, max_value=1, allow_null=True, help_text=told, **options)


class Alternative(serializers.Serializer[dict[str, Any]]):
    """Another type the model considered."""

    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes fields out of the class: nothing is hidden
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
    errors = serializers.DictField(  # type: ignore[assignment]  # DRF takes fields out of the class: nothing is hidden
        required=False, help_text="With the code `invalid`: what is wrong, by the name of the parameter or field."
    )
