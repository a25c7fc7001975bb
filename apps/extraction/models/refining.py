"""What workspaces learned of ranking candidates: versions, the job that makes them, and candidates kept for it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.core.models import WorkspaceModel
from apps.documents.models import Reading


class RankingState(models.TextChoices):
    """A version's place among those of its workspace and type."""

    REFUSED = "REFUSED", "Not better"
    WAITING = "WAITING", "Not in use"
    ACTIVE = "ACTIVE", "In use"


class RankingVersion(WorkspaceModel):
    """What a workspace learned on top of the shipped ranker of a type's fields, with the figures before and after.

    Old versions, and those that held-out documents spoke against, have no `tensors`: they tell their figures only.
    """

    document_type = models.CharField(max_length=60)
    version = models.CharField(max_length=40, help_text="learned- and the beginning of the hash.")
    base = models.CharField(max_length=120, help_text="The shipped ranker that it was learned on top of.")
    sha256 = models.CharField(max_length=64, help_text="Of settings and tensors together.")
    dataset_hash = models.CharField(max_length=64, help_text="Of the documents and what people said of them.")
    code_version = models.CharField(max_length=40, blank=True, help_text="Which docintel made it.")
    document_count = models.PositiveIntegerField(help_text="Documents with values that people decided.")
    value_count = models.PositiveIntegerField(help_text="Decided values.")
    metrics = models.JSONField(default=dict, help_text="{before, after, fields}, of documents held out.")
    config = models.JSONField(default=dict)
    tensors = models.BinaryField(null=True)
    fit_ms = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=7, choices=RankingState.choices)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "document_type", "version"], name="ranking_version_once"),
            models.UniqueConstraint(
                fields=["workspace", "document_type"], condition=Q(state="ACTIVE"), name="ranking_one_active"
            ),
            models.CheckConstraint(condition=Q(state__in=RankingState.values), name="ranking_state_known"),
            models.CheckConstraint(
                condition=~Q(state="ACTIVE") | Q(tensors__isnull=False), name="ranking_active_has_tensors"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_type} {self.version}"


class RankingJob(WorkspaceModel):
    """The learning of a workspace's ranking of one type: the row is the job, as with the parts of a run.

    `wanted_at` says from when on a worker is to learn; None: nothing new was said. Where `is_held`, somebody chose what
    is in use, and versions learned later wait.
    """

    document_type = models.CharField(max_length=60)
    wanted_at = models.DateTimeField(null=True)
    is_held = models.BooleanField(default=False)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_expires_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["workspace", "document_type"]
        indexes: ClassVar = [
            models.Index(fields=["wanted_at"], condition=Q(wanted_at__isnull=False), name="ranking_wanted")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "document_type"], name="ranking_job_once")
        ]

    def __str__(self) -> str:
        return f"{self.document_type} of {self.workspace_id}"


class RankingCandidates(models.Model):
    """The candidates of a reading with their features, packed, so that learning reads no text again.

    `made_by` names the features and the form: other ones make the row anew from the reading's words.
    """

    reading = models.OneToOneField(
        Reading, primary_key=True, on_delete=models.CASCADE, related_name="ranking_candidates"
    )
    made_by = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        verbose_name_plural = "ranking candidates"

    def __str__(self) -> str:
        return str(self.reading_id)
