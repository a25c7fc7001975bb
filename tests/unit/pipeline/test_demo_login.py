"""`manage.py demo_login` tells what the sample workspace's login is."""

import io
import json
from pathlib import Path

from django.core.management import call_command
from pytest_django import Settings


def printed() -> str:
    output = io.StringIO()
    call_command("demo_login", stdout=output)
    return output.getvalue()


def test_it_is_told(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "demo_login.json").write_text(json.dumps({"email": "demo@docintel.example", "password": "swordfish"}))
    assert printed().splitlines() == ["demo sign-in: demo@docintel.example", "password:     swordfish"]


def test_without_samples_there_is_nothing_to_tell(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path
    assert printed() == ""
