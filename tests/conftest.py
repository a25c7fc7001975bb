"""What every test can use: people, workspaces, a storage and a broker database of their own."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from apps.accounts.models import Membership, Role, User, Workspace
from apps.accounts.services import user_create, workspace_create

BROKER_DATABASE = "?db=9"
# Reasons for which a test may be left out; any other skip fails the run.
ALLOWED_SKIPS = (
    "needs root",
    "no Python and checkout that another user may use",
    "this file system only takes Unicode names",
    "macOS has no limit on a process's memory",
    "the guards are Linux's",
    "PR_SET_PDEATHSIG is Linux's",
    "this processor has no VNNI",
    "no NVIDIA card that PyTorch can use",
    "this kernel groups no processes by session",
)


def pytest_configure() -> None:
    """Keep the tests' messages and cache apart from those of an installation that runs beside them."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # slow ones cost minutes here
    django_settings.REDIS_URL += BROKER_DATABASE
    django_settings.CACHES["default"]["LOCATION"] = django_settings.REDIS_URL
    django_settings.CELERY_BROKER_URL += BROKER_DATABASE.replace("db", "virtual_host")
    # Pages name static files as they lie in the repository; hashed names need `collectstatic`.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django_settings.STORAGES = {**django_settings.STORAGES, "staticfiles": plain}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Fail the run when a test was skipped for a reason that is not allowed."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = {str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr) for report in skipped}
    surprising = sorted(reason for reason in reasons if not reason.endswith(ALLOWED_SKIPS))
    if surprising:
        terminalreporter.write_line(f"Skips that are not allowed: {surprising}", red=True)
        session = getattr(terminalreporter, "_session", None)
        if session is not None:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def own_storage(tmp_path: Path, settings: Settings) -> Path:
    """Keep the bytes of every test in a folder of its own."""
    folder = tmp_path / "blobs"
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return folder


@pytest.fixture
def workspace(db: None) -> Workspace:
    """Give alice's workspace."""
    return workspace_create(owner=user_create(email="alice@example.org", password="alice's secret"), name="Alpha")


@pytest.fixture
def alice(workspace: Workspace) -> User:
    """Give the owner of the workspace."""
    return User.objects.get(memberships__workspace=workspace, memberships__role=Role.OWNER)


@pytest.fixture
def bob(workspace: Workspace) -> User:
    """Give a viewer of the workspace."""
    bob = user_create(email="bob@example.org", password="bob's secret")
    Membership.objects.create(user=bob, workspace=workspace, role=Role.VIEWER)
    return bob


@pytest.fixture
def charlie(db: None) -> User:
    """Give the owner of another workspace."""
    charlie = user_create(email="charlie@example.org", password="charlie's secret")
    workspace_create(owner=charlie, name="Gamma")
    return charlie
