"""Semantic and hybrid search over the broker's real lists."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User, Workspace
from apps.search import by_meaning
from apps.search.models import Chunk
from apps.search.query import search
from tests.library import embed, pointing, shelve

Start = Callable[[dict[str, list[float]]], None]


@pytest.fixture
def library(workspace: Workspace) -> None:
    """Give three documents: one near in meaning, one by its words, one by neither."""
    embed(shelve(workspace, "passage 1 passage 2", title="near"), pointing(5), pointing(1, towards=0, share=0.8))
    embed(shelve(workspace, "a copper kettle", title="words"), pointing(2, towards=0, share=0.3))
    embed(shelve(workspace, "something else", title="neither"), pointing(3))


def found(user: User, workspace: Workspace, mode: str, q: str = "kettle") -> tuple[list[str], list[str]]:
    answer = search(user=user, workspace_id=workspace.pk, q=q, mode=mode)
    return [hit.document.title for hit in answer.results], answer.degraded


@pytest.mark.usefixtures("library")
def test_each_mode_finds_its_own(alice: User, workspace: Workspace, encoder: Start) -> None:
    encoder({"kettle": pointing(0)})
    assert found(alice, workspace, "text") == (["words"], [])
    assert found(alice, workspace, "semantic") == (["near", "words"], [])
    assert found(alice, workspace, "hybrid") == (["words", "near"], [])


@pytest.mark.usefixtures("library")
def test_the_snippet_is_the_nearest_passage(alice: User, workspace: Workspace, encoder: Start) -> None:
    encoder({"kettle": pointing(0)})
    answer = search(user=alice, workspace_id=workspace.pk, q="kettle", mode="semantic")
    assert answer.results[0].snippet == "passage 2"
    assert answer.results[0].score == pytest.approx(0.8, abs=0.01)


@pytest.mark.usefixtures("library")
def test_the_graph_index_finds_the_same(
    alice: User, workspace: Workspace, encoder: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_meaning, "EXACT_UP_TO", 1)
    encoder({"kettle": pointing(0)})
    assert found(alice, workspace, "semantic") == (["near", "words"], [])


@pytest.mark.usefixtures("library")
def test_strangers_find_nothing_by_meaning(charlie: User, workspace: Workspace, encoder: Start) -> None:
    encoder({"kettle": pointing(0)})
    assert found(charlie, workspace, "semantic") == ([], [])


@pytest.mark.usefixtures("library")
def test_without_an_encoder_the_words_are_answered_and_it_is_said(
    alice: User, workspace: Workspace, encoder: Start
) -> None:
    encoder({})
    assert found(alice, workspace, "hybrid") == (["words"], ["semantic"])
    assert found(alice, workspace, "semantic") == ([], ["semantic"])


@pytest.mark.usefixtures("library")
def test_another_models_passages_are_left_alone(alice: User, workspace: Workspace, encoder: Start) -> None:
    Chunk.objects.update(model="another")
    encoder({"kettle": pointing(0)})
    assert found(alice, workspace, "semantic") == ([], [])
