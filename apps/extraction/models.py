"""What a reading found on its pages: tables and typed values."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.core.models import WorkspaceModel
from apps.documents.models import Reading


class Table(WorkspaceModel):
    """A table on a page; its cells as in the analysis object, rows and columns from 0, boxes as fractions."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="tables")
    page_number = models.PositiveIntegerField()
    position = models.PositiveIntegerField(help_text="Place among the page's tables, from 0.")
    box = models.JSONField(null=True)
    row_count = models.PositiveIntegerField()
    column_count = models.PositiveIntegerField()
    confidence = models.FloatField(null=True)
    cells = models.JSONField(default=list)
    header_rows = models.PositiveIntegerField(default=0)
    continues = models.BooleanField(default=False, help_text="Goes on with the last table of the page before.")

    class Meta:
        ordering: ClassVar = ["page_number", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reading", "page_number", "position"], name="table_once"),
        ]

    def __str__(self) -> str:
        return f"{self.row_count} x {self.column_count} on page {self.page_number}"


class BundleProposal(WorkspaceModel):
    """Where documents could begin in a file of several; it proposes and never splits."""

    reading = models.OneToOneField(Reading, on_delete=models.CASCADE, related_name="bundle_proposal")
    boundaries = models.JSONField(default=list, help_text="[{page, probability or null, reason}], improbable ones too.")
    dropped = models.JSONField(default=list, help_text="Pages that no document needs: separators and empty sheets.")
    is_likely = models.BooleanField(help_text="A person was asked.")

    def __str__(self) -> str:
        return f"{len(self.boundaries)} places"


class Method(models.TextChoices):
    """How a value was found."""

    EMBEDDED = "EMBEDDED", "Machine-readable data in the file"
    RULE = "RULE", "Rule"
    MODEL = "MODEL", "Model"
    HUMAN = "HUMAN", "Person"


class FieldValue(WorkspaceModel):
    """One typed value of a reading, with its place and how it was found."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="field_values")
    key = models.CharField(max_length=60)
    value_type = models.CharField(max_length=20)
    value = models.TextField(help_text="Normalised: ISO dates, decimal amounts with a point.")
    value_date = models.DateField(null=True)
    value_number = models.DecimalField(null=True, max_digits=20, decimal_places=4)
    raw_text = models.TextField()
    confidence = models.FloatField(null=True)
    method = models.CharField(max_length=8, choices=Method.choices)
    page_number = models.PositiveIntegerField(null=True)
    box = models.JSONField(null=True)
    checks = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["key", "id"]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "key", "value"], name="field_text"),
            models.Index(
                fields=["workspace", "key", "value_date"], condition=Q(value_date__isnull=False), name="field_date"
            ),
            models.Index(
                fields=["workspace", "key", "value_number"],
                condition=Q(value_number__isnull=False),
                name="field_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"
