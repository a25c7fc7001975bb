"""Every environment variable is documented, and every documented one exists."""

import re

from django.conf import settings

from docintel.celery import app

READ = re.compile(r"""env\.(?:str|int|float|bool|list|json|db_url|email_url)\(\s*"([A-Z_]+)\"""")
TOLD = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)


def test_environment_is_documented() -> None:
    read = set(READ.findall((settings.BASE_DIR / "docintel/settings.py").read_text()))
    told = set(TOLD.findall((settings.BASE_DIR / "docs/configuration.md").read_text()))
    assert read
    assert read == told


def test_celery_reads_what_was_meant() -> None:
    """Celery ignores misspelt names silently: look at what it runs with."""
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_acks_late is False
    assert app.conf.task_ignore_result is True
    assert app.conf.worker_cancel_long_running_tasks_on_connection_loss is False
    assert app.conf.broker_transport_options["visibility_timeout"] == 3600
    assert app.conf.task_default_queue == "reading"
    assert app.conf.get("CELERY_DB_REUSE_MAX") == 1_000  # read by Celery under exactly this name
