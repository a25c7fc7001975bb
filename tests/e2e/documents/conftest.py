"""Documents for the browser: samples with known truth, and workers that run beside the live server."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from apps.accounts.models import User, Workspace
from apps.core.broker import redis_client
from apps.documents.models import Document, Source
from apps.extraction.rendering import close_renderers
from apps.pipeline.samples import invoice_classic, receipts
from apps.pipeline.services.ingest import ingest_upload
from tests.integration.web.documents.processing import process_everything, say_type


@pytest.fixture(autouse=True)
def own_places(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Keep drawn pages and cached figures of every test apart, and end the renderers' children."""
    settings.DATA_DIR = tmp_path
    redis_client().flushdb()
    yield
    close_renderers()


@pytest.fixture
def invoice_file(tmp_path: Path) -> Path:
    """Give an invoice with tables, as a file to upload."""
    path = tmp_path / "invoice.pdf"
    path.write_bytes(invoice_classic.make(date(2026, 11, 20)).content)
    return path


@pytest.fixture
def worker() -> Iterator[None]:
    """Work through the ledger beside the live server, as the worker processes do."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(0.3):
            process_everything()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.fixture
def pile(workspace: Workspace, alice: User) -> dict[str, Document]:
    """Give documents of every state: read, photographed, failed, without pages, waiting, in the trash."""
    day = date(2026, 11, 20)
    contents = {
        "invoice.pdf": invoice_classic.make(day).content,
        "receipt.jpg": receipts.make_photo(day).content,
        "broken.pdf": b"%PDF-1.7 broken",
        "note.txt": b"The lighthouse is closed on Mondays.",
        "trashed.txt": b"No longer wanted.",
    }

    def take(name: str, content: bytes) -> Document:
        return ingest_upload(
            workspace_id=workspace.pk,
            chunks=[content],
            file_name=name,
            source=Source.WEB,
            tags=["office"],
            by=alice,
        ).document

    found = {name: take(name, content) for name, content in contents.items()}
    process_everything()
    found["waiting.txt"] = take("waiting.txt", b"Not read yet.")
    for document in found.values():
        document.refresh_from_db()
    say_type(found["invoice.pdf"])
    return found
