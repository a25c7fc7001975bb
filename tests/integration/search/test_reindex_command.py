"""The full-text index can be dropped and built anew."""

from io import StringIO

from django.core.management import call_command

from apps.accounts.models import User, Workspace
from apps.search.models import PageIndex
from apps.search.query import search
from tests.library import shelve


def test_reindex_restores_every_row(alice: User, workspace: Workspace) -> None:
    shelve(workspace, "first kettle", "second page", title="a")
    shelve(workspace, "third", title="b")
    columns = ("workspace_id", "document_id", "reading_id", "page_number", "terms")
    before = set(PageIndex.objects.values_list(*columns))
    PageIndex.objects.filter(page_number=1).delete()
    PageIndex.objects.update(terms="")
    assert search(user=alice, workspace_id=workspace.pk, q="kettle", mode="text").results == []
    said = StringIO()
    call_command("reindex", stdout=said)
    assert said.getvalue() == "3 pages indexed\n"
    assert set(PageIndex.objects.values_list(*columns)) == before
