"""Typed values with their places: what machines read, tied to a reading, and what people said, tied to none."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left

from apps.core.models import WorkspaceModel
from apps.documents.models import Document, DocumentVersion, Reading
from apps.extraction.models.entities import Organisation
from apps.extraction.models.schemas import FieldSpec, Schema

INDEXED_LENGTH = 120  # of a value's text; a clause would not fit into an index row


class Method(models.TextChoices):
    """How a value was found."""

    EMBEDDED = "EMBEDDED", "Machine-readable data in the file"
    RULE = "RULE", "Rule"
    MODEL = "MODEL", "Model"
    HUMAN = "HUMAN", "Person"


class ValueState(models.TextChoices):
    """Where a value stands: proposed by a machine, or decided."""

    PROPOSED = "PROPOSED", "Proposed"
    ACCEPTED = "ACCEPTED", "Accepted"
    CORRECTED = "CORRECTED", "Corrected"
    REJECTED = "REJECTED", "Rejected"


class FieldValue(WorkspaceModel):
    """One typed value with its place and how it was found.

    Machines' values belong to a reading and go with it. A person's word has none: it is anchored to the document's
    version, the page, the box and the raw text, so that nothing cascades into it and no reading overwrites it.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="field_values")
    version = models.ForeignKey(DocumentVersion, on_delete=models.CASCADE, related_name="+")
    reading = models.ForeignKey(Reading, null=True, blank=True, on_delete=models.CASCADE, related_name="field_values")
    spec = models.ForeignKey(
        FieldSpec,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="None: the catalogue's.",
    )
    key = models.CharField(max_length=60)
    position = models.PositiveIntegerField(default=0, help_text="Place among the values of a repeatable field.")
    value_type = models.CharField(max_length=20)
    value = models.TextField(help_text="Normalised: ISO dates, decimal amounts with a point.")
    value_date = models.DateField(null=True)
    value_number = models.DecimalField(null=True, max_digits=20, decimal_places=4)
    value_boolean = models.BooleanField(null=True)
    value_table = models.JSONField(null=True, help_text="Rows of a table: a list of objects, every column a text.")
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217, of an amount.")
    raw_text = models.TextField()
    page_number = models.PositiveIntegerField(null=True)
    box = models.JSONField(null=True)
    words = models.JSONField(default=list, help_text="Indices in the page's list of words.")
    is_supported = models.BooleanField(default=True, help_text="The words under the box contain the raw text.")
    confidence = models.FloatField(null=True)
    method = models.CharField(max_length=8, choices=Method.choices)
    producer = models.CharField(max_length=120, blank=True)
    checks = models.JSONField(default=list)
    alternatives = models.JSONField(default=list, help_text="Other candidates, best first.")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="field_values"
    )
    state = models.CharField(max_length=9, choices=ValueState.choices, default=ValueState.PROPOSED)
    certificate_id = models.UUIDField(
        null=True, blank=True, help_text="By which certificate it was accepted automatically; none: a person did."
    )
    is_effective = models.BooleanField(
        default=True, help_text="Not replaced: no person has put another value in its place, or rejected it."
    )
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    replaced = models.JSONField(
        null=True, help_text="What a person's word stands in place of: {value, page, box}, found again in new readings."
    )
    by_id = models.UUIDField(null=True)
    by_label = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering: ClassVar = ["key", "position", "id"]
        indexes: ClassVar = [
            models.Index(
                F("workspace"),
                F("key"),
                Left("value", INDEXED_LENGTH),
                condition=Q(is_effective=True),
                name="field_text",
            ),
            models.Index(
                fields=["workspace", "key", "value_date"],
                condition=Q(value_date__isnull=False, is_effective=True),
                name="field_date",
            ),
            models.Index(
                fields=["workspace", "key", "value_number"],
                condition=Q(value_number__isnull=False, is_effective=True),
                name="field_number",
            ),
            models.Index(fields=["document", "key"], name="field_document"),
            models.Index(
                fields=["certificate_id"], condition=Q(certificate_id__isnull=False), name="field_by_certificate"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reading", "key", "position"], condition=Q(reading__isnull=False), name="field_position_once"
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(0, 1)), name="field_confidence_share"
            ),
            models.CheckConstraint(condition=Q(state__in=ValueState.values), name="field_state_known"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="field_method_known"),
            models.CheckConstraint(
                condition=Q(method="HUMAN", reading__isnull=True, confidence__isnull=True)
                | (~Q(method="HUMAN") & Q(reading__isnull=False)),
                name="field_person_has_no_reading",
            ),
            models.CheckConstraint(
                condition=~Q(is_supported=False, state="ACCEPTED", reading__isnull=False),
                name="field_unsupported_not_accepted",
            ),
            models.CheckConstraint(
                condition=Q(certificate_id__isnull=True) | Q(state="ACCEPTED", reading__isnull=False),
                name="field_certificate_accepts",
            ),
            models.CheckConstraint(
                condition=Q(value_type="table", value_table__isnull=False)
                | (~Q(value_type="table") & Q(value_table__isnull=True)),
                name="field_table_has_rows",
            ),
            models.CheckConstraint(
                condition=Q(value_date__isnull=True) | Q(value_type="date"), name="field_date_is_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"

    @property
    def is_human(self) -> bool:
        """Whether a person said it."""
        return self.method == Method.HUMAN


class Extraction(WorkspaceModel):
    """How a reading's fields were read: as which type, by which version of its schema, with which machine data."""

    reading = models.OneToOneField(Reading, on_delete=models.CASCADE, related_name="extraction")
    document_type = models.CharField(max_length=60, blank=True)
    schema = models.ForeignKey(Schema, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    schema_version = models.PositiveIntegerField(default=0, help_text="0: the catalogue's.")
    profile = models.CharField(max_length=250, blank=True, help_text="Of machine-readable data, such as Factur-X's.")
    codes = models.JSONField(default=list, help_text="QR and bar codes: [{page, box, kind, content}]")

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.document_type or 'no type'} v{self.schema_version}"
