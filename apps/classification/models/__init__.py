"""The types people added, model versions, what these said of a reading, and how they learn from corrections."""

from apps.classification.models.refits import Refit, RefitCause, RefitChange, RefitState
from apps.classification.models.versions import Label, ModelState, ModelVersion, ModelWeights, Prediction, TypeFeatures

__all__ = [
    "Label",
    "ModelState",
    "ModelVersion",
    "ModelWeights",
    "Prediction",
    "Refit",
    "RefitCause",
    "RefitChange",
    "RefitState",
    "TypeFeatures",
]
