"""Signed-in clients of every role, uploads, and documents that were really read."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import Membership, Role, User, Workspace
from apps.core.broker import redis_client
from apps.documents.models import Document, Source
from apps.extraction.rendering import close_renderers
from apps.pipeline.samples import invoice_classic
from apps.pipeline.services.ingest import ingest_upload
from tests.integration.web.documents.processing import process_everything, say_type

SignIn = Callable[[User], Client]
Upload = Callable[..., Document]


@pytest.fixture
def sign_in() -> SignIn:
    """Give a client that is signed in as somebody."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def owner(sign_in: SignIn, alice: User) -> Client:
    """Give alice's client."""
    return sign_in(alice)


@pytest.fixture
def as_role(sign_in: SignIn, bob: User, workspace: Workspace) -> Callable[[Role], Client]:
    """Give bob's client, in the role asked for."""

    def client(role: Role) -> Client:
        Membership.objects.filter(user=bob, workspace=workspace).update(role=role)
        return sign_in(bob)

    return client


@pytest.fixture(autouse=True)
def own_places(db: None, settings: Settings, tmp_path: object) -> Iterator[None]:
    """Keep drawn pages and cached figures of every test apart, and end the renderers' children."""
    settings.DATA_DIR = tmp_path
    redis_client().flushdb()
    yield
    close_renderers()


@pytest.fixture
def upload(workspace: Workspace, alice: User) -> Upload:
    """Give a function that uploads text (or other bytes) as alice, without reading it."""

    def take(
        name: str = "note.txt", content: bytes | str = "", *, title: str = "", tags: list[str] | None = None
    ) -> Document:
        data = content.encode() if isinstance(content, str) else content
        return ingest_upload(
            workspace_id=workspace.pk,
            chunks=[data or f"The text of {name}.".encode()],
            file_name=name,
            title=title,
            source=Source.WEB,
            tags=tags or [],
            by=alice,
        ).document

    return take


@pytest.fixture
def invoice(upload: Upload) -> Document:
    """Give an invoice with tables, read by the real engine and typed."""
    document = upload("invoice.pdf", invoice_classic.make(date(2026, 11, 20)).content, title="Invoice of the workshop")
    process_everything()
    document.refresh_from_db()
    say_type(document)
    return document
