"""What was learned of ranking fields: the versions of each type with their figures, and which of them is in use."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.accounts.policy import Action
from apps.core.errors import ConflictError, NotFoundError
from apps.extraction.engine.fields.refining import TYPES
from apps.extraction.fields.selectors.refining import ranking_get, ranking_job_of, rankings_of
from apps.extraction.fields.services.refining import ranking_choose as choose
from apps.extraction.fields.services.refining import ranking_follow as follow
from apps.extraction.models import RankingJob, RankingState, RankingVersion
from apps.web.documents.types import type_title
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_SHOWN: Final = 10
SHIPPED: Final = "shipped"
BETTER: Final = "better"


@dataclass(frozen=True)
class Ranking:
    """A type's versions, newest first, and the learning of it."""

    document_type: str
    title: str
    job: RankingJob
    versions: list[RankingVersion]

    @property
    def is_shipped(self) -> bool:
        """Whether the shipped ranker ranks alone."""
        return all(version.state != RankingState.ACTIVE for version in self.versions)


def rankings_in(workspace_id: UUID) -> list[Ranking]:
    """Return the types of which somebody decided values."""
    found = []
    for kind in TYPES:
        job = ranking_job_of(workspace_id=workspace_id, document_type=kind)
        if job is not None:
            own = rankings_of(workspace_id=workspace_id, document_type=kind)
            versions = list(own.defer("tensors", "config")[:MOST_SHOWN])
            found.append(Ranking(kind, type_title(kind), job, versions))
    return found


@require_POST
@in_workspace(Action.MANAGE)
def ranking_choose(request: WorkspaceRequest, document_type: str) -> HttpResponse:
    """Put a version to use, or the shipped ranker alone; or let whatever is better be used again."""
    if document_type not in TYPES:
        raise NotFoundError("This type has no ranking that learns.")
    choice = request.POST.get("version", SHIPPED)
    workspace_id = request.workspace.pk
    try:
        if choice == BETTER:
            follow(workspace_id=workspace_id, document_type=document_type, by=request.user)
            messages.success(request, "What is learned is used from now on as soon as it is better.")
        else:
            ids: dict[str, Any] = {"workspace_id": workspace_id, "document_type": document_type}
            version = None if choice == SHIPPED else ranking_get(**ids, version_id=_id(choice))
            choose(**ids, version=version, by=request.user)
            messages.success(request, "In use from the next document on. What is learned later waits until you say so.")
    except ConflictError as error:
        messages.error(request, error.message)
    return redirect(f"{reverse('web:model_list')}#fields")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError("There is no such version.") from error
