"""The types people added, model versions, and what these said and saw of a reading."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.core.models import BaseModel, WorkspaceModel
from apps.documents.models import Reading


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
    """One trained model with the figures it was measured at.

    `workspace` is null for those that ship with docintel, and for checkpoints that were configured in their place: of
    these nobody here knows data or figures.
    """

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


class Arm(models.TextChoices):
    """One of the two versions of an experiment."""

    CONTROL = "CONTROL", "Control"
    TREATMENT = "TREATMENT", "Treatment"


class Prediction(WorkspaceModel):
    """What one model version said of one reading; the probability is null where nothing was fitted to outcomes.

    Those of an experiment's documents name it and their arm. One made in the shadow counts for nothing else.
    """

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="predictions")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="predictions")
    label = models.CharField(max_length=60)
    probability = models.FloatField(null=True)
    alternatives = models.JSONField(default=list)
    flags = models.JSONField(default=list)
    explanation = models.JSONField(
        default=dict, help_text="Words and passages that spoke for the label; empty where they were not asked for."
    )
    experiment = models.ForeignKey(
        "classification.Experiment", null=True, on_delete=models.PROTECT, related_name="predictions"
    )
    arm = models.CharField(max_length=9, choices=Arm.choices, blank=True, help_text="Blank outside of experiments.")
    is_shadow = models.BooleanField(default=False, help_text="Made to be compared, not to be shown.")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reading", "model_version"], name="prediction_once"),
            models.CheckConstraint(
                condition=Q(experiment__isnull=True, arm="", is_shadow=False)
                | Q(experiment__isnull=False, arm__in=Arm.values),
                name="prediction_arm_of_experiment",
            ),
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
