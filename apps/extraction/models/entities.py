"""Names, places, sums and addresses in the text, and the organisations that mentions stand for."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from apps.core.models import WorkspaceModel
from apps.documents.models import Reading


class Organisation(WorkspaceModel):
    """A company, authority or club of a workspace under the name people know it by."""

    name = models.CharField(max_length=250)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged")

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [models.Index(fields=["workspace", "name"], name="organisation_name")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="organisation_not_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationAlias(WorkspaceModel):
    """A way an organisation is written; remembered, so that later documents find it too."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=250)
    key = models.CharField(max_length=250, help_text="Letters and digits, without the legal form.")

    class Meta:
        ordering: ClassVar = ["text"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "key"], name="organisation_alias_once")]

    def __str__(self) -> str:
        return self.text


class Entity(WorkspaceModel):
    """One mention in a reading's text with its place; value is normalised."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="entities")
    kind = models.CharField(max_length=20)
    text = models.TextField()
    value = models.TextField()
    page_number = models.PositiveIntegerField(null=True)
    box = models.JSONField(null=True)
    confidence = models.FloatField(null=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="mentions"
    )

    class Meta:
        ordering: ClassVar = ["page_number", "id"]
        verbose_name_plural = "entities"
        indexes: ClassVar = [
            models.Index(fields=["reading", "page_number"], name="entity_page"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(0, 1)), name="entity_confidence_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"
