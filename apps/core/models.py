"""Base models, and the tables every app shares: outbox, audit log, idempotency keys."""

from typing import ClassVar
from uuid import UUID

from django.db import models

from apps.core.ids import new_id


class BaseModel(models.Model):
    """A row with a time-ordered public id and a creation time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    class Meta:
        abstract = True


class WorkspaceModel(BaseModel):
    """A row that belongs to one workspace."""

    workspace_id: UUID
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class OutboxEvent(BaseModel):
    """Something that happened and that apps further up want to know of; written in the transaction that did it."""

    workspace_id = models.UUIDField()
    kind = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    data = models.JSONField(default=dict)
    handled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(handled_at__isnull=True), name="outbox_unhandled"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class AuditEvent(BaseModel):
    """Who did what to which object; append-only. Actors and objects are plain ids, so that history outlives them."""

    workspace_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=254, blank=True)
    action = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=40)
    object_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["object_kind", "object_id", "id"], name="audit_object"),
            models.Index(fields=["workspace_id", "-id"], name="audit_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_label or 'system'}"


class IdempotencyKey(BaseModel):
    """The answer already given to a request that a program repeats with the same key."""

    workspace_id = models.UUIDField()
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    response_status = models.PositiveSmallIntegerField(null=True)
    response_body = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace_id", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return self.key
