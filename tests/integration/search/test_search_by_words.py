"""Full-text search: what is found, in which order, by whom."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.models import User, Workspace
from apps.core.errors import UserError
from apps.documents.models import Document, DocumentStatus
from apps.documents.services import documents_trash, reading_create, reading_promote
from apps.search.query import SearchAnswer, SearchFilters, search
from tests.library import shelve


def titles(answer: SearchAnswer) -> list[str]:
    return [hit.document.title for hit in answer.results]


def find(
    user: User,
    workspace: Workspace,
    q: str,
    *,
    page_size: int = 20,
    cursor: str | None = None,
    filters: SearchFilters | None = None,
) -> SearchAnswer:
    return search(
        user=user, workspace_id=workspace.pk, q=q, mode="text", page_size=page_size, cursor=cursor, filters=filters
    )


def test_words_are_found_whatever_their_ending_case_and_accent(alice: User, workspace: Workspace) -> None:
    shelve(workspace, "Résumés of two ENGINEERS", title="hit")
    shelve(workspace, "A menu", title="miss")
    assert titles(find(alice, workspace, "resume engineer")) == ["hit"]


def test_a_document_is_one_result_with_its_best_page(alice: User, workspace: Workspace) -> None:
    shelve(workspace, "cover page", "a kettle", "kettle kettle kettle", title="kettles")
    answer = find(alice, workspace, "kettle")
    assert [(hit.document.title, hit.page) for hit in answer.results] == [("kettles", 3)]
    assert answer.total == 1


def test_a_page_with_all_words_comes_before_one_with_many_of_one(alice: User, workspace: Workspace) -> None:
    shelve(workspace, "copper copper copper copper", title="some")
    shelve(workspace, "first page", "a long story about copper and a red kettle in it", "copper", title="all")
    assert titles(find(alice, workspace, "copper kettle")) == ["all", "some"]


def test_a_rare_word_weighs_more_than_a_frequent_one(alice: User, workspace: Workspace) -> None:
    for number in range(12):
        shelve(workspace, "report report report about nothing", title=f"frequent {number}")
    shelve(workspace, "a zeppelin passed over the town hall today", title="rare")
    assert titles(find(alice, workspace, "report zeppelin nowhere"))[0] == "rare"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"net thirty days"', {"phrase"}),
        ("net days thirty", {"phrase", "apart", "other"}),
        ("net -thirty", {"other"}),
        ("zeppelin OR kettle", {"other"}),
        ('"thirty net"', set()),
        ("the", set()),
        ("-net", set()),
        ("''\\ | & !( <->", set()),
        ("", set()),
    ],
)
def test_the_query_language(alice: User, workspace: Workspace, query: str, expected: set[str]) -> None:
    shelve(workspace, "payable net thirty days", title="phrase")
    shelve(workspace, "thirty days from now, net", title="apart")
    shelve(workspace, "a net and a kettle", title="other")
    assert set(titles(find(alice, workspace, query))) == expected


def test_titles_and_file_names_are_found(alice: User, workspace: Workspace) -> None:
    shelve(workspace, "nothing of interest", title="Lease of the mill", file_name="scan_4711-b.pdf")
    assert titles(find(alice, workspace, "mill lease")) == ["Lease of the mill"]
    assert titles(find(alice, workspace, "4711")) == ["Lease of the mill"]


def test_snippets_are_escaped_and_marked(alice: User, workspace: Workspace) -> None:
    shelve(workspace, "<script>alert(1)</script> the \x02kettles\x03 & pots < pans", title="x")
    snippet = find(alice, workspace, "kettle").results[0].snippet
    assert "<mark>kettles</mark> &amp; pots &lt; pans" in snippet
    assert "<script>" not in snippet


def test_strangers_trash_and_old_readings_are_not_found(alice: User, charlie: User, workspace: Workspace) -> None:
    document = shelve(workspace, "kettle", title="mine")
    trashed = shelve(workspace, "kettle", title="trashed")
    documents_trash(documents=[trashed], by=alice)
    assert titles(find(alice, workspace, "kettle")) == ["mine"]
    assert find(charlie, workspace, "kettle").results == []
    newer = reading_create(document=document, producer="test", config_hash="2")
    reading_promote(document=document, reading=newer)
    assert find(alice, workspace, "kettle").results == []


def test_filters_and_facets(alice: User, workspace: Workspace) -> None:
    day = datetime(2026, 3, 4, tzinfo=UTC)
    shelve(workspace, "kettle", title="a", type_label="invoice", tags=["blue"], received_at=day)
    shelve(workspace, "kettle", title="b", type_label="invoice", received_at=day + timedelta(days=1))
    shelve(workspace, "kettle", title="c", status=DocumentStatus.PARTIAL, received_at=day)
    answer = find(alice, workspace, "kettle")
    assert answer.facets == {"type": {"invoice": 2, "": 1}, "status": {"succeeded": 2, "partial": 1}}
    for filters, expected in (
        (SearchFilters(types=["invoice"]), {"a", "b"}),
        (SearchFilters(types=[""]), {"c"}),
        (SearchFilters(statuses=["PARTIAL"]), {"c"}),
        (SearchFilters(tags=["blue"]), {"a"}),
        (SearchFilters(received_after=day + timedelta(hours=1)), {"b"}),
        (SearchFilters(received_before=day + timedelta(hours=1)), {"a", "c"}),
    ):
        assert set(titles(find(alice, workspace, "kettle", filters=filters))) == expected


def test_pages_of_results_neither_repeat_nor_miss(alice: User, workspace: Workspace) -> None:
    for number in range(7):
        shelve(workspace, "kettle " * (number + 1), title=f"{number}")
    whole = titles(find(alice, workspace, "kettle"))
    first = find(alice, workspace, "kettle", page_size=3)
    shelve(workspace, "kettle " * 50, title="new and best")
    second = find(alice, workspace, "kettle", page_size=3, cursor=first.next_cursor)
    third = find(alice, workspace, "kettle", page_size=3, cursor=second.next_cursor)
    assert titles(first) + titles(second) + titles(third) == whole
    assert third.next_cursor is None


def test_a_page_goes_on_where_a_deleted_result_was(alice: User, workspace: Workspace) -> None:
    for number in range(4):
        shelve(workspace, "kettle " * (number + 1) + "filler " * (10 * (4 - number)), title=f"{number}")
    whole = titles(find(alice, workspace, "kettle"))
    first = find(alice, workspace, "kettle", page_size=2)
    documents_trash(documents=[Document.objects.get(title=whole[1])], by=alice)
    rest = find(alice, workspace, "kettle", page_size=2, cursor=first.next_cursor)
    assert titles(rest) == whole[2:]


def test_wrong_modes_and_cursors_are_the_callers_fault(alice: User, workspace: Workspace) -> None:
    with pytest.raises(UserError) as wrong_mode:
        search(user=alice, workspace_id=workspace.pk, q="x", mode="magic")
    assert wrong_mode.value.code == "unknown_mode"
    for cursor in ("!!", "AAAA", "gqFh"):
        with pytest.raises(UserError) as wrong_cursor:
            find(alice, workspace, "x", cursor=cursor)
        assert wrong_cursor.value.code == "invalid_cursor"
