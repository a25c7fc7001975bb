"""Several at work on one document at once, deleting it for good included: nobody deadlocks, no byte is lost."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.core.files.storage import storages
from django.db import connection, transaction

from apps.accounts.models import User, Workspace
from apps.core.clock import now
from apps.core.errors import NotFoundError
from apps.documents import services as documents
from apps.documents import storage
from apps.documents.models import Blob, Document, Page, PageContent, Reading, Source, TagDecision, TextSource
from apps.documents.tagging import documents_tag, tags_decide, tags_named
from apps.pipeline.models import StepRun
from apps.pipeline.outcome import Lease, LeaseLostError, Outcome
from apps.pipeline.services import claims
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.steps import step_complete, step_fail
from apps.pipeline.sweeper import hand_out_events

WAIT_S = 10.0
A_MOMENT_S = 0.3


def upload(workspace: Workspace, text: str) -> Document:
    return ingest_upload(
        workspace_id=workspace.pk, chunks=[text.encode()], file_name=f"{text}.txt", source=Source.API
    ).document


def claim() -> Lease:
    (lease,) = claims.claim(queue="reading", steps=["read"], owner="me")
    return lease


def put_page(lease: Lease) -> None:
    """Store the first page in the place of the one that is there, as reading and recognition do."""
    Reading.objects.filter(pk=lease.reading_id).update(media_type="text/plain")
    page = Page(
        workspace_id=lease.workspace_id,
        reading_id=lease.reading_id,
        number=1,
        width=1,
        height=1,
        text="text",
        text_source=TextSource.NATIVE,
    )
    documents.pages_store(contents=[PageContent(page=page, words=b"\x01")])


def in_thread(pool: ThreadPoolExecutor, act: Callable[[], object]) -> "Future[object]":
    def run() -> object:
        try:
            return act()
        finally:
            connection.close()

    return pool.submit(run)


def is_stored(blob: Blob) -> bool:
    return storages["default"].exists(blob.key)


@pytest.mark.django_db(transaction=True)
def test_a_purge_waits_for_the_worker_that_stores(workspace: Workspace, alice: User) -> None:
    document = upload(workspace, "one")
    lease = claim()
    put_page(lease)  # an earlier attempt's
    storing, go_on = threading.Event(), threading.Event()

    def store() -> None:
        storing.set()
        assert go_on.wait(WAIT_S)
        put_page(lease)

    with ThreadPoolExecutor() as pool:
        completing = in_thread(pool, lambda: step_complete(lease=lease, outcome=Outcome(store=store)))
        assert storing.wait(WAIT_S)
        purging = in_thread(pool, lambda: documents.document_purge(document=document, by=alice))
        with pytest.raises(TimeoutError):
            purging.result(timeout=A_MOMENT_S)
        go_on.set()
        completing.result(timeout=WAIT_S)
        assert purging.result(timeout=WAIT_S) is True
    assert not Document.objects.exists()
    assert not StepRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_end_the_last_parts_at_once_lay_out_what_follows_once(workspace: Workspace) -> None:
    upload(workspace, "one")
    first = claim()
    step_complete(lease=first, outcome=Outcome(store=lambda: put_page(first), more=({"first": 2}, {"first": 3})))
    leases = claims.claim(queue="reading", steps=["read"], owner="me", limit=2)
    storing, go_on = threading.Event(), threading.Event()

    def store() -> None:
        storing.set()
        assert go_on.wait(WAIT_S)

    with ThreadPoolExecutor() as pool:
        slow = in_thread(pool, lambda: step_complete(lease=leases[0], outcome=Outcome(store=store)))
        assert storing.wait(WAIT_S)
        other = in_thread(pool, lambda: step_complete(lease=leases[1], outcome=Outcome()))
        with pytest.raises(TimeoutError):
            other.result(timeout=A_MOMENT_S)
        go_on.set()
        slow.result(timeout=WAIT_S)
        other.result(timeout=WAIT_S)
    assert list(StepRun.objects.exclude(step="read").values_list("step", "part")) == [("layout", 0)]


@pytest.mark.django_db
def test_a_worker_whose_document_is_gone_stores_nothing(workspace: Workspace, alice: User) -> None:
    document = upload(workspace, "one")
    lease = claim()
    documents.document_purge(document=document, by=alice)
    with pytest.raises(LeaseLostError):
        step_complete(lease=lease, outcome=Outcome(store=lambda: put_page(lease)))
    with pytest.raises(LeaseLostError):
        step_fail(lease=lease, error=storage.EmptyFileError())
    assert not Page.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_bytes_that_come_in_again_are_not_removed(workspace: Workspace) -> None:
    arriving, go_on = threading.Event(), threading.Event()

    def arrive() -> Blob:
        with (
            storage.received([b"bytes"], workspace_id=workspace.pk, max_bytes=100) as stored,
            transaction.atomic(),
        ):
            created = documents.document_create(
                workspace_id=workspace.pk, stored=stored, file_name="a.txt", source=Source.API
            )
            assert created.version is not None
            documents.first_reading_create(version=created.version, producer="test", config_hash="test")
            arriving.set()
            assert go_on.wait(WAIT_S)
        return Blob.objects.get(sha256=stored.sha256)

    with ThreadPoolExecutor() as pool:
        upload_again = in_thread(pool, arrive)
        assert arriving.wait(WAIT_S)
        digest = "277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9"
        forgetting = in_thread(pool, lambda: documents.bytes_forget(workspace_id=workspace.pk, hashes=[digest]))
        with pytest.raises(TimeoutError):
            forgetting.result(timeout=A_MOMENT_S)
        go_on.set()
        blob = upload_again.result(timeout=WAIT_S)
        forgetting.result(timeout=WAIT_S)
    assert isinstance(blob, Blob)
    assert blob.sha256 == digest
    assert is_stored(blob)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_speak_of_a_tag_the_last_is_heard(workspace: Workspace, alice: User) -> None:
    document = upload(workspace, "one")
    tagged = Document.objects.prefetch_related("tags").get()  # as a request that came before has read it
    tags_named(workspace_id=workspace.pk, names=["acme"])
    decide = partial(tags_decide, document=document, by=alice)
    accept, refuse = partial(decide, accepted=["acme"]), partial(decide, refused=["acme"])
    with ThreadPoolExecutor() as pool:
        for first, last in [(accept, refuse), (refuse, accept)]:
            with transaction.atomic():
                first()
                second = in_thread(pool, last)
                with pytest.raises(TimeoutError):
                    second.result(timeout=A_MOMENT_S)
            second.result(WAIT_S)
            assert TagDecision.objects.get().is_wanted == document.tags.exists() == (last is accept)
    documents.document_update(document=tagged, by=alice, tags=[])
    assert not TagDecision.objects.get().is_wanted
    documents.documents_trash(documents=[document], by=alice, at=now())
    assert documents.document_purge(document=Document.objects.get(), by=alice)
    assert documents_tag(documents=[document], name="acme", by=alice) == 0
    with pytest.raises(NotFoundError):
        tags_decide(document=document, by=alice, accepted=["acme"])


@pytest.mark.django_db
def test_bytes_go_even_if_the_process_ends_at_the_commit(workspace: Workspace, alice: User) -> None:
    document = upload(workspace, "one")
    blob = Blob.objects.get()
    documents.document_purge(document=document, by=alice)  # the test's transaction never commits, as after a crash
    assert is_stored(blob)
    hand_out_events()
    assert not is_stored(blob)


@pytest.mark.django_db
def test_a_document_that_was_restored_meanwhile_is_not_deleted(workspace: Workspace, alice: User) -> None:
    document = upload(workspace, "one")
    documents.documents_trash(documents=[document], by=alice, at=now())
    chosen = Document.objects.get()
    documents.documents_restore(documents=[document], by=alice)
    assert documents.document_purge(document=chosen, by=alice) is False
    assert Document.objects.get().deleted_at is None


@pytest.mark.django_db
def test_what_a_crash_left_of_an_upload_is_removed(workspace: Workspace) -> None:
    folder = storage.incoming_folder()
    folder.mkdir(parents=True)
    (folder / "1.partial").write_bytes(b"half")
    assert storage.remove_abandoned(before=now() - timedelta(hours=1)) == 0
    assert storage.remove_abandoned(before=now() + timedelta(hours=1)) == 1
    assert not list(folder.iterdir())
