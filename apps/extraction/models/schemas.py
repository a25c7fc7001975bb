"""Which fields documents of a type have: schemas that people edited, each edit a version of its own."""

from typing import ClassVar

from django.db import models

from apps.core.models import WorkspaceModel


class Schema(WorkspaceModel):
    """One version of a type's fields in a workspace. Types without a row have the catalogue's fields (version 0)."""

    document_type = models.CharField(
        max_length=60, blank=True, help_text="The type's slug; blank for the fields that every document has."
    )
    version = models.PositiveIntegerField(help_text="From 1; the highest one counts.")
    by_id = models.UUIDField(null=True)
    by_label = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering: ClassVar = ["document_type", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "document_type", "version"], name="schema_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="schema_version_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.document_type or 'every document'} v{self.version}"


class SpecOrigin(models.TextChoices):
    """Who thought of a field."""

    BUILT_IN = "BUILT_IN", "Ships with docintel"
    USER = "USER", "Made in this workspace"


class FieldSpec(WorkspaceModel):
    """One field of one version of a schema; never changed: an edit makes another version with specs of its own."""

    schema = models.ForeignKey(Schema, on_delete=models.CASCADE, related_name="specs")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=60)
    value_type = models.CharField(max_length=20)
    label = models.CharField(max_length=120, help_text="The field's name in words.")
    description = models.CharField(max_length=500, blank=True)
    is_required = models.BooleanField(default=False)
    is_repeatable = models.BooleanField(default=False)
    rule = models.JSONField(
        default=dict, blank=True, help_text="{labels: words that stand before the value, shape: such as AA-9999}"
    )
    origin = models.CharField(max_length=8, choices=SpecOrigin.choices)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schema", "key"], name="spec_key_once"),
            models.CheckConstraint(condition=models.Q(origin__in=SpecOrigin.values), name="spec_origin_known"),
        ]

    def __str__(self) -> str:
        return self.label
