"""Clients of every role, the shipped version, and two that were learned in alice's workspace."""

import pytest

from apps.accounts.models import Workspace
from apps.classification.engine.correction_file import CorrectionFile
from apps.classification.models import ModelVersion
from apps.classification.services import shipped_version, version_activate
from apps.classification.services.versions import version_add_figures, version_create
from tests.integration.web.documents.conftest import as_role, own_places, owner, sign_in

__all__ = ["as_role", "own_places", "owner", "sign_in"]


@pytest.fixture
def learned(workspace: Workspace) -> list[ModelVersion]:
    """Give two versions with figures as a refit leaves them; the second is in use."""
    shipped = shipped_version()
    versions = []
    for place, accuracy in enumerate((0.8, 0.9)):
        file = CorrectionFile({"temperature": 1.0}, bytes([place]), f"{place}" * 64)
        version = version_create(
            workspace_id=workspace.pk,
            file=file,
            dataset_hash="d" * 64,
            metrics={"held_out": 40, "accuracy": accuracy, "accuracy_of_base": 0.7},
            code_version="0.1.0",
        )
        figures = {key: shipped.metrics[key] for key in ("labels", "confusion", "reliability")}
        figures["learning_curve"] = [
            {"documents": count, "mean": mean, "low": mean - 0.1, "high": mean + 0.1}
            for count, mean in ((20, 0.5), (40, accuracy))
        ]
        version_add_figures(
            workspace_id=workspace.pk, sha256=file.sha256, figures={**figures, "calibration_error": 0.1 - place / 20}
        )
        versions.append(version)
    version_activate(workspace_id=workspace.pk, version=versions[1])
    return [ModelVersion.objects.get(pk=version.pk) for version in versions]
