"""Nothing goes wrong: samples uploaded by the REST API go all the way through real workers, and are what they are."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from apps.accounts.models import Scope, User, Workspace
from apps.accounts.services import token_create
from apps.documents.models import Document
from apps.documents.selectors import UNFINISHED
from apps.pipeline.models import StepRun, StepState
from apps.pipeline.samples import Sample, generate
from apps.review.models import ReviewTask
from apps.review.services.doubts import SURE
from tests.integration.faults.workers import Worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
SAMPLES = {sample.name: sample for sample in generate(today=date(2026, 11, 23))}
READABLE = [sample for sample in SAMPLES.values() if sample.truth.error is None]
DAMAGED = [sample for sample in SAMPLES.values() if sample.truth.error]
EDGES = ("header", "footer", "page_number")  # words of the page that are no part of its text
WITHOUT_BOXES = ("text/", "message/", "application/xml")
# What a type may be taken for, as long as the model says that it is not sure: a half-year report tells earnings too.
NEAR = {("financial_report", "earnings_press_release")}


class Program:
    """Calls the API as a user's program does."""

    def __init__(self, user: User, workspace: Workspace) -> None:
        secret = token_create(workspace=workspace, user=user, name="test", scopes=tuple(Scope.values))[1]
        self._client = Client(headers={"Authorization": f"Bearer {secret}"})

    def upload(self, sample: Sample) -> str:
        """Send a sample; gives the document's id."""
        form = {"file": SimpleUploadedFile(sample.name, sample.content), "tags": "sample"}
        answer = self._client.post("/api/v1/documents/", form)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def get(self, path: str, **query: str) -> Any:
        """Ask for an object below /api/v1/."""
        answer = self._client.get(f"/api/v1/{path}", query)
        assert answer.status_code == 200
        return json.loads(answer.getvalue())

    def first_hit(self, q: str, mode: str) -> str:
        """Search until the encoder has answered in time; gives the best document's id."""
        wait_until(lambda: not self.get("search/", q=q, mode=mode)["degraded"], what="the encoder answers a query")
        return str(self.get("search/", q=q, mode=mode)["results"][0]["document"]["id"])


def test_samples_come_out_as_what_they_are(
    workspace: Workspace, alice: User, start: Callable[..., Worker], tmp_path: Path
) -> None:
    for kind in ("scheduler", "reading", "encoder"):
        start(kind)
    program = Program(alice, workspace)
    ids = {name: program.upload(sample) for name, sample in SAMPLES.items()}
    unfinished = Document.objects.filter(status__in=UNFINISHED)
    wait_until(lambda: not unfinished.exists(), what="all have ended", seconds=90)

    for sample in READABLE:
        _is_read(program.get(f"documents/{ids[sample.name]}/analysis/"), sample)
    for sample in DAMAGED:
        found = program.get(f"documents/{ids[sample.name]}/")
        assert (found["status"], found["type"]) == ("failed", None)
        assert [error["code"] for error in found["errors"]] == [sample.truth.error]
    dead = StepRun.objects.exclude(state=StepState.SUCCEEDED)
    assert set(dead.values_list("run__document__file_name", "step")) == {(sample.name, "read") for sample in DAMAGED}

    _are_typed(program, ids)
    _are_typed_alike_by_analyze(program, ids, tmp_path)

    for sample in READABLE:
        if sample.media_type.startswith("image/"):
            continue
        assert program.first_hit(f'"{sample.truth.text_contains[0]}"', "text") == ids[sample.name]
    assert program.first_hit("who may be given my personal data", "semantic") == ids["puddlewick-privacy.html"]
    assert program.first_hit("half-year report of a ropeway", "hybrid") == ids["meridian-ropeway-half-year-2026.pdf"]


def _is_read(analysis: dict[str, Any], sample: Sample) -> None:
    """Compare text, words and boxes with what the sample says."""
    assert (analysis["status"], analysis["errors"]) == ("succeeded", []), sample.name
    pages = analysis["pages"]
    assert len(pages) == sample.truth.page_count
    edges = [block["text"] for page in pages for block in page["blocks"] if block["kind"] in EDGES]
    text = " ".join(" ".join([*(page["text"] for page in pages), *edges]).split())
    recognised = any(page["text_source"] == "ocr" for page in pages)  # as English, unless configured otherwise
    passages = [each for each in sample.truth.text_contains if each.isascii() or not recognised]
    assert passages
    assert [passage for passage in passages if passage not in text] == [], sample.name
    words = [word for page in pages for word in page["words"]]
    if sample.media_type.startswith(WITHOUT_BOXES):
        assert not words
        return
    assert sorted(" ".join(word[4] for word in words).split()) == sorted(text.split()), sample.name
    assert all(0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1 for x0, y0, x1, y1, *_ in words), sample.name


def _are_typed(program: Program, ids: dict[str, str]) -> None:
    """Every type is the sample's, or a near one of which the model was not sure; then a person is asked."""
    for sample in READABLE:
        found = program.get(f"documents/{ids[sample.name]}/")["type"]
        if found["label"] == sample.truth.type:
            continue
        assert (sample.truth.type, found["label"]) in NEAR, (sample.name, found)
        assert (found["confidence"] or 0) < SURE
        asked = ReviewTask.objects.filter(document_id=ids[sample.name], done_at=None)
        wait_until(asked.exists, what=f"somebody is asked what {sample.name} is")


def _are_typed_alike_by_analyze(program: Program, ids: dict[str, str], folder: Path) -> None:
    """The command line reads the same text for a type as the workers do; confidences differ by rounding only."""
    samples = [sample for sample in READABLE if sample.truth.type in {"letter", "contract", "meeting_minutes"}]
    for sample in samples:
        (folder / sample.name).write_bytes(sample.content)
    paths = [str(folder / sample.name) for sample in samples]
    lines = folder / "lines.jsonl"
    call_command("analyze", *paths, jobs=1, skip=["fields", "entities", "words"], output=lines)
    for sample, line in zip(samples, lines.read_text().splitlines(), strict=True):
        alone, stored = json.loads(line)["type"], program.get(f"documents/{ids[sample.name]}/")["type"]
        assert alone["label"] == stored["label"], sample.name
        assert alone["confidence"] == pytest.approx(stored["confidence"], abs=0.05), sample.name
