"""Runs, their steps and exports in the admin site; dead letters can be made ready again."""

from typing import ClassVar, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.accounts.models import User
from apps.core.admin import HistoryAdmin
from apps.pipeline.models import Export, ExportItem, PipelineRun, Rerun, RerunItem, StepRun
from apps.pipeline.services.again import run_retry


class StepRunInline(admin.TabularInline[StepRun, PipelineRun]):
    """A run's steps."""

    model = StepRun
    extra = 0
    can_delete = False
    fields = ("step", "part", "state", "attempt", "duration_ms", "error_code", "error_message")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: PipelineRun | None = None) -> bool:
        """Forbid: made by the pipeline."""
        return False


@admin.register(PipelineRun)
class PipelineRunAdmin(HistoryAdmin[PipelineRun]):
    """Passes of documents through the pipeline."""

    list_display = ("document", "trigger", "state", "created_at", "started_at", "finished_at")
    list_filter = ("state", "trigger", "is_beside", "workspace")
    search_fields = ("document__title", "id")
    list_select_related = ("document",)
    date_hierarchy = "created_at"
    inlines: ClassVar = [StepRunInline]
    actions = ("retry_dead_letters",)

    @admin.action(description="Retry dead letters")
    def retry_dead_letters(self, request: HttpRequest, queryset: QuerySet[PipelineRun]) -> None:
        """Make the failed parts of the chosen runs ready again."""
        count = sum(run_retry(run_id=run.pk, by=cast(User, request.user)) for run in queryset)
        self.message_user(request, f"{count} parts are ready again.", messages.SUCCESS)


@admin.register(StepRun)
class StepRunAdmin(HistoryAdmin[StepRun]):
    """Parts of steps: what is ready, running, done or dead."""

    list_display = ("step", "part", "state", "attempt", "queue", "priority", "lease_owner", "duration_ms", "error_code")
    list_filter = ("state", "step", "error_code", "queue")
    search_fields = ("run__id", "run__document__title", "error_message")
    show_full_result_count = False


@admin.register(Export)
class ExportAdmin(HistoryAdmin[Export]):
    """Files of values that people asked for."""

    list_display = ("created_at", "by_label", "format", "state", "document_count", "row_count", "finished_at")
    list_filter = ("state", "format", "workspace")
    search_fields = ("by_label", "id", "error_message")


@admin.register(ExportItem)
class ExportItemAdmin(HistoryAdmin[ExportItem]):
    """Documents that went out with exports."""

    list_display = ("title", "document", "export", "created_at")
    list_filter = ("workspace",)
    search_fields = ("title", "export__id", "document__id")
    list_select_related = ("document", "export")
    show_full_result_count = False


@admin.register(Rerun)
class RerunAdmin(HistoryAdmin[Rerun]):
    """Documents that were read once more beside."""

    list_display = ("id", "model_version", "by_label", "workspace", "created_at")
    list_filter = ("workspace",)
    search_fields = ("id", "by_label")
    list_select_related = ("model_version",)


@admin.register(RerunItem)
class RerunItemAdmin(HistoryAdmin[RerunItem]):
    """What was decided about them."""

    list_display = ("document", "rerun_id", "decision", "by_label", "decided_at")
    list_filter = ("decision", "workspace")
    search_fields = ("document__title", "rerun__id")
    list_select_related = ("document",)
