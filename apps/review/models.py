"""What needs a person, and what persons decided."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.core.models import WorkspaceModel
from apps.documents.models import Document


class TaskKind(models.TextChoices):
    """Why a person is asked."""

    TYPE = "TYPE", "Is the type right?"
    BUNDLE = "BUNDLE", "Are these several documents?"


class ReviewTask(WorkspaceModel):
    """A question to a person about one document."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="review_tasks")
    kind = models.CharField(max_length=10, choices=TaskKind.choices)
    reason = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "kind"], condition=Q(done_at__isnull=True), name="review_task_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Correction(WorkspaceModel):
    """A human decision; append-only. The person is a plain label too, so that history outlives the account."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="corrections")
    subject = models.CharField(max_length=80, help_text="What was decided: `type`, `bundle`, or a field's key.")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    by_id = models.UUIDField(null=True)
    by_label = models.CharField(max_length=254)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.subject} by {self.by_label}"
