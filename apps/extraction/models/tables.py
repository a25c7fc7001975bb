"""Tables on pages, and where documents could begin in a file of several."""

from typing import ClassVar

from django.db import models

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
