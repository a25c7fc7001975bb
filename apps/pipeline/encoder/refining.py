"""Learning to rank fields from what people decided of a workspace's documents, beside the encoder's other work."""

import hashlib
import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from structlog import get_logger

from apps.classification.runtime.device_errors import DeviceLostError
from apps.core.errors import BugError, DocintelError
from apps.extraction.engine.fields.refining.bases import (
    base_name,
    features_of,
    keys_of,
    least_of,
    made_by,
    material_of,
    packed_candidates,
)
from apps.extraction.engine.fields.refining.file import dump
from apps.extraction.engine.fields.refining.material import Material
from apps.extraction.engine.fields.refining.refit import refit
from apps.extraction.engine.fields.types import FieldsInput
from apps.extraction.fields.selectors.refining import DecidedDocument, candidates_kept, decided_documents, rankings_of
from apps.extraction.fields.services.refined import is_damaged
from apps.extraction.fields.services.refining import (
    Learned,
    RankingLease,
    RankingLostError,
    ranking_claim,
    ranking_fail,
    ranking_renew,
    ranking_store,
)
from apps.extraction.models import RankingCandidates, RankingVersion
from apps.extraction.selectors import page_words, table_readings
from apps.pipeline.version import VERSION

log = get_logger(__name__)
MOST_PAGES: Final = 400  # as many as fields are looked for on
_BETWEEN_LOOKS: Final = 20  # documents whose candidates are found between two looks at the lease


def ranking_next() -> bool:
    """Learn the next ranking that is wanted; False where none is."""
    lease = ranking_claim()
    if lease is None:
        return False
    try:
        ranking_store(lease=lease, learned=_learned(lease))
    except RankingLostError:
        log.warning("ranking_lost", job=str(lease.job_id))
    except DeviceLostError:  # this process can do nothing more; the next one takes it up when the lease has run out
        raise
    except Exception as error:  # whatever goes wrong becomes the job's recorded failure
        told = error if isinstance(error, DocintelError) else BugError()
        if told is not error:
            log.exception("ranking_bug", job=str(lease.job_id))
        ranking_fail(lease=lease, code=told.code, message=told.message)
    return True


def _learned(lease: RankingLease) -> Learned | RankingVersion | None:
    """Fit to what people decided; None where nobody has decided anything, the version there is where nothing is new."""
    began = time.monotonic()
    kind = lease.document_type
    keys = keys_of(kind)
    documents = decided_documents(workspace_id=lease.workspace_id, document_type=kind, keys=keys)
    if not documents:
        return None
    dataset_hash = _hash_of(documents)
    newest = rankings_of(workspace_id=lease.workspace_id, document_type=kind).first()
    known = (newest.dataset_hash, newest.base, newest.code_version) if newest else None
    if newest and known == (dataset_hash, base_name(kind), VERSION) and not is_damaged(version=newest):
        return newest
    materials = _materials(lease, documents)
    found = refit(
        materials, base=base_name(kind), keys=keys, least=least_of(kind), beat=lambda: ranking_renew(lease=lease)
    )
    return Learned(
        file=dump(found.refinement, features=features_of(kind)),
        base=base_name(kind),
        dataset_hash=dataset_hash,
        document_count=len(documents),
        value_count=sum(len(document.values) for document in documents),
        metrics=found.metrics,
        is_better=found.is_better,
        fit_ms=round((time.monotonic() - began) * 1000),
        code_version=VERSION,
    )


def _materials(lease: RankingLease, documents: Sequence[DecidedDocument]) -> list[Material]:
    """Return documents as candidates: those kept from before, the others found in their words and kept."""
    name = made_by(lease.document_type)
    kept = candidates_kept(reading_ids=[each.reading_id for each in documents], made_by=name)
    for place, document in enumerate(each for each in documents if each.reading_id not in kept):
        if place % _BETWEEN_LOOKS == 0:
            ranking_renew(lease=lease)
        data = packed_candidates(lease.document_type, _input(document.reading_id))
        RankingCandidates.objects.update_or_create(
            reading_id=document.reading_id, defaults={"made_by": name, "data": data}
        )
        kept[document.reading_id] = data
    return [
        material_of(lease.document_type, kept[each.reading_id], each.values, name=str(each.document_id))
        for each in documents
    ]


def _input(reading_id: UUID) -> FieldsInput:
    return FieldsInput(
        pages=page_words(reading_id=reading_id, first=1, last=MOST_PAGES),
        tables=table_readings(reading_id=reading_id, first=1, last=MOST_PAGES),
    )


def _hash_of(documents: Sequence[DecidedDocument]) -> str:
    """Return one hash for the documents' bytes and what people said of them, whatever their order."""
    rows = sorted((each.sha256, sorted(each.values.items())) for each in documents)
    return hashlib.sha256(msgspec.json.encode(rows)).hexdigest()
