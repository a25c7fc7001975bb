"""Reading exports."""

from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import storages
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.accounts.policy import Action, require
from apps.core.errors import ConflictError, NotFoundError
from apps.pipeline.models import Export, ExportItem, ExportState


def exports_in(*, user: User, workspace_id: UUID) -> QuerySet[Export]:
    """Return a workspace's exports, newest first; raises NotFoundError for strangers."""
    require(user=user, action=Action.VIEW, workspace=workspace_id)
    return Export.objects.filter(workspace_id=workspace_id).order_by("-id")


def export_get(*, user: User, workspace_id: UUID, export_id: UUID) -> Export:
    """Return an export; raises NotFoundError."""
    export = exports_in(user=user, workspace_id=workspace_id).filter(pk=export_id).first()
    if export is None:
        raise NotFoundError("There is no such export.")
    return export


def exports_with(*, document_id: UUID) -> QuerySet[ExportItem]:
    """Return when a document went out: items of finished exports, newest first."""
    found = ExportItem.objects.filter(document_id=document_id, export__state=ExportState.SUCCEEDED)
    return found.select_related("export").order_by("-id")


def export_open(*, export: Export) -> "File[Any]":
    """Open an export's file; raises ConflictError while there is none, NotFoundError once it was removed."""
    if export.state != ExportState.SUCCEEDED:
        raise ConflictError("This export is not done.", code="not_finished")
    if not export.file_key:
        raise NotFoundError("The file of this export was removed after its time. Export once more.")
    try:
        return storages["default"].open(export.file_key)
    except FileNotFoundError:
        raise NotFoundError("The file of this export is no longer in the storage.") from None
