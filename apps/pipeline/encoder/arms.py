"""Which models type a document: the workspace's, while an experiment runs those of its arm, or one to compare."""

from dataclasses import dataclass
from uuid import UUID

from apps.classification.experiments.selectors import Place, experiment_running, voices
from apps.pipeline.encoder.heads import WorkspaceModel, compared_model, workspace_model
from apps.pipeline.reruns.selectors import item_of_run


@dataclass(frozen=True)
class Voice:
    """A model that types a document, and its place in an experiment; None outside of one.

    What is said of a reading beside the current one is not shown on the document.
    """

    model: WorkspaceModel
    place: Place | None = None
    is_shown: bool = True


def voices_of(*, workspace_id: UUID, document_id: UUID, run_id: UUID) -> list[Voice]:
    """Return the models that type a document, first the one that counts.

    A version that cannot be loaded has no voice: what stands in for it is no part of the experiment.
    """
    in_use = workspace_model(workspace_id)
    item = item_of_run(run_id=run_id)
    if item is not None:
        version = item.rerun.model_version
        return [Voice(compared_model(workspace_id, version) if version else in_use, is_shown=False)]
    experiment = experiment_running(workspace_id=workspace_id)
    if experiment is None:
        return [Voice(in_use)]
    found = []
    for version, place in voices(experiment=experiment, document_id=document_id):
        model = in_use if in_use.version == version else compared_model(workspace_id, version)
        if model.version == version:
            found.append(Voice(model, place))
    shown = [voice for voice in found if voice.place is not None and not voice.place.is_shadow]
    return found if shown else [Voice(in_use)]
