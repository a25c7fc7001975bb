"""The types people added, model versions, what these said of readings and documents, how they learn, are compared."""

from apps.classification.models.experiments import Experiment, ExperimentMode, ExperimentOutcome, ExperimentState
from apps.classification.models.refits import Refit, RefitCause, RefitChange, RefitState
from apps.classification.models.tags import TagSuggestion
from apps.classification.models.versions import (
    Arm,
    Label,
    ModelState,
    ModelVersion,
    ModelWeights,
    Prediction,
    TypeFeatures,
)

__all__ = [
    "Arm",
    "Experiment",
    "ExperimentMode",
    "ExperimentOutcome",
    "ExperimentState",
    "Label",
    "ModelState",
    "ModelVersion",
    "ModelWeights",
    "Prediction",
    "Refit",
    "RefitCause",
    "RefitChange",
    "RefitState",
    "TagSuggestion",
    "TypeFeatures",
]
