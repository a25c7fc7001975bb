"""What people say of an experiment's documents, taken once for each document."""

from apps.classification.experiments.selectors import differ, experiment_running, is_sampled
from apps.classification.models import Arm, ExperimentMode, ExperimentOutcome, Prediction
from apps.documents.models import Document, TypeSource


def outcome_note(*, document: Document, label: str) -> None:
    """Note which version was right, before a person's word becomes the document's type; the first word counts.

    Passed over are documents that nobody was to be asked about, those that had a person's word already, from which a
    version may have learned, and in the shadow those on which one version could not be asked: it was not wrong.
    """
    experiment = experiment_running(workspace_id=document.workspace_id)
    if experiment is None or Document.objects.filter(pk=document.pk, type_source=TypeSource.HUMAN).exists():
        return
    found = Prediction.objects.filter(experiment=experiment, reading__version__document=document).order_by("id")
    said = {prediction.arm: prediction for prediction in found}  # of several readings the last
    shown = next((prediction.arm for prediction in said.values() if not prediction.is_shadow), None)
    sampled = is_sampled(experiment=experiment, document_id=document.pk)
    if shown is None or not (sampled or differ(said.values())):
        return
    if experiment.mode == ExperimentMode.SHADOW and len(said) < len(Arm):
        return
    right = {arm: said[arm].label == label if arm in said else None for arm in Arm}
    outcome = ExperimentOutcome(
        workspace_id=document.workspace_id,
        experiment=experiment,
        document=document,
        label=label,
        arm=shown,
        control_right=right[Arm.CONTROL],
        treatment_right=right[Arm.TREATMENT],
        is_sampled=sampled,
    )
    ExperimentOutcome.objects.bulk_create([outcome], ignore_conflicts=True)
