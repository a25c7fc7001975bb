"""The workspace's figures for the dashboard and the API, cached until something changes."""

from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.core.cache import cache

from apps.accounts.models import User
from apps.accounts.policy import Action, require
from apps.core.clock import Clock, now
from apps.core.generations import generation
from apps.documents.selectors import visible_to
from apps.insights.collection import collection_figures
from apps.insights.processing import processing_figures
from apps.insights.quality import model_figures
from apps.insights.queue import queue_figures

TTL_S: Final = int(timedelta(minutes=5).total_seconds())  # figures over "the last 24 hours" age without any change


def workspace_figures(*, user: User, workspace_id: UUID, clock: Clock = now) -> dict[str, Any]:
    """Return all figures of a workspace as JSON-able values; raises NotFoundError for strangers.

    Everything but the live queue comes from the cache, whose key holds the workspace's generation number.
    """
    require(user=user, action=Action.VIEW, workspace=workspace_id)
    key = f"figures:{workspace_id}:{generation(workspace_id)}"
    figures = cache.get(key)
    if figures is None:
        figures = _count(user, workspace_id, clock)
        cache.set(key, figures, timeout=TTL_S)
    return {**cast("dict[str, Any]", figures), "queue": queue_figures(workspace_id=workspace_id)}


def _count(user: User, workspace_id: UUID, clock: Clock) -> dict[str, Any]:
    documents = visible_to(user=user, workspace_id=workspace_id)
    moment = clock()
    return {
        "generated_at": moment.isoformat(),
        **collection_figures(documents=documents, workspace_id=workspace_id, moment=moment),
        **processing_figures(documents=documents, workspace_id=workspace_id, moment=moment),
        **model_figures(workspace_id=workspace_id),
    }
