"""Model versions: the head that ships with docintel, what workspaces learned, which of them is in use."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.classification.engine.correction_file import CorrectionFile
from apps.classification.experiments.selectors import experiment_running
from apps.classification.heads import DOCUMENT_TYPE, card
from apps.classification.models import (
    Experiment,
    ExperimentState,
    ModelState,
    ModelVersion,
    ModelWeights,
    RefitCause,
)
from apps.classification.selectors import FAMILY, active_version, configured_version_seen
from apps.classification.services.refits import choice_waits, refit_request
from apps.core import audit
from apps.core.errors import ConflictError
from apps.core.generations import bump_on_commit

# Weights of older versions are removed: about a megabyte each, and every correction makes one.
WEIGHTS_KEPT: Final = 20
CONFIGURED: Final = (
    "A configured model types all documents (DOCINTEL_TYPE_MODEL): versions learned here do not take part."
)


def shipped_version() -> ModelVersion:
    """Return the row of the type head that ships with docintel, made when it is first used."""
    found = card(DOCUMENT_TYPE)
    version, _ = ModelVersion.objects.get_or_create(
        workspace=None,
        family=FAMILY,
        version=found.version,
        defaults={
            "artifact_sha256": found.sha256,
            "dataset_hash": found.dataset_hash,
            "metrics": found.metrics,
            "calibration": found.calibration,
        },
    )
    if version.state != ModelState.ACTIVE:  # new, or back after a later one was taken out again
        others = ModelVersion.objects.filter(workspace=None, family=FAMILY, state=ModelState.ACTIVE)
        others.update(state=ModelState.RETIRED)
        version.state = ModelState.ACTIVE
        version.save(update_fields=["state"])
    return version


def configured_version(*, version: str, sha256: str) -> ModelVersion:
    """Return the row of a checkpoint that types documents in place of the heads, made when it is first used."""
    found, _ = ModelVersion.objects.get_or_create(
        workspace=None, family=FAMILY, version=version, defaults={"artifact_sha256": sha256}
    )
    return found


def version_in_use(*, workspace_id: UUID) -> ModelVersion:
    """Return the version that types a workspace's documents: the one configured, the one learned or the one shipped."""
    return configured_version_seen() or active_version(workspace_id=workspace_id) or shipped_version()


def version_create(
    *,
    workspace_id: UUID,
    file: CorrectionFile,
    dataset_hash: str,
    metrics: dict[str, Any],
    code_version: str,
    family: str = FAMILY,
) -> ModelVersion:
    """Store what a workspace learned, not yet in use; the caller holds a transaction.

    The same documents and code give the same version once more.
    """
    name = f"learned-{file.sha256[:12]}"
    version, is_new = ModelVersion.objects.get_or_create(
        workspace_id=workspace_id,
        family=family,
        version=name,
        defaults={
            "artifact_sha256": file.sha256,
            "dataset_hash": dataset_hash,
            "metrics": metrics,
            "calibration": {key: file.config[key] for key in ("temperature",) if key in file.config},
            "code_version": code_version,
        },
    )
    ModelWeights.objects.update_or_create(version=version, defaults={"config": file.config, "tensors": file.tensors})
    if is_new:
        _forget_old_weights(workspace_id, family)
    return version


def version_add_figures(*, workspace_id: UUID, sha256: str, figures: dict[str, Any]) -> None:
    """Add what documents held out say of a version, beside what its fit told."""
    for version in ModelVersion.objects.filter(workspace_id=workspace_id, family=FAMILY, artifact_sha256=sha256):
        version.metrics = {**version.metrics, **figures}
        version.save(update_fields=["metrics"])


@transaction.atomic
def version_activate(
    *, workspace_id: UUID, version: ModelVersion | None, by: User | None = None, family: str = FAMILY
) -> None:
    """Put a workspace's version to use; None: what ships with docintel, alone.

    Raises ConflictError for one whose weights are gone, while an experiment compares two others, and for a person's
    choice where a configured model types documents. Documents are typed by it from now on; where a person chose it,
    pending ones are typed once more.
    """
    if by is not None and settings.TYPE_MODEL and family == FAMILY:
        raise ConflictError(CONFIGURED, code="type_model_configured")
    versions_lock(workspace_id=workspace_id)
    if family == FAMILY and experiment_running(workspace_id=workspace_id) is not None:
        raise ConflictError(
            "An experiment is running: stop it before another version is used.", code="experiment_running"
        )
    own = ModelVersion.objects.filter(workspace_id=workspace_id, family=family)
    if version is not None and not ModelWeights.objects.filter(version=version).exists():
        raise ConflictError("The weights of this version were removed after their time.", code="weights_removed")
    own.filter(state=ModelState.ACTIVE).update(state=ModelState.RETIRED)
    if version is not None:
        own.filter(pk=version.pk).update(state=ModelState.ACTIVE)
    bump_on_commit(workspace_id)
    if by is not None:
        audit.record(
            action="model.activate",
            object_kind="model_version",
            object_id=version.pk if version else None,
            workspace_id=workspace_id,
            actor=by,
            data={"family": family, "version": version.version if version else "as shipped"},
        )
        refit_request(workspace_id=workspace_id, cause=RefitCause.ACTIVATION, by=by, family=family)


def version_follow(
    *, workspace_id: UUID, version: ModelVersion | None, previous: ModelVersion | None, family: str = FAMILY
) -> bool:
    """Put what was learned to use in place of what was in use when that began; tells whether it was.

    Where a person has put a version to use meanwhile, that one stays, and this one waits beside it. The caller holds a
    transaction.
    """
    versions_lock(workspace_id=workspace_id)
    is_another = active_version(workspace_id=workspace_id, family=family) != previous
    if is_another or choice_waits(workspace_id=workspace_id, family=family):
        return False
    version_activate(workspace_id=workspace_id, version=version, family=family)
    return True


def versions_lock(*, workspace_id: UUID) -> None:
    """Lock a workspace's versions in one order, so that of two who activate one, or start an experiment, one waits."""
    own = ModelVersion.objects.select_for_update().filter(workspace_id=workspace_id)
    list(own.order_by("id"))


def version_is_usable(version: ModelVersion) -> bool:
    """Tell whether a version can type documents: the shipped one in use can, others as long as they have weights."""
    if version.workspace_id is None:
        return version.state == ModelState.ACTIVE
    return hasattr(version, "weights")


def _forget_old_weights(workspace_id: UUID, family: str) -> None:
    own = ModelVersion.objects.filter(workspace_id=workspace_id, family=family)
    kept = own.order_by("-id").values_list("pk", flat=True)[:WEIGHTS_KEPT]
    old = ModelWeights.objects.filter(version__workspace_id=workspace_id, version__family=family)
    compared = Experiment.objects.filter(
        workspace_id=workspace_id, state__in=[ExperimentState.PLANNED, ExperimentState.RUNNING]
    )
    kept_too = [pk for pair in compared.values_list("control_id", "treatment_id") for pk in pair]
    old.exclude(Q(version_id__in=[*kept, *kept_too]) | Q(version__state=ModelState.ACTIVE)).delete()
