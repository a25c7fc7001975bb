"""What the database backend adds: bulk statements are cut, and workers make plans anew."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Workspace
from apps.core.postgres import base
from apps.documents.models import PageContent
from apps.documents.services import document_purge, documents_trash
from apps.pipeline import worker
from apps.pipeline.outcome import Outcome
from tests.library import shelve

pytestmark = pytest.mark.django_db


def test_what_is_deleted_in_bulk_is_cut_into_statements(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "_MOST_PARAMETERS", 4)
    document = shelve(workspace, *[f"page {number}" for number in range(10)])
    kept = shelve(workspace, "another")
    documents_trash(documents=[document], by=None)
    with CaptureQueriesContext(connection) as asked:
        assert document_purge(document=document, by=None)
    deleted = [query["sql"] for query in asked if query["sql"].startswith('DELETE FROM "documents_pagecontent"')]
    assert [sql.count("::uuid") for sql in deleted] == [4, 4, 2]
    assert PageContent.objects.exclude(page__reading__version__document=kept).count() == 0


def test_plans_of_a_worker_do_not_outlive_the_sizes_of_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    def plans_discarded() -> int:
        with CaptureQueriesContext(connection) as asked:
            worker.work(queue="reading", execute=lambda _: Outcome())
        return sum(query["sql"] == "DISCARD PLANS" for query in asked)

    monkeypatch.setattr(worker._plans, "end_at", 0.0)
    assert plans_discarded() == 1
    assert plans_discarded() == 0
    monkeypatch.setattr(worker._plans, "end_at", time.monotonic())
    assert plans_discarded() == 1
