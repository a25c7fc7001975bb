"""Reading what was read once more beside: all of a workspace, one with its documents, what a run belongs to."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from apps.accounts.models import User
from apps.classification.models import ModelVersion
from apps.core.errors import NotFoundError
from apps.documents.selectors import visible_to
from apps.pipeline.models import Rerun, RerunDecision, RerunItem


def reruns_in(*, workspace_id: UUID) -> QuerySet[Rerun]:
    """Return what was read once more beside, newest first, each with how many documents wait for a decision."""
    waiting = Count("items", filter=Q(items__decision=RerunDecision.PENDING))
    found = Rerun.objects.filter(workspace_id=workspace_id).select_related("model_version")
    return found.annotate(item_count=Count("items"), waiting_count=waiting).order_by("-id")


def rerun_get(*, workspace_id: UUID, rerun_id: UUID) -> Rerun:
    """Return one; raises NotFoundError."""
    rerun = reruns_in(workspace_id=workspace_id).filter(pk=rerun_id).first()
    if rerun is None:
        raise NotFoundError("There is no such re-run.")
    return rerun


def items_of(*, user: User, rerun: Rerun) -> QuerySet[RerunItem]:
    """Return the documents of a re-run that the user may see, in the order they were chosen."""
    there = visible_to(user=user, workspace_id=rerun.workspace_id)
    return RerunItem.objects.filter(rerun=rerun, document__in=there).select_related("document", "run").order_by("id")


def item_get(*, user: User, rerun: Rerun, item_id: UUID) -> RerunItem:
    """Return one document of a re-run; raises NotFoundError."""
    item = items_of(user=user, rerun=rerun).filter(pk=item_id).first()
    if item is None:
        raise NotFoundError("There is no such document in this re-run.")
    return item


def version_of_rerun(*, run_id: UUID) -> ModelVersion | None:
    """Return the version that types what a run reads beside; None: the one in use."""
    item = RerunItem.objects.filter(run_id=run_id).select_related("rerun__model_version").first()
    return item.rerun.model_version if item else None
