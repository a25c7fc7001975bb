"""The sample workspace: made at the first start of an embedded installation, removed by one button."""

import json
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User, Workspace
from apps.accounts.services import user_create, workspace_create
from apps.core.clock import Clock, now
from apps.core.demo_login import login_file as demo_login_file
from apps.core.generations import bump_on_commit
from apps.documents.models import Document, Source
from apps.documents.services import document_purge
from apps.pipeline.services.ingest import ingest_upload

EMAIL = "demo@docintel.example"
SLUG = "sample"


def login_file() -> Path:
    """Name the file (mode 0600) that holds the demo login, so that the start page and the login page can show it."""
    return demo_login_file(Path(settings.DATA_DIR))


def samples_load(*, clock: Clock = now) -> int:
    """Make the demo user with a random password and a workspace full of documents; returns how many (0: was there).

    What was cut off half-way is completed, with the same documents.
    """
    workspace = Workspace.objects.filter(slug=SLUG).first()
    if workspace is None:
        workspace, began_at = _make(clock())
    elif (unfinished := _began_at()) is not None:
        began_at = unfinished
    else:
        return 0
    count = samples_add(workspace=workspace, by=User.objects.get(email=EMAIL), clock=lambda: began_at)
    login = json.loads(login_file().read_text(encoding="utf-8"))
    _keep_login({name: login[name] for name in ("email", "password")})
    return count


@transaction.atomic
def _make(moment: datetime) -> tuple[Workspace, datetime]:
    password = secrets.token_urlsafe(9)
    user = User.objects.filter(email=EMAIL).first() or user_create(email=EMAIL, name="Demo")
    user.is_staff = user.is_superuser = True  # the only person of a fresh installation also looks after it
    user.set_password(password)
    user.save()
    # Before the commit: a password that was set and never noted would be lost.
    _keep_login({"email": EMAIL, "password": password, "began_at": moment.isoformat()})
    return workspace_create(owner=user, name="Sample workspace", slug=SLUG), moment


def _began_at() -> datetime | None:
    """Tell when the loading began that did not come to its end; None where it did."""
    try:
        began_at = json.loads(login_file().read_text(encoding="utf-8")).get("began_at")
    except FileNotFoundError:
        return None
    return datetime.fromisoformat(began_at) if began_at else None


def _keep_login(login: dict[str, str]) -> None:
    path = login_file()
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(login), encoding="utf-8")
    partial.replace(path)


def samples_add(*, workspace: Workspace, by: User, clock: Clock = now) -> int:
    """Put the sample documents into a workspace; returns how many."""
    from apps.pipeline.samples import generate  # noqa: PLC0415  (25 MB that a web process should not hold for a button)

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
