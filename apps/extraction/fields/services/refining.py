"""Learning to rank from what people decide: asking for it, claiming it, its versions, which of them is in use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Now

from apps.accounts.models import User
from apps.core import audit
from apps.core.clock import now
from apps.core.doorbell import ring_on_commit
from apps.core.errors import ConflictError, TransientError
from apps.core.generations import bump_on_commit
from apps.documents.models import Document
from apps.extraction.engine.fields.refining import TYPES
from apps.extraction.models import FieldValue, Method, RankingJob, RankingState, RankingVersion

if TYPE_CHECKING:  # the web asks for learning, and never loads what it takes
    from apps.extraction.engine.fields.refining.file import RefinementFile

QUEUE: Final = "encoder"
PAUSE: Final = timedelta(seconds=5)  # who decides one value of a document decides others right after it
MOST_ATTEMPTS: Final = 3
TENSORS_KEPT: Final = 10  # of a workspace's versions of a type: at most 150 kB each
_LONGEST_MESSAGE: Final = 400


class RankingLostError(TransientError):
    """Another worker has taken the learning over."""

    code = "lease_lost"
    message = "Another worker has taken over."


@dataclass(frozen=True)
class RankingLease:
    """A claimed job and the proof that it still is this worker's; what is said after `wanted_at` is not learned yet."""

    job_id: UUID
    workspace_id: UUID
    document_type: str
    wanted_at: datetime
    token: UUID


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What a fit gave; `is_better` as documents held out tell."""

    file: "RefinementFile"
    base: str
    dataset_hash: str
    document_count: int
    value_count: int
    metrics: dict[str, Any]
    is_better: bool
    fit_ms: int
    code_version: str


def ranking_request(*, workspace_id: UUID, document_type: str, pause: timedelta = PAUSE) -> None:
    """Ask for the ranking of a type's fields to be learned anew, in a moment; nothing for types that have none."""
    if document_type not in TYPES:
        return
    new = RankingJob(workspace_id=workspace_id, document_type=document_type)
    RankingJob.objects.bulk_create([new], ignore_conflicts=True)
    waits = Q(wanted_at__isnull=False, lease_token__isnull=True)  # not put off by whatever is said meanwhile
    job = RankingJob.objects.filter(workspace_id=workspace_id, document_type=document_type)
    job.update(wanted_at=Case(When(waits, then=F("wanted_at")), default=Value(now() + pause)), attempt=0)


def rankings_request(*, document: Document, document_types: Iterable[str]) -> None:
    """Ask for the rankings of types that a document was of or is of now; nothing where nobody decided a value of it."""
    if FieldValue.objects.filter(document=document, method=Method.HUMAN).exists():
        for document_type in sorted(set(document_types)):  # in order: of two who ask for the same ones one waits
            ranking_request(workspace_id=document.workspace_id, document_type=document_type)


CLAIM: Final = """
    UPDATE extraction_rankingjob SET attempt = attempt + 1, lease_token = gen_random_uuid(),
        lease_expires_at = clock_timestamp() + make_interval(secs => %(seconds)s)
    WHERE id = (
        SELECT id FROM extraction_rankingjob
        WHERE wanted_at <= clock_timestamp() AND attempt < %(most)s
              AND (lease_expires_at IS NULL OR lease_expires_at < clock_timestamp())
        ORDER BY wanted_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id, workspace_id, document_type, wanted_at, lease_token
"""


def ranking_claim() -> RankingLease | None:
    """Claim the job that waits longest, or whose worker is gone."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"seconds": settings.LEASE_S, "most": MOST_ATTEMPTS})
        row = cursor.fetchone()
    return RankingLease(*row) if row else None


def ranking_renew(*, lease: RankingLease) -> None:
    """Keep a job; raises RankingLostError where another worker has it by now."""
    if not _held(lease).update(lease_expires_at=Now() + timedelta(seconds=settings.LEASE_S)):
        raise RankingLostError


@transaction.atomic
def ranking_store(*, lease: RankingLease, learned: Learned | RankingVersion | None) -> None:
    """Store what was learned and end the job; None: nobody has decided anything, and the shipped ranker is in use.

    A version that is better on documents held out is put to use, unless somebody chose what is. One that is not lets
    the shipped ranker rank: it was fitted to more than the version in use. A version that there is already was learned
    from the same. Raises RankingLostError.
    """
    job = _held(lease).select_for_update().first()
    if job is None:
        raise RankingLostError
    version = _version(lease, learned) if isinstance(learned, Learned) else learned
    if not job.is_held:
        is_better = version is not None and version.state != RankingState.REFUSED and version.tensors is not None
        _use(lease.workspace_id, lease.document_type, version if is_better else None)
    if job.wanted_at == lease.wanted_at:
        job.wanted_at = None
    job.attempt, job.lease_token, job.lease_expires_at = 0, None, None
    job.error_code = job.error_message = ""
    job.save()
    bump_on_commit(lease.workspace_id)


@transaction.atomic
def ranking_fail(*, lease: RankingLease, code: str, message: str) -> None:
    """Note a failure: another attempt in a moment, up to the limit; the next decision asks again."""
    job = _held(lease).select_for_update().first()
    if job is None:
        return
    is_last = job.attempt >= MOST_ATTEMPTS
    job.wanted_at = None if is_last else now() + timedelta(seconds=2**job.attempt)
    job.lease_token = job.lease_expires_at = None
    job.error_code, job.error_message = code, message[:_LONGEST_MESSAGE]
    job.save()
    bump_on_commit(lease.workspace_id)


def rankings_sweep() -> int:
    """End jobs whose workers died at every attempt; returns how many wait for a worker."""
    lost = RankingJob.objects.filter(lease_expires_at__lt=Now(), attempt__gte=MOST_ATTEMPTS)
    message = f"The worker died {MOST_ATTEMPTS} times while learning."
    lost.update(
        wanted_at=None, lease_token=None, lease_expires_at=None, error_code="worker_lost", error_message=message
    )
    free = Q(lease_expires_at__isnull=True) | Q(lease_expires_at__lt=Now())
    return RankingJob.objects.filter(free, wanted_at__lte=Now()).count()


@transaction.atomic
def ranking_choose(*, workspace_id: UUID, document_type: str, version: RankingVersion | None, by: User) -> None:
    """Put a version to use, None: the shipped ranker alone; versions learned later wait until `ranking_follow`.

    Raises ConflictError for one whose tensors are gone.
    """
    if version is not None and version.tensors is None:
        raise ConflictError("What this version learned was not kept.", code="weights_removed")
    _hold(workspace_id, document_type, is_held=True)
    _use(workspace_id, document_type, version)
    _record(workspace_id, document_type, version.version if version else "as shipped", by)


@transaction.atomic
def ranking_follow(*, workspace_id: UUID, document_type: str, by: User) -> None:
    """Let what is learned be used again as soon as it is better, beginning with what people have said so far."""
    _hold(workspace_id, document_type, is_held=False)
    ranking_request(workspace_id=workspace_id, document_type=document_type, pause=timedelta())
    ring_on_commit(QUEUE)
    _record(workspace_id, document_type, "whatever is better", by)


def _held(lease: RankingLease) -> QuerySet[RankingJob]:
    return RankingJob.objects.filter(pk=lease.job_id, lease_token=lease.token)


def _hold(workspace_id: UUID, document_type: str, *, is_held: bool) -> None:
    new = RankingJob(workspace_id=workspace_id, document_type=document_type)
    RankingJob.objects.bulk_create([new], ignore_conflicts=True)
    RankingJob.objects.filter(workspace_id=workspace_id, document_type=document_type).update(is_held=is_held)


def _record(workspace_id: UUID, document_type: str, choice: str, by: User) -> None:
    audit.record(
        action="ranking.choose",
        object_kind="ranking",
        object_id=None,
        workspace_id=workspace_id,
        actor=by,
        data={"type": document_type, "version": choice},
    )
    bump_on_commit(workspace_id)


def _version(lease: RankingLease, learned: Learned) -> RankingVersion:
    """Store a version; the same documents and code give the same one once more."""
    tensors = learned.file.tensors if learned.is_better else None
    version, is_new = RankingVersion.objects.get_or_create(
        workspace_id=lease.workspace_id,
        document_type=lease.document_type,
        version=f"learned-{learned.file.sha256[:12]}",
        defaults={
            "base": learned.base,
            "sha256": learned.file.sha256,
            "dataset_hash": learned.dataset_hash,
            "code_version": learned.code_version,
            "document_count": learned.document_count,
            "value_count": learned.value_count,
            "metrics": learned.metrics,
            "config": learned.file.config,
            "tensors": tensors,
            "fit_ms": learned.fit_ms,
            "state": RankingState.WAITING if learned.is_better else RankingState.REFUSED,
        },
    )
    if not is_new and tensors is not None:  # which were removed meanwhile, or damaged
        version.config, version.tensors = learned.file.config, tensors
        version.save(update_fields=["config", "tensors"])
    own = RankingVersion.objects.filter(workspace_id=lease.workspace_id, document_type=lease.document_type)
    kept = own.filter(tensors__isnull=False).order_by("-id").values_list("pk", flat=True)[:TENSORS_KEPT]
    own.exclude(Q(pk__in=list(kept)) | Q(state=RankingState.ACTIVE)).update(tensors=None)
    return version


def _use(workspace_id: UUID, document_type: str, version: RankingVersion | None) -> None:
    own = RankingVersion.objects.filter(workspace_id=workspace_id, document_type=document_type)
    own.filter(state=RankingState.ACTIVE).update(state=RankingState.WAITING)
    if version is not None:
        own.filter(pk=version.pk).update(state=RankingState.ACTIVE)
