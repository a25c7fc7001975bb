"""Figures about the model that types documents: what it was measured at, and what people said of its answers."""

from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q

from apps.classification.models import ModelState, ModelVersion
from apps.documents.models import TypeSource
from apps.review.models import Correction

FAMILY: Final = "document_type"


def model_in_use(*, workspace_id: UUID) -> ModelVersion | None:
    """Return the active model: the workspace's own before the one that ships with docintel."""
    mine = Q(workspace_id=workspace_id) | Q(workspace__isnull=True)
    found = ModelVersion.objects.filter(mine, family=FAMILY, state=ModelState.ACTIVE)
    return found.order_by(F("workspace").asc(nulls_last=True)).first()


def model_figures(*, workspace_id: UUID) -> dict[str, Any]:
    """Describe the model in use (null before its first document) and count people's decisions on its types."""
    model = model_in_use(workspace_id=workspace_id)
    decided = Correction.objects.filter(
        workspace_id=workspace_id, subject="type", before__source=TypeSource.MODEL
    ).order_by()
    return {
        "model": model
        and {
            "family": model.family,
            "version": model.version,
            "metrics": model.metrics,
            "is_own": model.workspace_id is not None,
            "trained_at": model.created_at.isoformat(),
        },
        "decisions": {"total": decided.count(), "agreed": decided.filter(after__label=F("before__label")).count()},
    }
