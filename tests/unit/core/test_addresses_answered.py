"""Which host names are answered, and what counts as "only this machine", for the environments people really have."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SHOW = """
import json
from docintel import settings
print(json.dumps([settings.ALLOWED_HOSTS, settings.ON_LOOPBACK, settings.SIGNUP, settings.SESSION_COOKIE_SECURE]))
"""
EVERYWHERE = "0.0.0.0"  # noqa: S104  (what containers listen on)
LOCAL = {"localhost", "127.0.0.1", "[::1]"}


@pytest.mark.parametrize(
    ("environment", "host", "is_local", "is_secure"),
    [
        ({}, "127.0.0.1", True, False),
        ({"DOCINTEL_HOST": "::1"}, "[::1]", True, False),
        ({"DOCINTEL_HOST": EVERYWHERE}, EVERYWHERE, False, False),
        ({"DOCINTEL_HOST": EVERYWHERE, "DOCINTEL_BASE_URL": "http://localhost:8000"}, "localhost", False, False),
        ({"DOCINTEL_BASE_URL": "https://docs.example.org/"}, "docs.example.org", False, True),
        ({"DOCINTEL_HOST": "::", "DOCINTEL_BASE_URL": "http://[2001:db8::1]:8000"}, "[2001:db8::1]", False, False),
    ],
)
def test_hosts(environment: dict[str, str], host: str, is_local: bool, is_secure: bool, tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DOCINTEL_")}
    shown = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=settings.BASE_DIR,
        env={**clean, **environment, "DOCINTEL_DATA_DIR": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    hosts, on_loopback, signup, secure_cookie = json.loads(shown.stdout)
    assert set(hosts) == LOCAL | {host}
    assert (on_loopback, secure_cookie) == (is_local, is_secure)
    assert signup == ("open" if is_local else "invitation")
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
