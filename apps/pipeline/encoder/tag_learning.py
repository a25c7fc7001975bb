"""Fitting the heads of a workspace's tags to what people said, and proposing tags for what is pending."""

from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from apps.classification.engine.features import DocumentFeatures, FeatureMatrix
from apps.classification.engine.tags_file import dump
from apps.classification.engine.training.dataset import dataset_hash
from apps.classification.engine.training.tag_figures import TagFigures
from apps.classification.engine.training.tag_fit import Said, SaidOfTags, fit
from apps.classification.selectors import TAGS, active_version
from apps.classification.services.refits import (
    RefitLease,
    choice_stands,
    refit_add_changes,
    refit_complete,
    refit_fitted,
    refit_renew,
    refits_waiting,
)
from apps.classification.services.versions import version_create, version_follow
from apps.classification.suggestions.services import suggestions_forget, suggestions_store
from apps.documents.models import Document, DocumentStatus, Tag
from apps.pipeline.encoder.confirmed import hashes_of
from apps.pipeline.encoder.heads import WorkspaceModel, base_name, workspace_model
from apps.pipeline.encoder.rescoring import batches
from apps.pipeline.encoder.seen import features_for
from apps.pipeline.encoder.tags import WorkspaceTags, workspace_tags
from apps.pipeline.encoder.tags_said import TagsSaid, tags_said
from apps.pipeline.version import VERSION

FEATURES_AT_ONCE: Final = 100  # that many are made between two looks at the lease
_DONE: Final = (DocumentStatus.SUCCEEDED, DocumentStatus.PARTIAL)


def tags_learn(lease: RefitLease) -> None:
    """Do a refit of tags; raises RefitLostError."""
    model = workspace_model(lease.workspace_id)
    if not choice_stands(lease=lease) and not _fit(lease, model):
        refit_complete(lease=lease, changed=0)  # the choice has a refit of its own, which waits
        return
    tags = workspace_tags(lease.workspace_id, model.head.base)
    changed = suggestions_forget(workspace_id=lease.workspace_id) if tags is None else _propose(lease, model, tags)
    refit_complete(lease=lease, changed=changed)


def _fit(lease: RefitLease, model: WorkspaceModel) -> bool:
    """Make a version of what people said and put it to use; with too little said none is in use.

    What a person put to use meanwhile stays so; returned is whether nobody did.
    """
    before = active_version(workspace_id=lease.workspace_id, family=TAGS)
    known = tags_said(workspace_id=lease.workspace_id)
    made = _made(lease, model, known) if known else None
    with transaction.atomic():
        version = version_create(workspace_id=lease.workspace_id, family=TAGS, **made) if made else None
        is_in_use = version_follow(workspace_id=lease.workspace_id, version=version, previous=before, family=TAGS)
        count = len(known.reading_ids) if known else 0
        refit_fitted(lease=lease, version=version, previous=before, example_count=count)
    return is_in_use


def _made(lease: RefitLease, model: WorkspaceModel, known: TagsSaid) -> dict[str, Any]:
    """Return what a version is made of."""
    base = model.head.base
    features: list[DocumentFeatures] = []
    for start in range(0, len(known.reading_ids), FEATURES_AT_ONCE):
        refit_renew(lease=lease)
        some = known.reading_ids[start : start + FEATURES_AT_ONCE]
        features += features_for(some, base, made_by=model.made_by)
    frequencies = base.weights.inverse_frequencies.astype(np.float64)
    matrix = FeatureMatrix.of(features, buckets=len(frequencies))
    heads, figures = fit(SaidOfTags(matrix, known.said, tuple(str(tag.pk) for tag in known.tags)), frequencies)
    return {
        "file": dump(heads, base=base_name(base)),
        "dataset_hash": _hash(known),
        "metrics": _metrics(known, figures, heads.fitted.tolist()),
        "code_version": VERSION,
    }


def _hash(known: TagsSaid) -> str:
    """Hash what was learned from: of each document its bytes and what was said of each tag."""
    hashes = hashes_of(reading_ids=known.reading_ids)
    tags = [str(tag.pk) for tag in known.tags]
    return dataset_hash(
        [
            (hashes[pk], " ".join(f"{tag}={said}" for tag, said in zip(tags, row, strict=True)))
            for pk, row in zip(known.reading_ids, known.said.tolist(), strict=True)
        ]
    )


def _metrics(known: TagsSaid, figures: TagFigures, fitted: list[bool]) -> dict[str, Any]:
    """Return figures, those of tags with their names as they were, and how often each was refused."""
    refused = (known.said == Said.NO).sum(axis=0).tolist()
    tags = {
        str(tag.pk): {
            "name": tag.name,
            **asdict(figures.tags[str(tag.pk)]),
            "refused": refused[place],
            "is_fitted": fitted[place],
        }
        for place, tag in enumerate(known.tags)
    }
    return figures.as_dict() | {"tags": tags}


def _propose(lease: RefitLease, model: WorkspaceModel, tags: WorkspaceTags) -> int:
    """Look at every pending document, some at a time; returns how many have other proposals than before.

    Where somebody has said more by then, the rest is left to the refit that waits: of many words that follow each other
    the last one has all documents looked at.
    """
    changed = 0
    for documents in batches(_pending(lease.workspace_id, tags)):
        readings = [document.current_reading_id for document in documents if document.current_reading_id]
        found = tags.propose(features_for(readings, model.head.base, made_by=model.made_by))
        by_document = {document.pk: each for document, each in zip(documents, found, strict=True)}
        with transaction.atomic():
            changed += suggestions_store(workspace_id=lease.workspace_id, version=tags.version, found=by_document)
            refit_add_changes(lease=lease, rescored=len(documents), changes=[])
        if refits_waiting(workspace_id=lease.workspace_id, family=TAGS, is_due=True):
            break
    return changed


def _pending(workspace_id: UUID, tags: WorkspaceTags) -> QuerySet[Document]:
    """Return the documents of which nobody said that they have all their tags, or before the newest tag was there."""
    newest = Tag.objects.filter(pk__in=tags.heads.tags).aggregate(at=Max("created_at"))["at"]
    unconfirmed = Q(tags_confirmed_at__isnull=True)
    if newest is not None:
        unconfirmed |= Q(tags_confirmed_at__lt=newest)
    pending = Document.objects.filter(
        unconfirmed,
        workspace_id=workspace_id,
        status__in=_DONE,
        deleted_at__isnull=True,
        current_reading__isnull=False,
    )
    return pending.only("current_reading")
