"""What people decide teaches the ranking: a fit by itself, the next document read rightly, and the way back."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import User, Workspace
from apps.core.clock import now
from apps.core.errors import ConflictError
from apps.documents.models import Document
from apps.extraction.fields.selectors.refining import ranking_in_use, rankings_of
from apps.extraction.fields.services import refined
from apps.extraction.fields.services.decisions import Given
from apps.extraction.fields.services.refined import refinements_for
from apps.extraction.fields.services.refining import (
    PAUSE,
    RankingLostError,
    ranking_choose,
    ranking_claim,
    ranking_fail,
    ranking_follow,
    ranking_request,
    ranking_store,
    rankings_sweep,
)
from apps.extraction.models import FieldValue, RankingCandidates, RankingJob, RankingState, RankingVersion
from apps.pipeline.encoder.refining import ranking_next
from apps.pipeline.sweeper import sweep
from apps.review.services import type_correct
from apps.review.services.confirming import fields_confirm
from apps.review.services.fields import field_correct
from tests.integration.fields.conftest import Lines

pytestmark = pytest.mark.django_db
SYLLABLES = ("ba", "do", "fi", "gu", "ka", "le", "mo", "nu", "pi", "ra", "so", "tu", "ve", "zo")


def word(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=3))


def invoice(seed: int) -> tuple[Lines, str]:
    """Lay out an invoice whose number stands behind a word that docintel does not know, and return the number.

    Sellers, places and all other words are others each time, so that no layout comes again.
    """
    rng = random.Random(seed)  # noqa: S311  (documents that repeat)
    number, delivery = f"{rng.randint(10_000, 99_999)}/{rng.choice('KLM')}", f"LS-2026-{rng.randint(1000, 9999)}"
    top, left = rng.randint(120, 240), rng.randint(50, 90)
    net, tax = rng.randint(100, 900), rng.randint(20, 90)
    lines: Lines = [
        (left, 60, f"{word(rng).title()} {word(rng).title()} GmbH"),
        (left, 75, f"{word(rng).title()}weg {rng.randint(1, 99)}, {rng.randint(10_000, 99_999)} {word(rng).title()}"),
        (left, top, "Invoice"),
        (left, top + 20, f"Delivery note {delivery}"),
        (left + 220, top + 20, f"Date {rng.randint(10, 28)}.03.2026"),
        (left, top + 40, f"Aktenzeichen {number}"),
        (left, top + 90, f"{word(rng)} {word(rng)} {word(rng)}"),
        (left + 380, top + 90, f"{net}.00"),
        (left, top + 130, f"Net total {net}.00"),
        (left, top + 145, f"VAT {tax}.00"),
        (left, top + 160, f"Total EUR {net + tax}.00"),
        (left, 760, f"{word(rng)} {word(rng)} {word(rng)} {word(rng)} {word(rng)}"),
    ]
    return lines, number


def value_of(document: Document, key: str = "invoice_number") -> FieldValue | None:
    return FieldValue.objects.filter(document=document, reading=document.current_reading, key=key).first()


def learn() -> bool:
    """Do what the encoder worker does once the pause is over."""
    RankingJob.objects.filter(wanted_at__isnull=False).update(wanted_at=now() - timedelta(seconds=1))
    return ranking_next()


def decide(document: Document, number: str, by: User) -> None:
    """Say what the number is, and that all else is right."""
    field_correct(document=document, key="invoice_number", given=Given(value=number), by=by)
    fields_confirm(document=document, by=by)


@pytest.fixture
def taught(workspace: Workspace, alice: User, read: Callable[..., Document]) -> list[Document]:
    """Give eight invoices of other sellers each, of all of which the shipped ranker took another number, put right."""
    documents = []
    for seed in range(8):
        lines, number = invoice(seed)
        document = read(lines, f"{seed}.pdf", label="invoice")
        found = value_of(document)
        assert found is not None
        assert found.value.startswith("LS-")
        decide(document, number, alice)
        documents.append(document)
    return documents


def test_corrections_make_the_next_document_right(
    workspace: Workspace, alice: User, taught: list[Document], read: Callable[..., Document]
) -> None:
    ids: dict[str, Any] = {"workspace_id": workspace.pk, "document_type": "invoice"}
    read(invoice(90)[0], "90.pdf", label="invoice")  # nobody looked at it: it teaches nothing
    said = set(FieldValue.objects.filter(method="HUMAN", is_effective=True).values_list("pk", "value"))
    job = RankingJob.objects.get()
    assert job.wanted_at is not None
    assert job.wanted_at <= now() + PAUSE
    assert learn()
    assert not ranking_next()
    version = RankingVersion.objects.get()
    assert (version.state, version.document_count, version.value_count) == (RankingState.ACTIVE, 8, 56)
    assert len(version.dataset_hash) == len(version.sha256) == 64
    assert "invoice_number" in version.metrics["ranked_anew"]
    assert version.metrics["before"]["f1"] < version.metrics["after"]["f1"]
    assert RankingCandidates.objects.count() == 8

    lines, number = invoice(91)
    found = value_of(read(lines, "91.pdf", label="invoice"))
    assert found is not None
    assert (found.value, found.producer) == (number, f"{version.base}+{version.version}")
    assert found.confidence is not None
    assert set(FieldValue.objects.filter(method="HUMAN", is_effective=True).values_list("pk", "value")) == said

    ranking_choose(**ids, version=None, by=alice)  # the way back
    lines, number = invoice(92)
    back = read(lines, "92.pdf", label="invoice")
    found = value_of(back)
    assert found is not None
    assert (found.value[:3], found.producer) == ("LS-", version.base)
    decide(back, number, alice)
    RankingCandidates.objects.all().delete()  # as readings leave none when documents are read anew
    assert learn()
    later = rankings_of(**ids)[0]
    assert (later.state, later.document_count) == (RankingState.WAITING, 9)
    assert later.dataset_hash != version.dataset_hash
    assert ranking_in_use(**ids) is None

    ranking_choose(**ids, version=version, by=alice)
    assert ranking_in_use(**ids) == version
    ranking_follow(**ids, by=alice)
    assert learn()
    assert ranking_in_use(**ids) == later
    assert RankingVersion.objects.count() == 2  # nothing new was said

    type_correct(document=taught[0], label="receipt", by=alice)
    type_correct(document=Document.objects.get(pk=taught[1].pk), label="invoice", by=alice)
    sweep()
    wanted = RankingJob.objects.filter(wanted_at__isnull=False).values_list("document_type", flat=True)
    assert set(wanted) == {"invoice", "receipt"}, "what was decided of one is learned for the other type now"
    assert learn()
    assert learn()
    assert rankings_of(**ids)[0].document_count == 8, "nine, without the one that is a receipt now"
    type_correct(document=Document.objects.get(pk=taught[0].pk), label="receipt", by=alice)
    sweep()
    assert not RankingJob.objects.filter(wanted_at__isnull=False).exists(), "it is of that type already"


def test_what_is_not_what_its_version_names_does_not_rank(
    workspace: Workspace, alice: User, taught: list[Document]
) -> None:
    learn()
    assert set(refinements_for(workspace_id=workspace.pk)) == {"invoice"}
    refined._kept.clear()
    version = RankingVersion.objects.get()
    RankingVersion.objects.update(tensors=bytes(version.tensors or b"")[:-4] + b"\0\0\0\1")
    assert refinements_for(workspace_id=workspace.pk) == {}
    assert RankingJob.objects.get().wanted_at is not None
    assert learn()
    assert set(refinements_for(workspace_id=workspace.pk)) == {"invoice"}  # learned anew
    assert RankingVersion.objects.get().tensors == version.tensors
    RankingVersion.objects.update(tensors=version.tensors, base="invoice-fields-of-another-release")
    assert refinements_for(workspace_id=workspace.pk) == {}
    version.tensors = None
    with pytest.raises(ConflictError):
        ranking_choose(workspace_id=workspace.pk, document_type="invoice", version=version, by=alice)


def test_jobs_are_leased_and_end(workspace: Workspace) -> None:
    ids: dict[str, Any] = {"workspace_id": workspace.pk, "document_type": "receipt"}
    ranking_request(workspace_id=workspace.pk, document_type="letter")  # has no ranker
    ranking_request(**ids, pause=timedelta())
    lease = ranking_claim()
    assert lease is not None
    assert ranking_claim() is None
    ranking_request(**ids)  # said while it is learned: comes after it
    ranking_store(lease=lease, learned=None)
    job = RankingJob.objects.get()
    assert job.wanted_at is not None
    with pytest.raises(RankingLostError):
        ranking_store(lease=lease, learned=None)
    for attempt in (1, 2, 3):
        assert rankings_sweep() == 0
        RankingJob.objects.update(wanted_at=now() - timedelta(seconds=1))
        assert rankings_sweep() == 1
        lease = ranking_claim()
        assert lease is not None
        ranking_fail(lease=lease, code="bug", message="Something went wrong.")
        job.refresh_from_db()
        assert (job.attempt, job.error_code, job.wanted_at is None) == (attempt, "bug", attempt == 3)
    assert ranking_claim() is None
