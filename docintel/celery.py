"""The Celery application: queues and tasks are declared beside the apps that own them."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from apps.core.servers.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "docintel.settings")


class Application(Celery):
    """Celery whose broker, where it is the embedded one, is found or started before the first connection."""

    def connection_for_read(self, url: str | None = None, **options: Any) -> Any:  # noqa: ANN401  kombu has no types
        """Connect a consumer."""
        _ensure_broker()
        return super().connection_for_read(url, **options)

    def connection_for_write(self, url: str | None = None, **options: Any) -> Any:  # noqa: ANN401  kombu has no types
        """Connect a producer."""
        _ensure_broker()
        return super().connection_for_write(url, **options)


def _ensure_broker() -> None:
    from apps.core.broker import ensure_broker  # noqa: PLC0415  settings are not ready when this module is imported

    ensure_broker()


@worker_process_init.connect
def _die_with_worker(**_: object) -> None:
    """Tie a pool's process to its worker: without it, one busy at its worker's death would finish its task first."""
    die_with_parent()


app = Application("docintel")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
