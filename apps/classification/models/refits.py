"""How a workspace's heads learn from what people say: the jobs, and their receipts."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.classification.models.versions import ModelVersion
from apps.core.clock import now
from apps.core.models import WorkspaceModel
from apps.documents.models import Document


class RefitCause(models.TextChoices):
    """Why a workspace's head is fitted anew."""

    CORRECTION = "CORRECTION", "What people said"
    UNDO = "UNDO", "Something was taken back"
    TYPES = "TYPES", "The types changed"
    UPGRADE = "UPGRADE", "docintel changed"
    ACTIVATION = "ACTIVATION", "Another version was chosen"


class RefitState(models.TextChoices):
    """Where a refit stands."""

    READY = "READY", "Waiting"
    RUNNING = "RUNNING", "Learning"
    SUCCEEDED = "SUCCEEDED", "Done"
    FAILED = "FAILED", "Failed"


class Refit(WorkspaceModel):
    """A workspace's head fitted anew, and its receipt; the row is the job, as with the parts of a run."""

    family = models.CharField(max_length=60, default="document_type", help_text="What is learned, as of versions.")
    cause = models.CharField(max_length=10, choices=RefitCause.choices)
    corrections = models.JSONField(default=list, help_text="Ids of the corrections that it learns from first.")
    by_id = models.UUIDField(null=True)
    by_label = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=9, choices=RefitState.choices, default=RefitState.READY)
    attempt = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(default=now)
    lease_token = models.UUIDField(null=True)
    lease_expires_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.CharField(max_length=400, blank=True)
    model_version = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL, related_name="refits")
    previous_version = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL, related_name="+")
    fit_ms = models.PositiveIntegerField(null=True, help_text="From the claim to the new version.")
    example_count = models.PositiveIntegerField(default=0, help_text="Confirmed documents that it learned from.")
    rescored_count = models.PositiveIntegerField(default=0, help_text="Pending documents that were looked at.")
    changed_count = models.PositiveIntegerField(
        default=0, help_text="Those of them that got another type, or other proposals."
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["workspace", "family", "-id"], name="refit_list")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "family"], condition=Q(state="READY"), name="refit_waits_once"
            ),
            models.CheckConstraint(condition=Q(state__in=RefitState.values), name="refit_state_known"),
            models.CheckConstraint(condition=Q(cause__in=RefitCause.values), name="refit_cause_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()}: {self.get_state_display()}"


class RefitChange(WorkspaceModel):
    """A pending document that a refit typed differently, before and after; the receipt's list."""

    refit = models.ForeignKey(Refit, on_delete=models.CASCADE, related_name="changes")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    before_label = models.CharField(max_length=60, blank=True)
    before_confidence = models.FloatField(null=True)
    after_label = models.CharField(max_length=60)
    after_confidence = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["refit", "document"], name="refit_change_once")]

    def __str__(self) -> str:
        return f"{self.before_label} → {self.after_label}"
