"""The head that types a workspace's documents: the shipped one, the types people added, and what was learned there."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from structlog import get_logger

from apps.classification.engine.artifact import ArtifactError, HeadLabel
from apps.classification.engine.correction import Correction, WorkspaceHead
from apps.classification.engine.correction_file import read
from apps.classification.engine.features import RULES
from apps.classification.engine.head import TypeHead, TypePrediction
from apps.classification.engine.sentences import described_as, names_of
from apps.classification.heads import DOCUMENT_TYPE
from apps.classification.models import Label, ModelVersion, ModelWeights, RefitCause
from apps.classification.selectors import active_version, labels_in
from apps.classification.services import refit_request, shipped_version
from apps.pipeline.encoder.models import encoder
from apps.pipeline.encoder.typist import Seen
from apps.pipeline.encoder.why import explained

log = get_logger(__name__)
MOST_KEPT: Final = 32  # workspaces whose heads stay in memory


@dataclass(frozen=True)
class WorkspaceModel:
    """A workspace's head, the version that predictions name, and the name of what makes features for it."""

    head: WorkspaceHead
    version: ModelVersion
    made_by: str
    made_of: tuple[object, ...]

    @property
    def producer(self) -> str:
        """What its scores come from."""
        return base_name(self.head.base)

    def predict(self, seen: Seen) -> TypePrediction:
        """Type a document from its vectors and its words."""
        return self.head.decide(seen.features(self.head.base))

    def why(self, seen: Seen, label: str) -> dict[str, Any]:
        """Return the words and passages that spoke for a type."""
        return explained(self.head, seen, label)


# By workspace, and whether it is the one in use or one that it is compared with.
_models: OrderedDict[tuple[UUID, bool], WorkspaceModel] = OrderedDict()
_making = threading.Lock()


@cache
def shipped_head() -> TypeHead:
    """Give the head that ships with docintel, loaded once, its hash checked."""
    return TypeHead.load(DOCUMENT_TYPE)


def workspace_model(workspace_id: UUID) -> WorkspaceModel:
    """Give the model of a workspace as it is now; made anew when its types or its version changed."""
    return _kept((workspace_id, True), active_version(workspace_id=workspace_id))


def compared_model(workspace_id: UUID, version: ModelVersion) -> WorkspaceModel:
    """Give a workspace's model with another version than the one in use; the shipped one where it cannot be loaded."""
    return _kept((workspace_id, False), version if version.workspace_id else None)


def _kept(place: tuple[UUID, bool], version: ModelVersion | None) -> WorkspaceModel:
    workspace_id = place[0]
    labels = list(labels_in(workspace_id=workspace_id).order_by("id"))
    made_of = (version.pk if version else None, *((label.slug, label.name, label.description) for label in labels))
    with _making:
        kept = _models.get(place)
        if kept is None or kept.made_of != made_of:
            kept = _models[place] = _made(workspace_id, labels, version, made_of)
        _models.move_to_end(place)
        while len(_models) > MOST_KEPT:
            _models.popitem(last=False)
    return kept


def _made(
    workspace_id: UUID, labels: Sequence[Label], version: ModelVersion | None, made_of: tuple[object, ...]
) -> WorkspaceModel:
    base = _knowing(labels)
    correction = _correction(workspace_id, base, version) if version else None
    name = repr((base_name(base), made_of[1:]))
    return WorkspaceModel(
        head=WorkspaceHead(base, correction),
        version=version if version and correction else shipped_version(),
        made_by=hashlib.sha256(name.encode()).hexdigest(),
        made_of=made_of,
    )


def _knowing(labels: Sequence[Label]) -> TypeHead:
    """Return the shipped head with types that people added, each by its name and sentence."""
    known = {label.slug for label in shipped_head().config.labels}
    new = [label for label in labels if label.slug not in known]
    if not new:
        return shipped_head()
    vectors = encoder().encode([described_as(label.name, label.description) for label in new])
    return shipped_head().with_labels([_by_sentence(label) for label in new], vectors)


def _by_sentence(label: Label) -> HeadLabel:
    return HeadLabel(label.slug, names_of(label.name, label.description), learned=False, by_sentence=True)


def _correction(workspace_id: UUID, base: TypeHead, version: ModelVersion) -> Correction | None:
    """Load what a version learned; None, and a refit is asked for, where it was learned on top of another base."""
    weights = ModelWeights.objects.filter(version=version).first()
    slugs = [label.slug for label in base.config.labels]
    if weights is not None and weights.config.get("base") == base_name(base):
        try:
            return read(weights.config, bytes(weights.tensors), sha256=version.artifact_sha256, labels=slugs)
        except ArtifactError as error:  # the shipped head types on, and a refit makes another version
            log.exception("model_refused", version=version.version, reason=str(error))
    refit_request(workspace_id=workspace_id, cause=RefitCause.UPGRADE)
    return None


def base_name(base: TypeHead) -> str:
    """Name what a correction is learned on top of: encoder, shipped head, and the rules by which it reads."""
    return f"{encoder().model} {base.model} {RULES}"
