"""Which models type a document: the one configured or the workspace's, those of an experiment, or one to compare."""

from dataclasses import dataclass
from uuid import UUID

from apps.classification.experiments.selectors import Place, experiment_running, voices
from apps.classification.models import Experiment
from apps.pipeline.encoder.configured import ConfiguredModel, configured_model
from apps.pipeline.encoder.heads import WorkspaceModel, compared_model, workspace_model
from apps.pipeline.encoder.typist import Typist
from apps.pipeline.outcome import Lease
from apps.pipeline.reruns.selectors import version_of_rerun


@dataclass(frozen=True)
class Voice:
    """A model that types a document, and its place in an experiment; None outside of one.

    What is said of a reading beside the current one is not shown on the document.
    """

    model: Typist
    place: Place | None = None
    is_shown: bool = True


@dataclass(frozen=True)
class Cast:
    """What types a workspace's documents now: its head, a configured model in its place, an experiment that runs."""

    in_use: WorkspaceModel
    configured: ConfiguredModel | None
    experiment: Experiment | None

    @property
    def labels(self) -> set[str]:
        """The types that have a label: all that the head knows."""
        return {label.slug for label in self.in_use.head.base.config.labels}


def cast_of(workspace_id: UUID) -> Cast:
    """Look up what types a workspace's documents: once for all of a batch."""
    return Cast(
        in_use=workspace_model(workspace_id),
        configured=configured_model(workspace_id),
        experiment=experiment_running(workspace_id=workspace_id),
    )


def voices_of(lease: Lease, cast: Cast) -> list[Voice]:
    """Return the models that type a document, first the one that counts.

    A version that cannot be loaded has no voice: what stands in for it is no part of the experiment. A configured model
    takes no part in experiments.
    """
    configured, in_use, experiment = cast.configured, cast.in_use, cast.experiment
    if lease.is_beside:
        version = version_of_rerun(run_id=lease.run_id)
        compared = compared_model(lease.workspace_id, version) if version else configured or in_use
        return [Voice(compared, is_shown=False)]
    if configured is not None:
        return [Voice(configured)]
    if experiment is None:
        return [Voice(in_use)]
    found = []
    for version, place in voices(experiment=experiment, document_id=lease.document_id):
        model = in_use if in_use.version == version else compared_model(lease.workspace_id, version)
        if model.version == version:
            found.append(Voice(model, place))
    shown = [voice for voice in found if voice.place is not None and not voice.place.is_shadow]
    return found if shown else [Voice(in_use)]
