"""Callers of the API, and documents that are done: what workers would store is stored by the pipeline's services."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import Membership, Role, Scope, User, Workspace
from apps.accounts.services import token_create, user_create
from apps.classification.models import ModelVersion, Prediction
from apps.documents.models import Document, Reading, Source
from apps.documents.services import document_set_type, reading_describe
from apps.extraction import services as extraction
from apps.extraction.engine.types import CellReading, PageReading, TableReading, Word
from apps.extraction.models import FieldValue, Method
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.services import claims
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.steps import step_complete
from apps.pipeline.table import BY_NAME, QUEUES
from apps.search import services as search

Call = Callable[..., Any]
MakeDocument = Callable[..., Document]
TEXTS = ("Invoice 42 of ACME", "Total 99.50 EUR")


class Api:
    """A program with a token, or without any."""

    def __init__(self, secret: str = "") -> None:
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client()

    def __call__(self, method: str, path: str, body: Any = None, *, form: Any = None, **headers: str) -> Any:
        """Call an address below /api/v1/ (or a whole one); `body` goes as JSON, `form` as multipart."""
        address = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        options: dict[str, Any] = {"headers": self.headers | {key.replace("_", "-"): headers[key] for key in headers}}
        if form is not None:
            options |= {"data": form}
        elif body is not None:
            options |= {"data": body, "content_type": "application/json"}
        return getattr(self.client, method.lower())(address, **options)


@pytest.fixture
def api_of() -> Call:
    """Give a maker of programs: whose, in which workspace, with which scopes (all)."""

    def make(user: User, workspace: Workspace, scopes: tuple[str, ...] = tuple(Scope.values)) -> Api:
        return Api(token_create(workspace=workspace, user=user, name="test", scopes=scopes)[1])

    return make


@pytest.fixture
def api(api_of: Call, alice: User, workspace: Workspace) -> Any:
    """Give alice's program, which may read and write."""
    return api_of(alice, workspace)


@pytest.fixture
def anonymous() -> Api:
    """Give a program without a token."""
    return Api()


@pytest.fixture
def member(workspace: Workspace) -> Callable[[Role], User]:
    """Give a maker of members with a role."""

    def make(role: Role) -> User:
        user = user_create(email=f"{role.lower()}@example.org", password="a member's secret")
        Membership.objects.create(user=user, workspace=workspace, role=role)
        return user

    return make


@pytest.fixture
def upload(api: Any) -> Call:
    """Give a way to upload: bytes, a name, more form fields, a query, an Idempotency-Key."""

    def send(content: bytes = b"Hello", name: str = "hello.txt", *, query: str = "", key: str = "", **form: Any) -> Any:
        headers = {"Idempotency_Key": key} if key else {}
        return api("POST", f"documents/{query}", form={"file": SimpleUploadedFile(name, content), **form}, **headers)

    return send


@pytest.fixture
def queued(workspace: Workspace, alice: User) -> MakeDocument:
    """Give a maker of documents that wait for a worker."""

    def make(text: str = "Hello", name: str = "hello.txt", *, place: Workspace = workspace, **more: Any) -> Document:
        chunks = [text.encode()]
        options: dict[str, Any] = {"source": Source.API, "by": alice} | more
        return ingest_upload(workspace_id=place.pk, chunks=chunks, file_name=name, **options).document

    return make


@pytest.fixture
def work_done() -> Callable[..., None]:
    """Give what all workers together do: every ready part is executed, and the first one stores all there is."""

    def work(texts: tuple[str, ...] = TEXTS) -> None:
        for _ in range(len(BY_NAME) + 1):
            for queue in QUEUES:
                for lease in claims.claim(queue=queue, steps=list(BY_NAME), owner="test", limit=100):
                    step_complete(lease=lease, outcome=_outcome(lease, texts))

    return work


@pytest.fixture
def finished(queued: MakeDocument, work_done: Callable[..., None]) -> MakeDocument:
    """Give a maker of documents that were processed: two pages, a table, a total of 99.50, typed as an invoice."""

    def make(text: str = "Hello", name: str = "invoice.pdf", **more: Any) -> Document:
        texts = more.pop("texts", TEXTS)
        document = queued(text, name, **more)
        work_done(texts)
        document.refresh_from_db()
        return document

    return make


def _outcome(lease: Lease, texts: tuple[str, ...]) -> Outcome:
    return Outcome(store=lambda: _store(lease, texts)) if lease.step == "read" else Outcome()


def _store(lease: Lease, texts: tuple[str, ...]) -> None:
    reading = Reading.objects.select_related("version").get(pk=lease.reading_id)
    reading_describe(
        reading=reading, media_type="application/pdf", page_count=len(texts), metadata={"title": "A title"}
    )
    pages = extraction.pages_store(reading=reading, pages=[_page(number, text) for number, text in enumerate(texts, 1)])
    search.index_pages(document_id=lease.document_id, reading=reading, pages=pages)
    cells = [CellReading(row=0, column=column, text=text) for column, text in enumerate(("Total", "99.50"))]
    table = TableReading(page=2, box=(0.1, 0.1, 0.9, 0.2), row_count=1, column_count=2, cells=cells)
    extraction.tables_store(reading=reading, first=1, last=len(texts), tables=[table] if len(texts) > 1 else [])
    FieldValue.objects.create(
        workspace_id=lease.workspace_id,
        document_id=lease.document_id,
        version=reading.version,
        reading=reading,
        key="grand_total",
        value_type="amount",
        value="99.50",
        value_number="99.50",
        raw_text="99.50 EUR",
        confidence=0.97,
        method=Method.RULE,
        page_number=2,
        box=[0.1, 0.1, 0.2, 0.12],
    )
    model, _ = ModelVersion.objects.get_or_create(family="document_type", version="types-1", artifact_sha256="0" * 64)
    Prediction.objects.create(
        workspace_id=lease.workspace_id,
        reading=reading,
        model_version=model,
        label="invoice",
        probability=0.9,
        alternatives=[{"label": "receipt", "confidence": 0.1}],
    )
    document_set_type(document_id=lease.document_id, label="invoice", confidence=0.9, source="MODEL")


def _page(number: int, text: str) -> PageReading:
    words = [
        Word(x0=place / 100, y0=0.1, x1=(place + 1) / 100, y1=0.12, text=word)
        for place, word in enumerate(text.split())
    ]
    return PageReading(number=number, width=595, height=842, rotation=0, text=text, text_source="native", words=words)
