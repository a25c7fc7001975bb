"""What needs a person, what persons decided, what is odd about a document, where it stands with the clerk."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.core.models import WorkspaceModel
from apps.documents.models import Document


class TaskKind(models.TextChoices):
    """Why a person is asked."""

    TYPE = "TYPE", "Is the type right?"
    BUNDLE = "BUNDLE", "Are these several documents?"
    FIELDS = "FIELDS", "Are the values right?"


class TaskPurpose(models.TextChoices):
    """What a question is asked for: because of a doubt, or to learn how often machines are right."""

    DOUBT = "DOUBT", "Doubt"
    SAMPLE = "SAMPLE", "Spot check"
    AUDIT = "AUDIT", "Audit"


class ReviewTask(WorkspaceModel):
    """A question to a person about one document."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="review_tasks")
    kind = models.CharField(max_length=10, choices=TaskKind.choices)
    purpose = models.CharField(max_length=6, choices=TaskPurpose.choices, default=TaskPurpose.DOUBT)
    reason = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "kind"], condition=Q(done_at__isnull=True), name="review_task_open_once"
            ),
            models.CheckConstraint(condition=Q(purpose__in=TaskPurpose.values), name="review_task_purpose_known"),
        ]

    def __str__(self) -> str:
        return self.reason


class Correction(WorkspaceModel):
    """A human decision; append-only. The person is a plain label too, so that history outlives the account."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="corrections")
    subject = models.CharField(
        max_length=80, help_text="What was decided: `type`, `bundle`, `field.` or `acceptance.` and a field's key."
    )
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    by_id = models.UUIDField(null=True)
    by_label = models.CharField(max_length=254)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.subject} by {self.by_label}"


class WarningKind(models.TextChoices):
    """What is odd about a document."""

    SAME_NUMBER = "SAME_NUMBER", "Same seller and number as another document"
    SAME_AMOUNT = "SAME_AMOUNT", "Same amount and date as another document"
    CHANGED_IBAN = "CHANGED_IBAN", "Another bank account than this seller had before"
    EMBEDDED_DIFFERS = "EMBEDDED_DIFFERS", "The page shows something else than the data inside the file"
    FAILED_CHECK = "FAILED_CHECK", "The values do not fit together"


class DocumentWarning(WorkspaceModel):
    """Something about a document's values that a person should know before paying; shown until dismissed."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="warnings")
    kind = models.CharField(max_length=16, choices=WarningKind.choices)
    key = models.CharField(max_length=60, blank=True, help_text="The field it is about.")
    other = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.CASCADE, related_name="+", help_text="The other document."
    )
    message = models.CharField(max_length=400)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-id"], condition=Q(dismissed_at__isnull=True), name="warning_open"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "kind", "key", "other"], name="warning_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(kind__in=WarningKind.values), name="warning_kind_known"),
        ]

    def __str__(self) -> str:
        return self.message


class AccountingState(models.TextChoices):
    """Where a document stands with the clerk."""

    TO_CHECK = "TO_CHECK", "To check"
    APPROVED = "APPROVED", "Approved"
    EXPORTED = "EXPORTED", "Exported"


class Accounting(WorkspaceModel):
    """A document's state with the clerk, and who moved it there when; a document without a row is to be checked."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="accounting")
    state = models.CharField(max_length=8, choices=AccountingState.choices)
    changed_at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    by_label = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering: ClassVar = ["-changed_at"]
        verbose_name_plural = "accounting"
        indexes: ClassVar = [models.Index(fields=["workspace", "state"], name="accounting_state")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=AccountingState.values), name="accounting_state_known"),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
