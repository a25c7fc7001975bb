"""Fitting a workspace's head to what people confirmed, and typing once more what is pending."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import transaction
from structlog import get_logger

from apps.classification.engine.correction_file import CorrectionFile, dump
from apps.classification.engine.features import DocumentFeatures, FeatureMatrix
from apps.classification.engine.head import TypeHead
from apps.classification.engine.training.dataset import dataset_hash
from apps.classification.engine.training.refit import Confirmed, refit
from apps.classification.engine.training.refit_figures import refit_curve, refit_figures
from apps.classification.models import Refit
from apps.classification.runtime.device_errors import DeviceLostError
from apps.classification.selectors import TAGS, active_version
from apps.classification.services.refits import (
    RefitLease,
    RefitLostError,
    choice_stands,
    refit_claim,
    refit_complete,
    refit_fail,
    refit_fitted,
    refit_renew,
    refits_waiting,
)
from apps.classification.services.versions import version_add_figures, version_create, version_follow
from apps.core.errors import BugError, DocintelError
from apps.pipeline.encoder.confirmed import confirmed_examples, hashes_of
from apps.pipeline.encoder.heads import base_name, workspace_model
from apps.pipeline.encoder.rescoring import rescore_pending
from apps.pipeline.encoder.seen import features_for
from apps.pipeline.encoder.tag_learning import tags_learn
from apps.pipeline.version import VERSION

log = get_logger(__name__)
FEATURES_AT_ONCE: Final = 100  # that many are made between two looks at the lease


@dataclass(frozen=True)
class _Learned:
    """What a fit gave, before it is stored."""

    file: CorrectionFile
    dataset_hash: str
    metrics: dict[str, Any]
    example_count: int
    base: TypeHead
    matrix: FeatureMatrix
    confirmed: Confirmed


def refit_next() -> bool:
    """Do the next refit that waits; False where none does."""
    lease = refit_claim()
    if lease is None:
        return False
    try:
        if lease.family == TAGS:
            tags_learn(lease)
            return True
        _types_learn(lease)
    except RefitLostError:
        log.warning("refit_lost", refit=str(lease.refit_id))
    except DeviceLostError:  # this process can do nothing more; the next one takes it up when the lease has run out
        raise
    except Exception as error:  # whatever goes wrong becomes the refit's recorded failure
        told = error if isinstance(error, DocintelError) else BugError()
        if told is not error:
            log.exception("refit_bug", refit=str(lease.refit_id))
        refit_fail(lease=lease, code=told.code, message=told.message)
    return True


def _types_learn(lease: RefitLease) -> None:
    """Do a refit of types; raises RefitLostError. What a person put to use is not fitted anew."""
    learned, is_in_use = (None, True) if choice_stands(lease=lease) else _fit(lease)
    # What a configured model said is no head's to change; a version chosen meanwhile has a refit of its own that waits.
    if is_in_use and not settings.TYPE_MODEL:
        rescore_pending(lease)
    refit_complete(lease=lease)
    if learned is not None:
        _tell_figures(lease.workspace_id, learned)


def _fit(lease: RefitLease) -> tuple[_Learned | None, bool]:
    """Make a version of what people confirmed and put it to use; without anything confirmed the shipped head is.

    What a person put to use meanwhile stays so; returned is also whether nobody did.
    """
    before = active_version(workspace_id=lease.workspace_id)
    learned = _learned(lease)
    row = Refit.objects.select_related("previous_version").get(pk=lease.refit_id)
    previous = row.previous_version if row.model_version_id else before  # of an earlier attempt, if there was one
    with transaction.atomic():
        version = None
        if learned is not None:
            version = version_create(
                workspace_id=lease.workspace_id,
                file=learned.file,
                dataset_hash=learned.dataset_hash,
                metrics=learned.metrics,
                code_version=VERSION,
            )
        is_in_use = version_follow(workspace_id=lease.workspace_id, version=version, previous=before)
        refit_fitted(
            lease=lease, version=version, previous=previous, example_count=learned.example_count if learned else 0
        )
    return learned, is_in_use


def _tell_figures(workspace_id: UUID, learned: _Learned) -> None:
    """Score the fit out of fold, and fits to parts of it: after the receipt, and only while no refit waits."""

    def add(figures: dict[str, Any]) -> None:
        version_add_figures(workspace_id=workspace_id, sha256=learned.file.sha256, figures=figures)

    if refits_waiting(workspace_id=workspace_id):
        return
    frequencies = learned.base.weights.inverse_frequencies.astype(np.float64)
    figures = refit_figures(learned.base, learned.matrix, learned.confirmed, frequencies)
    add(figures)
    if figures and not refits_waiting(workspace_id=workspace_id):
        curve = refit_curve(learned.base, learned.matrix, learned.confirmed, frequencies, with_all=figures["macro_f1"])
        add({"learning_curve": curve})


def _learned(lease: RefitLease) -> _Learned | None:
    """Fit a correction to the confirmed documents; None without any."""
    model = workspace_model(lease.workspace_id)
    base = model.head.base
    slugs = [label.slug for label in base.config.labels]
    examples = confirmed_examples(workspace_id=lease.workspace_id, slugs=slugs)
    if not examples:
        return None
    features: list[DocumentFeatures] = []
    for start in range(0, len(examples), FEATURES_AT_ONCE):
        refit_renew(lease=lease)
        readings = [each.reading_id for each in examples[start : start + FEATURES_AT_ONCE]]
        features += features_for(readings, base, made_by=model.made_by)
    frequencies = base.weights.inverse_frequencies.astype(np.float64)
    matrix = FeatureMatrix.of(features, buckets=len(frequencies))
    confirmed = Confirmed(
        base=(matrix.scores.logits / base.config.temperature).astype(np.float32),
        vectors=matrix.vectors,
        words=matrix.words,
        labels=np.array([slugs.index(each.label) for each in examples]),
        groups=matrix.groups(frequencies),
    )
    correction = refit(confirmed, frequencies)
    hashes = hashes_of(reading_ids=[each.reading_id for each in examples])
    return _Learned(
        file=dump(correction, base=base_name(base), labels=slugs),
        dataset_hash=dataset_hash([(hashes[each.reading_id], each.label) for each in examples]),
        metrics=correction.metrics,
        example_count=len(examples),
        base=base,
        matrix=matrix,
        confirmed=confirmed,
    )
