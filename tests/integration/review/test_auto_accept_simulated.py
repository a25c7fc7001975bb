"""Certificates of a repeatable field through services and database, where the values of one document err together."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from django.db import transaction
from numpy.random import Generator

from apps.accounts.models import User, Workspace
from apps.classification.engine.certify import Judgements, Plan, certify
from apps.documents.models import Document, DocumentVersion
from apps.documents.services import documents_trash
from apps.extraction.models import FieldValue, Method
from apps.pipeline.sweeper import hand_out_events
from apps.review.acceptance.policies import PolicyDraft, policy_set
from apps.review.acceptance.settling import values_settle
from apps.review.models import Certificate, SpotCheck
from apps.review.services.confirming import fields_confirm
from apps.review.services.fields import field_reject
from tests.library import shelve

pytestmark = pytest.mark.django_db
TARGET = 0.2
RUNS, DOCUMENTS = 3, 36  # two looks of each run
MISREAD = 0.23  # of the documents; four of five of their values are wrong, so that 21 % of all have a wrong one
TRASHED = 0.05


@dataclass
class Run:
    """One certificate of its own, and what was drawn for it: highest score, and highest score of what is wrong."""

    name: str
    drawn: list[tuple[float, float]] = field(default_factory=list)


def read(workspace: Workspace, run: Run, scores: list[float]) -> tuple[Document, list[FieldValue]]:
    """Have an extractor find the parties of a contract."""
    document = shelve(workspace, "Text", type_label="contract", confidence=0.99)
    version = DocumentVersion.objects.get(document=document)
    values = FieldValue.objects.bulk_create(
        FieldValue(
            workspace=workspace, document=document, version=version, reading_id=document.current_reading_id,
            key="party", value_type="text", value=f"Party {place}", raw_text=f"Party {place}", position=place,
            confidence=score, method=Method.MODEL, producer="ranker-1",
        )
        for place, score in enumerate(scores)
    )  # fmt: skip
    with transaction.atomic():
        values_settle(document=document, document_type=run.name, values=values)
    return document, values


def judge(document: Document, values: list[FieldValue], wrong: list[bool], by: User) -> None:
    for value, is_wrong in zip(values, wrong, strict=True):
        if is_wrong:
            field_reject(document=document, key="party", value_id=value.pk, by=by)
    fields_confirm(document=document, by=by)


def lead(workspace: Workspace, run: Run, generator: Generator, by: User) -> None:
    """Read documents, throw some away, and check the others in another order than they were drawn in."""
    waiting: list[tuple[Document, list[FieldValue], list[bool]]] = []
    for _ in range(DOCUMENTS):
        scores = np.round(generator.uniform(0.5, 1, generator.integers(1, 4)), 3).tolist()
        is_misread = generator.random() < MISREAD
        wrong = [is_misread and bool(generator.random() < 0.8) for _ in scores]
        document, values = read(workspace, run, scores)
        if generator.random() < TRASHED:
            documents_trash(documents=[document], by=by)
            continue
        run.drawn.append((max(scores), max((s for s, w in zip(scores, wrong, strict=True) if w), default=-1.0)))
        waiting.append((document, values, wrong))
    for place in generator.permutation(len(waiting)).tolist():
        document, values, wrong = waiting[place]
        judge(document, values, wrong, by)
    hand_out_events()


def test_documents_count_once_whatever_the_order_of_the_checks(workspace: Workspace, alice: User) -> None:
    draft = PolicyDraft(target_error=TARGET, sample_share=1.0)
    policy_set(workspace_id=workspace.pk, draft=draft, by=alice)
    generator = np.random.default_rng(7)
    runs = [Run(f"kind-{place}") for place in range(RUNS)]
    for run in runs:
        lead(workspace, run, generator, alice)
    certificates = {each.document_type: each for each in Certificate.objects.filter(key="party")}
    assert SpotCheck.objects.count() > RUNS * DOCUMENTS  # several of most documents
    for run in runs:
        expected = certify(Judgements(*np.array(run.drawn).T), Plan(target=TARGET))
        certificate = certificates[run.name]
        assert certificate.figures["judged"] == len(run.drawn)
        assert certificate.figures["errors"] == sum(wrong >= 0 for _, wrong in run.drawn)
        assert [len(look["steps"]) for look in certificate.looks] == [len(steps) for steps in expected.steps]
        assert (certificate.threshold is None) == (expected.threshold is None)
    assert sum(each.threshold is not None for each in certificates.values()) == 0
