"""PipelineRun, StepRun, Export, Rerun: the rows are the jobs, messages are only doorbells."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.classification.models import ModelVersion
from apps.core.models import WorkspaceModel
from apps.documents.models import Document, Reading


class Trigger(models.TextChoices):
    """Why a run was started."""

    UPLOAD = "UPLOAD", "Upload"
    RETRY = "RETRY", "Retry"
    REPROCESS = "REPROCESS", "Reprocess"
    FIELDS = "FIELDS", "Fields anew"


class RunState(models.TextChoices):
    """Where a run stands; the last four are final."""

    QUEUED = "QUEUED", "Queued"
    PROCESSING = "PROCESSING", "Processing"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    PARTIAL = "PARTIAL", "Partial"
    FAILED = "FAILED", "Failed"
    CANCELLED = "CANCELLED", "Cancelled"


LIVE_RUN_STATES = (RunState.QUEUED, RunState.PROCESSING)


class PipelineRun(WorkspaceModel):
    """One pass of a document through the pipeline, filling one reading."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="runs")
    reading = models.OneToOneField(Reading, on_delete=models.CASCADE, related_name="run")
    trigger = models.CharField(max_length=10, choices=Trigger.choices)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    lane = models.PositiveSmallIntegerField(help_text="0 for a person who waits, 2 for bulk work.")
    is_beside = models.BooleanField(
        default=False, help_text="Its reading is compared with the current one and does not take its place by itself."
    )
    planned = models.JSONField(default=list, help_text="Names of the steps whose parts are laid out.")
    errors = models.JSONField(
        default=list, help_text="[{code, message, page?, step}]; gathered from the parts when the run ends."
    )
    earlier_errors = models.JSONField(
        default=list, help_text="Errors of the run whose pages this one took over, in the same form."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "finished_at"], name="run_finished"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(state__in=["QUEUED", "PROCESSING"]), name="run_live_once"
            ),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_trigger_display()} of {self.document_id}"


class StepState(models.TextChoices):
    """Where a part of a step stands; FAILED is the dead letter."""

    READY = "READY", "Ready"
    RUNNING = "RUNNING", "Running"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    FAILED = "FAILED", "Failed"
    CANCELLED = "CANCELLED", "Cancelled"


LIVE_STEP_STATES = (StepState.READY, StepState.RUNNING)


class StepRun(WorkspaceModel):
    """One part of one step of a run, claimed by one worker at a time under a fenced lease."""

    run = models.ForeignKey(PipelineRun, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=20)
    part = models.PositiveIntegerField(default=0)
    queue = models.CharField(max_length=20)
    priority = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=StepState.choices, default=StepState.READY)
    input = models.JSONField(default=dict)
    attempt = models.PositiveSmallIntegerField(default=0, help_text="Counted when claimed.")
    available_at = models.DateTimeField(auto_now_add=True)
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_token = models.UUIDField(null=True)
    lease_expires_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    problems = models.JSONField(default=list, help_text="[{code, message, page?}] of a part that succeeded in spite.")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "step", "part"], name="step_part_once"),
            models.CheckConstraint(condition=Q(state__in=StepState.values), name="step_state_known"),
            models.CheckConstraint(
                condition=~Q(state="RUNNING") | Q(lease_token__isnull=False, lease_expires_at__isnull=False),
                name="step_running_has_lease",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["queue", "priority", "id"], condition=Q(state="READY"), name="step_ready"),
            models.Index(fields=["lease_expires_at"], condition=Q(state="RUNNING"), name="step_leased"),
        ]

    def __str__(self) -> str:
        return f"{self.step}[{self.part}] {self.state}"


class ExportFormat(models.TextChoices):
    """What kind of file an export is."""

    CSV = "CSV", "CSV"
    XLSX = "XLSX", "XLSX"


class ExportState(models.TextChoices):
    """Where an export stands; the last two are final."""

    READY = "READY", "Waiting"
    RUNNING = "RUNNING", "Being written"
    SUCCEEDED = "SUCCEEDED", "Done"
    FAILED = "FAILED", "Failed"


class Export(WorkspaceModel):
    """A file of the values of chosen documents, written in the background under a fenced lease; never deleted."""

    format = models.CharField(max_length=4, choices=ExportFormat.choices)
    filters = models.JSONField(default=dict, help_text="What the list was filtered by, as a program would ask for it.")
    document_count = models.PositiveIntegerField(help_text="How many documents were chosen when it was asked for.")
    by_id = models.UUIDField(null=True)
    by_label = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=9, choices=ExportState.choices, default=ExportState.READY)
    attempt = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(auto_now_add=True)
    lease_token = models.UUIDField(null=True)
    lease_expires_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    file_key = models.CharField(max_length=200, blank=True, help_text="Its name in the storage; blank once removed.")
    file_size = models.PositiveBigIntegerField(null=True, help_text="Bytes.")
    row_count = models.PositiveIntegerField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(state="READY"), name="export_ready"),
            models.Index(fields=["workspace", "-id"], name="export_list"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_known"),
            models.CheckConstraint(
                condition=~Q(state="RUNNING") | Q(lease_token__isnull=False, lease_expires_at__isnull=False),
                name="export_running_has_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_count} documents as {self.format}"


class ExportItem(WorkspaceModel):
    """One document of an export; its title stays when the document is deleted for good."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="items")
    document = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="export_items")
    title = models.CharField(max_length=250)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "document"], name="export_document_once"),
        ]

    def __str__(self) -> str:
        return self.title


class RerunDecision(models.TextChoices):
    """What became of a reading that was made beside the current one."""

    PENDING = "PENDING", "To decide"
    PROMOTED = "PROMOTED", "Promoted"
    DISCARDED = "DISCARDED", "Discarded"


class Rerun(WorkspaceModel):
    """Chosen documents read once more beside their readings, typed by a model version (none: the one in use)."""

    model_version = models.ForeignKey(ModelVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_label = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"Beside, {self.created_at:%Y-%m-%d %H:%M}"


class RerunItem(WorkspaceModel):
    """A document of a re-run with both readings, and what was decided; figures stay when a reading is discarded."""

    rerun = models.ForeignKey(Rerun, on_delete=models.CASCADE, related_name="items")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    run = models.OneToOneField(PipelineRun, null=True, on_delete=models.SET_NULL, related_name="rerun_item")
    before = models.ForeignKey(Reading, null=True, on_delete=models.SET_NULL, related_name="+")
    after = models.ForeignKey(Reading, null=True, on_delete=models.SET_NULL, related_name="+")
    decision = models.CharField(max_length=9, choices=RerunDecision.choices, default=RerunDecision.PENDING)
    decided_at = models.DateTimeField(null=True)
    by_label = models.CharField(max_length=254, blank=True)
    figures = models.JSONField(null=True, help_text="What differs, noted when it was read and when it was decided.")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rerun", "document"], name="rerun_document_once"),
            models.CheckConstraint(condition=Q(decision__in=RerunDecision.values), name="rerun_decision_known"),
            models.CheckConstraint(
                condition=Q(decision="PENDING", decided_at__isnull=True)
                | (~Q(decision="PENDING") & Q(decided_at__isnull=False)),
                name="rerun_decided_at",
            ),
        ]

    def __str__(self) -> str:
        return self.get_decision_display()
