"""The heads of a workspace's tags, as its newest version in use has them, and what they propose."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np
from structlog import get_logger

from apps.classification.engine.artifact import ArtifactError
from apps.classification.engine.features import DocumentFeatures, FeatureMatrix
from apps.classification.engine.head import TypeHead
from apps.classification.engine.tags import ProposedTag, TagHeads, proposed
from apps.classification.engine.tags_file import read
from apps.classification.models import ModelVersion, ModelWeights, RefitCause
from apps.classification.selectors import TAGS, active_version
from apps.classification.services import refit_request
from apps.pipeline.encoder.heads import base_name

log = get_logger(__name__)
MOST_KEPT: Final = 32  # workspaces whose heads stay in memory


@dataclass(frozen=True)
class WorkspaceTags:
    """Heads, their version, and the base head that makes their features."""

    heads: TagHeads
    version: ModelVersion
    base: TypeHead

    def propose(self, features: Sequence[DocumentFeatures]) -> list[tuple[ProposedTag, ...]]:
        """Return the tags that each of at least one document may want."""
        frequencies = self.base.weights.inverse_frequencies.astype(np.float64)
        return proposed(self.heads, FeatureMatrix.of(features, buckets=len(frequencies)), frequencies)


_kept: OrderedDict[tuple[UUID, str], TagHeads] = OrderedDict()
_reading = threading.Lock()


def workspace_tags(workspace_id: UUID, base: TypeHead) -> WorkspaceTags | None:
    """Give the heads of a workspace as they are now; None where none were learned, or on top of another base.

    In that case a refit is asked for.
    """
    version = active_version(workspace_id=workspace_id, family=TAGS)
    if version is None:
        return None
    with _reading:
        place = (version.pk, base_name(base))
        if place not in _kept:
            heads = _heads(version, base)
            if heads is None:
                refit_request(workspace_id=workspace_id, cause=RefitCause.UPGRADE, family=TAGS)
                return None
            _kept[place] = heads
        _kept.move_to_end(place)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
        return WorkspaceTags(_kept[place], version, base)


def _heads(version: ModelVersion, base: TypeHead) -> TagHeads | None:
    weights = ModelWeights.objects.filter(version=version).first()
    if weights is None or weights.config.get("base") != base_name(base):
        return None
    try:
        return read(weights.config, bytes(weights.tensors), sha256=version.artifact_sha256)
    except ArtifactError as error:  # nothing is proposed, and a refit makes another version
        log.exception("tags_refused", version=version.version, reason=str(error))
        return None
