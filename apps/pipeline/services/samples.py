"""The sample workspace: made at the first start of an embedded installation, removed by one button."""

import json
import secrets
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User, Workspace
from apps.accounts.services import user_create, workspace_create
from apps.core.clock import Clock, now
from apps.core.generations import bump_on_commit
from apps.documents.models import Document, Source
from apps.documents.services import document_purge
from apps.pipeline.samples import generate
from apps.pipeline.services.ingest import ingest_upload

EMAIL = "demo@docintel.example"
SLUG = "sample"


def login_file() -> Path:
    """Name the file (mode 0600) that holds the demo login, so that the start page and the login page can show it."""
    return Path(settings.DATA_DIR) / "demo_login.json"


def samples_load(*, clock: Clock = now) -> int:
    """Make the demo user with a random password and a workspace full of documents; returns how many (0: was there)."""
    if Workspace.objects.filter(slug=SLUG).exists():
        return 0
    password = secrets.token_urlsafe(9)
    with transaction.atomic():
        user = User.objects.filter(email=EMAIL).first() or user_create(email=EMAIL, name="Demo")
        user.is_staff = user.is_superuser = True  # the only person of a fresh installation also looks after it
        user.set_password(password)
        user.save()
        workspace = workspace_create(owner=user, name="Sample workspace", slug=SLUG)
    _keep_login(password)
    return samples_add(workspace=workspace, by=user, clock=clock)


def _keep_login(password: str) -> None:
    path = login_file()
    path.touch(mode=0o600)
    path.write_text(json.dumps({"email": EMAIL, "password": password}))


def samples_add(*, workspace: Workspace, by: User, clock: Clock = now) -> int:
    """Put the sample documents into a workspace; returns how many."""
    moment = clock()
    samples = generate(today=moment.date())
    for sample in samples:
        ingest_upload(
            workspace_id=workspace.pk,
            chunks=[sample.content],
            file_name=sample.name,
            title=sample.title,
            tags=sample.tags,
            source=Source.SAMPLE,
            by=by,
            at=moment - timedelta(days=sample.received_days_ago),
        )
    return len(samples)


def samples_present(*, workspace_id: UUID) -> bool:
    """Tell whether a workspace holds sample documents."""
    return Document.objects.filter(workspace_id=workspace_id, source=Source.SAMPLE).exists()


def samples_remove(*, workspace: Workspace, by: User) -> int:
    """Delete the sample documents of a workspace for good; returns how many."""
    found = Document.objects.filter(workspace=workspace, source=Source.SAMPLE)
    count = 0
    for document in found:
        document_purge(document=document, by=by)
        count += 1
    with transaction.atomic():
        bump_on_commit(workspace.pk)
    return count
