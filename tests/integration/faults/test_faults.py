"""What may go wrong in a real installation, done to real workers; rows, bytes and attempts are looked at afterwards."""

import io
import os
import signal
import statistics
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest
from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image, ImageDraw

from apps.accounts.models import Workspace
from apps.core.broker import redis_client
from apps.documents.models import Document, DocumentStatus, Page, Source
from apps.pipeline.models import StepRun, StepState
from apps.pipeline.samples import bulk
from apps.pipeline.services.ingest import ingest_upload
from tests.integration.faults.workers import LEASE_S, SWEEP_S, Worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
Start = Callable[..., Worker]
READING = ("read", "ocr", "tables")


def upload(workspace: Workspace, name: str, content: bytes, source: str = Source.API) -> Document:
    return ingest_upload(workspace_id=workspace.pk, chunks=[content], file_name=name, source=source).document


def scan(*, lines: int = 90) -> bytes:
    """A page that takes long to recognise."""
    image = Image.new("L", (2480, 3508), 255)
    draw = ImageDraw.Draw(image)
    for line in range(lines):
        draw.text(
            (120, 60 + line * 37),
            f"Line {line} of a long and tedious letter about nothing at all " * 2,
            fill=0,
            font_size=30,
        )
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def read_to_the_end(documents: Iterable[Document]) -> bool:
    """Whether the reading workers have nothing left to do for documents."""
    live = StepRun.objects.filter(run__document__in=documents, step__in=READING)
    return not live.exclude(state__in=[StepState.SUCCEEDED, StepState.FAILED]).exists()


def test_a_worker_killed_in_the_middle(workspace: Workspace, start: Start) -> None:
    first = start("reading")
    first.wait_ready()
    document = upload(workspace, "letter.png", scan())
    running = StepRun.objects.filter(step="ocr", state=StepState.RUNNING)
    wait_until(running.exists, what="recognition has begun")
    first.kill()
    start("scheduler")
    start("reading").wait_ready()
    step = StepRun.objects.get(step="ocr")
    left = max(0.0, (step.lease_expires_at - timezone.now()).total_seconds()) if step.lease_expires_at else 0.0
    taken = StepRun.objects.filter(pk=step.pk, attempt=2)
    wait_until(taken.exists, what="another worker took it", seconds=left + LEASE_S + SWEEP_S + 10)
    wait_until(lambda: read_to_the_end([document]), what="another worker finished it", seconds=60)
    step.refresh_from_db()
    assert (step.state, step.attempt) == (StepState.SUCCEEDED, 2)
    page = Page.objects.get(reading__version__document=document)
    assert "tedious letter" in page.text
    document.refresh_from_db()
    assert document.searchable_at


def has_at_least(documents: QuerySet[Document], count: int) -> bool:
    return documents.count() >= count


def test_the_broker_forgets_everything_in_the_middle_of_fifty(workspace: Workspace, start: Start) -> None:
    worker = start("reading")
    worker.wait_ready()
    documents = [upload(workspace, file.name, file.content) for file in bulk(count=50, seed=1)]
    start("scheduler")
    searchable = Document.objects.filter(searchable_at__isnull=False)
    for share in (1, 15, 30):
        wait_until(partial(has_at_least, searchable, share), what=f"{share} are searchable")
        redis_client().flushdb()
    wait_until(lambda: read_to_the_end(documents), what="all fifty are read", seconds=60)
    assert Document.objects.filter(searchable_at__isnull=False).count() == 50
    assert set(StepRun.objects.filter(step__in=READING).values_list("state", "attempt")) == {(StepState.SUCCEEDED, 1)}


def test_a_poison_document_dies_visibly_while_others_finish(workspace: Workspace, start: Start) -> None:
    poison = upload(workspace, "poison.png", scan())
    others = [upload(workspace, file.name, file.content) for file in bulk(count=10, seed=2)]
    start("scheduler")
    start("reading", DOCINTEL_FILE_TIMEOUT="1").wait_ready()  # recognising the scan takes longer
    wait_until(lambda: read_to_the_end([poison, *others]), what="all have ended", seconds=90)
    (dead,) = StepRun.objects.filter(state=StepState.FAILED)
    assert (dead.run.document_id, dead.attempt) == (poison.pk, 3)
    assert dead.error_code == "timed_out"
    ended = Document.objects.filter(pk=poison.pk, status__in=[DocumentStatus.FAILED, DocumentStatus.PARTIAL])
    wait_until(ended.exists, what="the document has ended too")
    assert poison.runs.get().errors[0]["code"] == dead.error_code
    assert Document.objects.filter(searchable_at__isnull=False).exclude(pk=poison.pk).count() == 10


def test_a_slow_worker_cannot_overwrite_the_one_that_took_over(workspace: Workspace, start: Start) -> None:
    slow = start("reading")
    slow.wait_ready()
    document = upload(workspace, "letter.png", scan())
    wait_until(StepRun.objects.filter(step="ocr", state=StepState.RUNNING).exists, what="recognition has begun")
    slow.signal(signal.SIGSTOP)
    start("scheduler")
    start("reading").wait_ready()
    wait_until(lambda: read_to_the_end([document]), what="the second worker finished", seconds=LEASE_S + 30)
    page = Page.objects.get(reading__version__document=document)
    step = StepRun.objects.get(step="ocr")
    slow.signal(signal.SIGCONT)
    wait_until(lambda: b"lease_lost" in slow.log.read_bytes(), what="the slow worker noticed")
    assert Page.objects.get(reading__version__document=document).pk == page.pk
    after = StepRun.objects.get(step="ocr")
    assert (after.state, after.attempt, after.finished_at) == (StepState.SUCCEEDED, 2, step.finished_at)


@pytest.mark.parametrize(("number", "limit_s"), [(signal.SIGTERM, 6), (signal.SIGQUIT, 3)])
def test_an_encoder_that_stops_gives_its_batch_back(
    workspace: Workspace, start: Start, number: signal.Signals, limit_s: float
) -> None:
    """A restart goes on at once, with no attempt used up; neither a sweeper nor the end of a lease is waited for."""
    words = " ".join(f"word{count}" for count in range(15_000))  # more than one core encodes within the grace
    upload(workspace, "long.txt", words.encode())
    start("reading").wait_ready()
    embed = StepRun.objects.filter(step="embed")
    ready, running = embed.filter(state=StepState.READY), embed.filter(state=StepState.RUNNING)
    wait_until(ready.exists, what="there is something to encode")
    count = ready.count()
    worker = start("encoder", DOCINTEL_WORKERS="1", DOCINTEL_LEASE_SECONDS="600")
    wait_until(running.exists, what="encoding has begun", seconds=60)
    os.kill(worker.process.pid, number)
    took_s = wait_until(lambda: worker.process.poll() is not None, what="the worker has stopped")
    assert took_s < limit_s
    assert worker.process.returncode == 0
    assert ready.filter(attempt=0, lease_token=None).count() == count
    start("encoder", DOCINTEL_WORKERS="2").wait_ready()
    wait_until(running.exists, what="another has taken it", seconds=10)
    wait_until(lambda: not embed.exclude(state=StepState.SUCCEEDED).exists(), what="all is encoded", seconds=60)
    assert set(embed.values_list("attempt", flat=True)) == {1}


def test_a_reading_worker_that_is_urged_to_stop_gives_its_part_back(workspace: Workspace, start: Start) -> None:
    worker = start("reading", DOCINTEL_LEASE_SECONDS="600")
    worker.wait_ready()
    upload(workspace, "letter.png", scan(lines=90))
    step = StepRun.objects.filter(step="ocr")
    wait_until(step.filter(state=StepState.RUNNING).exists, what="recognition has begun")
    for number in (signal.SIGTERM, signal.SIGQUIT):  # as the supervisor does, without its patience
        os.kill(worker.process.pid, number)
    assert wait_until(lambda: worker.process.poll() is not None, what="the worker has stopped") < 6
    assert step.filter(state=StepState.READY, attempt=0, lease_token=None).exists()


def test_an_encoder_that_stops_between_batches_is_quick(start: Start) -> None:
    worker = start("encoder")
    worker.wait_ready()
    os.kill(worker.process.pid, signal.SIGTERM)
    assert wait_until(lambda: worker.process.poll() is not None, what="the worker has stopped") < 3
    assert worker.process.returncode == 0


def test_an_upload_behind_five_hundred_is_soon_searchable(
    workspace: Workspace, start: Start, own_storage: Path
) -> None:
    start("scheduler")
    start("reading").wait_ready()

    def seconds(name: str) -> float:
        document = upload(workspace, name, f"A note named {name}.".encode())
        searchable = Document.objects.filter(pk=document.pk, searchable_at__isnull=False)
        return wait_until(searchable.exists, what=f"{name} is searchable", seconds=60)

    seconds("warm-up.txt")
    idle = statistics.median(seconds(f"idle-{number}.txt") for number in range(5))
    for file in bulk(count=500, seed=3):
        upload(workspace, file.name, file.content)
    waiting = Document.objects.filter(searchable_at__isnull=True)
    behind: list[float] = []
    while waiting.count() > 100 and len(behind) < 5:
        behind.append(seconds(f"behind-{len(behind)}.txt"))
    assert behind, "the queue was empty too soon to measure"
    assert statistics.median(behind) <= 3 * max(idle, 0.1)
