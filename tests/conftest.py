"""What every test can use: people, workspaces, a storage of its own."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings

from apps.accounts.models import Membership, Role, User, Workspace
from apps.accounts.services import user_create, workspace_create


@pytest.fixture(autouse=True)
def own_storage(tmp_path: Path, settings: django_settings) -> None:  # type: ignore[valid-type]  # pytest-django's wrapper
    """Keep the bytes of every test in a folder of its own."""
    storages = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "blobs")}},
    }
    settings.STORAGES = storages


@pytest.fixture
def workspace(db: None) -> Workspace:
    """Give alice's workspace."""
    return workspace_create(owner=user_create(email="alice@example.org", password="alice's secret"), name="Alpha")


@pytest.fixture
def alice(workspace: Workspace) -> User:
    """Give the owner of the workspace."""
    return User.objects.get(email="alice@example.org")


@pytest.fixture
def bob(workspace: Workspace) -> User:
    """Give a viewer of the workspace."""
    bob = user_create(email="bob@example.org", password="bob's secret")
    Membership.objects.create(user=bob, workspace=workspace, role=Role.VIEWER)
    return bob


@pytest.fixture
def charlie(workspace: Workspace) -> User:
    """Give the owner of another workspace."""
    charlie = user_create(email="charlie@example.org", password="charlie's secret")
    workspace_create(owner=charlie, name="Gamma")
    return charlie
