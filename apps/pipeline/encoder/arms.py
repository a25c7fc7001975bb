"""Which models type a document: the one configured or the workspace's, those of an experiment, or one to compare."""

from dataclasses import dataclass

from apps.classification.experiments.selectors import Place, experiment_running, voices
from apps.pipeline.encoder.configured import configured_model
from apps.pipeline.encoder.heads import compared_model, workspace_model
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


def voices_of(lease: Lease) -> list[Voice]:
    """Return the models that type a document, first the one that counts.

    A version that cannot be loaded has no voice: what stands in for it is no part of the experiment. A configured model
    takes no part in experiments.
    """
    configured = configured_model(lease.workspace_id)
    in_use = workspace_model(lease.workspace_id)
    if lease.is_beside:
        version = version_of_rerun(run_id=lease.run_id)
        compared = compared_model(lease.workspace_id, version) if version else configured or in_use
        return [Voice(compared, is_shown=False)]
    if configured is not None:
        return [Voice(configured)]
    experiment = experiment_running(workspace_id=lease.workspace_id)
    if experiment is None:
        return [Voice(in_use)]
    found = []
    for version, place in voices(experiment=experiment, document_id=lease.document_id):
        model = in_use if in_use.version == version else compared_model(lease.workspace_id, version)
        if model.version == version:
            found.append(Voice(model, place))
    shown = [voice for voice in found if voice.place is not None and not voice.place.is_shadow]
    return found if shown else [Voice(in_use)]
