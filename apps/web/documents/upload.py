"""Uploading: many files in one plain form, or one file a request where a script shows the progress of each."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.policy import Action
from apps.core.errors import DocintelError, TransientError
from apps.documents.models import Document, Source
from apps.documents.selectors import tags_in
from apps.pipeline.services.ingest import ingest_upload
from apps.web.documents.tags import tag_names
from apps.web.shell import WorkspaceRequest, in_workspace


@dataclass(frozen=True)
class UploadResult:
    """What became of one file: a new document, one that was there before, or a reason in words."""

    file_name: str
    size: int
    document: Document | None = None
    is_duplicate: bool = False
    reason: str = ""
    is_temporary: bool = False

    @property
    def http_status(self) -> int:
        """201 for a new document, 503 for a file worth another try; a refusal is an answer like any other: 200."""
        if self.is_temporary:
            return 503
        return 200 if self.document is None or self.is_duplicate else 201


def upload_limits() -> dict[str, int]:
    """Return what the script checks before it sends anything."""
    return {"max_upload_mb": settings.MAX_UPLOAD_MB, "max_upload_bytes": settings.MAX_UPLOAD_MB * 2**20}


def _take(request: WorkspaceRequest, file: "UploadedFile[Any]") -> UploadResult:
    name, size = file.name or "file", file.size or 0
    try:
        taken = ingest_upload(
            workspace_id=request.workspace.pk,
            chunks=file.chunks(),
            file_name=name,
            source=Source.WEB,
            tags=tag_names(request.POST.get("tags", "")),
            by=request.user,
        )
    except DocintelError as error:
        return UploadResult(name, size, reason=error.message, is_temporary=isinstance(error, TransientError))
    return UploadResult(name, size, document=taken.document, is_duplicate=taken.duplicate)


@require_http_methods(["GET", "HEAD", "POST"])
@in_workspace(Action.EDIT)
def document_upload(request: WorkspaceRequest) -> HttpResponse:
    """Show the upload page; take the files of its form and say what became of each."""
    files = request.FILES.getlist("files")
    results = [_take(request, file) for file in files]
    context = {
        "results": results,
        "nothing_chosen": request.method == "POST" and not files,
        "tags": tags_in(workspace_id=request.workspace.pk),
        "given_tags": request.POST.get("tags", ""),
        **upload_limits(),
    }
    return render(request, "documents/upload.html", context, status=422 if context["nothing_chosen"] else 200)


@require_POST
@in_workspace(Action.EDIT)
def document_upload_file(request: WorkspaceRequest) -> HttpResponse:
    """Take one file; the answer is its line of the list of results."""
    file = request.FILES.get("files")
    result = _take(request, file) if file else UploadResult("", 0, reason="No file arrived. Choose it once more.")
    return render(request, "documents/upload_result.html", {"result": result}, status=result.http_status)
