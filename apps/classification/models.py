"""The types people added, model versions, what these said of a reading, and how they learn from corrections."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.core.clock import now
from apps.core.models import BaseModel, WorkspaceModel
from apps.documents.models import Document, Reading


class Label(WorkspaceModel):
    """A document type that people of a workspace added; those built in are in the engine's catalogue."""

    slug = models.CharField(max_length=60)
    name = models.CharField(max_length=60, help_text="Also how such documents name themselves in their title.")
    description = models.CharField(max_length=300, help_text="One sentence, by which such documents are recognised.")
    is_retired = models.BooleanField(default=False, help_text="No longer proposed; documents keep it.")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="label_once"),
            models.CheckConstraint(condition=~Q(slug="") & ~Q(name=""), name="label_named"),
        ]

    def __str__(self) -> str:
        return self.name


class ModelState(models.TextChoices):
    """A model version's place in its family."""

    CANDIDATE = "CANDIDATE", "Candidate"
    ACTIVE = "ACTIVE", "Active"
    RETIRED = "RETIRED", "Retired"


class ModelVersion(BaseModel):
    """One trained model with the figures it was measured at; `workspace` is null for those that ship with docintel."""

    workspace = models.ForeignKey(
        "accounts.Workspace", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    family = models.CharField(max_length=60)
    version = models.CharField(max_length=120)
    artifact_sha256 = models.CharField(max_length=64)
    dataset_hash = models.CharField(max_length=64, blank=True)
    metrics = models.JSONField(default=dict)
    calibration = models.JSONField(default=dict)
    code_version = models.CharField(max_length=40, blank=True, help_text="Which docintel made it.")
    state = models.CharField(max_length=9, choices=ModelState.choices, default=ModelState.CANDIDATE)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "family", "version"], name="model_version_once", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["workspace", "family"],
                condition=Q(state="ACTIVE"),
                name="model_one_active",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.version}"


class Prediction(WorkspaceModel):
    """What one model version said of one reading; the probability is null where nothing was fitted to outcomes."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="predictions")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="predictions")
    label = models.CharField(max_length=60)
    probability = models.FloatField(null=True)
    alternatives = models.JSONField(default=list)
    flags = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reading", "model_version"], name="prediction_once"),
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__range=(0, 1)),
                name="prediction_probability_share",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ModelWeights(models.Model):
    """What a workspace's model version is made of: settings, and tensors as safetensors; hashed in its version.

    Removed from old versions, which then tell their figures and can no longer be activated.
    """

    version = models.OneToOneField(ModelVersion, primary_key=True, on_delete=models.CASCADE, related_name="weights")
    config = models.JSONField()
    tensors = models.BinaryField()

    def __str__(self) -> str:
        return str(self.version)


class TypeFeatures(models.Model):
    """What a reading's type is told by, as a refit takes it (`engine/features.py`), so that no text is read again.

    `made_by` names the encoder, the base head and the types people had added: others make the row anew.
    """

    reading = models.OneToOneField(Reading, primary_key=True, on_delete=models.CASCADE, related_name="type_features")
    made_by = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        verbose_name_plural = "type features"

    def __str__(self) -> str:
        return str(self.reading_id)


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
    changed_count = models.PositiveIntegerField(default=0, help_text="Those of them that got another type.")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["workspace", "-id"], name="refit_list")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace"], condition=Q(state="READY"), name="refit_waits_once"),
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
