"""The sample workspace: made once, completed where the first start was cut off."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from apps.accounts.models import User
from apps.core.clock import now
from apps.documents.models import Document
from apps.pipeline.services.samples import EMAIL, login_file, samples_load

pytestmark = pytest.mark.django_db


def test_loading_that_was_cut_off_is_completed(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    began_at = now() - timedelta(days=3)
    count = samples_load(clock=lambda: began_at)
    login = json.loads(login_file().read_text())
    assert login_file().stat().st_mode & 0o777 == 0o600
    assert User.objects.get(email=EMAIL).check_password(login["password"])
    titles = sorted(Document.objects.values_list("title", "received_at"))
    assert len(titles) == count

    login_file().write_text(json.dumps({**login, "began_at": began_at.isoformat()}))  # as a crash half-way leaves it
    Document.objects.filter(pk__in=list(Document.objects.values_list("pk", flat=True)[:2])).delete()
    samples_load()
    assert sorted(Document.objects.values_list("title", "received_at")) == titles
    assert json.loads(login_file().read_text()) == login

    Document.objects.all().delete()
    assert samples_load() == 0, "what a person removed stays away"
