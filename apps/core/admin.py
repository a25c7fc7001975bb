"""What the system itself noted, in the admin site: history, never changed there."""

from typing import ClassVar, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from apps.core.models import AuditEvent, IdempotencyKey, OutboxEvent

M = TypeVar("M", bound=Model)


class HistoryAdmin(admin.ModelAdmin[M]):
    """Rows that can be looked at, searched and filtered, and nothing else."""

    def has_add_permission(self, request: HttpRequest, *_: object) -> bool:
        """Forbid: made by the program."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Forbid: history."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Forbid: history."""
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(HistoryAdmin[AuditEvent]):
    """Who did what."""

    list_display = ("created_at", "action", "actor_label", "object_kind", "object_id", "workspace_id")
    list_filter = ("action", "object_kind")
    search_fields = ("actor_label", "object_id", "action")
    date_hierarchy = "created_at"
    show_full_result_count = False


@admin.register(OutboxEvent)
class OutboxEventAdmin(HistoryAdmin[OutboxEvent]):
    """Events on their way to other apps."""

    list_display = ("created_at", "kind", "subject_id", "workspace_id", "handled_at")
    list_filter: ClassVar = ["kind", ("handled_at", admin.EmptyFieldListFilter)]
    search_fields = ("subject_id",)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(HistoryAdmin[IdempotencyKey]):
    """Requests that programs may repeat."""

    list_display = ("created_at", "key", "workspace_id", "response_status")
    list_filter = ("response_status",)
    search_fields = ("key",)
