"""Words as a filter of lists: what documents say now, and not what an earlier reading made of them."""

from apps.accounts.models import User, Workspace
from apps.documents.models import Page, PageContent, TextSource
from apps.documents.services import pages_store, reading_create, reading_promote
from apps.search.selectors import documents_with_words
from apps.search.services import index_pages
from tests.library import shelve


def test_only_the_current_reading_counts(workspace: Workspace) -> None:
    document = shelve(workspace, "a copper kettle")
    newer = reading_create(document=document, producer="test", config_hash="2")
    page = Page(workspace=workspace, reading=newer, number=1, width=1, height=1, text="a silver kettle")
    page.text_source = TextSource.OCR
    pages_store(contents=[PageContent(page=page, words=b"\x01")])
    index_pages(document_id=document.pk, reading=newer, pages=[page])

    def found(words: str) -> bool:
        return document.pk in documents_with_words(workspace_id=workspace.pk, words=words)

    assert (found("copper"), found("silver"), found("kettle")) == (True, False, True)
    reading_promote(document=document, reading=newer)
    assert (found("copper"), found("silver"), found("kettle")) == (False, True, True)


def test_all_words_stand_on_one_page_of_one_reading(workspace: Workspace) -> None:
    document = shelve(workspace, "a copper kettle", "a silver spoon")
    assert list(documents_with_words(workspace_id=workspace.pk, words="silver spoon")) == [document.pk]
    assert not documents_with_words(workspace_id=workspace.pk, words="copper spoon")


def test_other_workspaces_are_left_out(workspace: Workspace, charlie: User) -> None:
    shelve(Workspace.objects.get(memberships__user=charlie), "a copper kettle")
    assert not documents_with_words(workspace_id=workspace.pk, words="copper")
