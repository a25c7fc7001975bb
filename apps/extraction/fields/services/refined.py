"""What a workspace learned, loaded for reading: kept in memory by version, its hash checked."""

from collections import OrderedDict
from typing import Final
from uuid import UUID

from structlog import get_logger

from apps.core.prepared import Given, Prepared
from apps.extraction.engine.fields.refining import TYPES
from apps.extraction.engine.fields.refining.bases import base_name, features_of
from apps.extraction.engine.fields.refining.file import RefinementError, read
from apps.extraction.engine.fields.refining.second_stage import Refinement
from apps.extraction.fields.services.refining import ranking_request
from apps.extraction.models import RankingState, RankingVersion

log = get_logger(__name__)
MOST_KEPT: Final = 64
_IN_USE: Final = Prepared(
    lambda: RankingVersion.objects.filter(workspace_id=Given("workspace_id"), state=RankingState.ACTIVE).defer(
        "tensors", "metrics"
    )
)
_kept: OrderedDict[UUID, Refinement] = OrderedDict()


def refinements_for(*, workspace_id: UUID) -> dict[str, Refinement]:
    """Return what ranks a workspace's fields on top of the shipped rankers, by document type.

    What was learned on top of another shipped ranker, or is not what its version names, does not rank; it is learned
    anew.
    """
    found: dict[str, Refinement] = {}
    for version in _IN_USE.rows(workspace_id=workspace_id):
        refinement = _loaded(version)
        if refinement is not None:
            found[version.document_type] = refinement
        else:
            ranking_request(workspace_id=workspace_id, document_type=version.document_type)
    return found


def is_damaged(*, version: RankingVersion) -> bool:
    """Tell whether a version has what was learned, which cannot rank."""
    return version.tensors is not None and _loaded(version) is None


def _loaded(version: RankingVersion) -> Refinement | None:
    kind = version.document_type
    if kind not in TYPES or version.base != base_name(kind) or version.config.get("features") != features_of(kind):
        return None
    refinement = _kept.get(version.pk)
    if refinement is None:
        try:
            tensors = bytes(version.tensors or b"")
            refinement = read(version.config, tensors, sha256=version.sha256, version=version.version)
        except RefinementError as error:  # the shipped ranker ranks on
            log.exception("ranking_refused", version=version.version, reason=str(error))
            return None
        _kept[version.pk] = refinement
    _kept.move_to_end(version.pk)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return refinement
