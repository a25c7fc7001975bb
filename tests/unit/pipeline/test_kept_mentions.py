"""Names that are kept between two steps: of each page its own, also where neighbours have the same text."""

from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from apps.classification.engine.tagging.labels import Mention
from apps.pipeline.encoder import mentions
from apps.pipeline.encoder.mentions import Place

asked: list[str] = []


@pytest.fixture(autouse=True)
def _model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that says of every text the same, and keeps a note of what it was asked."""

    def model(texts: Sequence[str]) -> list[list[Mention]]:
        asked.extend(texts)
        return [[Mention("person", 0, 1, None)] for _ in texts]

    asked.clear()
    monkeypatch.setattr(mentions, "entity_model", lambda: model)


def test_names_of_passages_become_those_of_their_page() -> None:
    page, twin = "Ada met Grace.\nThen Ada left.", "Ada"
    places = [Place(1, page, 0), Place(1, page, 15), Place(2, twin, 0), Place(3, twin, 0)]
    found = [[Mention("person", 0, 3, 0.9)], [Mention("person", 5, 8, 0.8)], [Mention("person", 0, 3, None)], []]
    mentions.keep(places, found)
    kept = mentions.mentions_of([page])
    assert kept == [[Mention("person", 0, 3, 0.9), Mention("person", 20, 23, 0.8)]]
    assert asked == []


def test_what_is_not_there_is_asked_anew() -> None:
    mentions.keep([Place(1, "kept", 0)], [[Mention("location", 0, 4, 0.5)]])
    assert mentions.mentions_of(["new", "kept"]) == [[Mention("person", 0, 1, None)], [Mention("location", 0, 4, 0.5)]]
    assert mentions.mentions_of(["kept"]) == [[Mention("person", 0, 1, None)]]  # what was asked for is let go
    assert asked == ["new", "kept"]


def test_no_more_is_kept_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mentions, "_MOST_PAGES", 2)
    mentions.keep([Place(number, f"page {number}", 0) for number in range(3)], [[], [], []])
    assert mentions.mentions_of(["page 1", "page 2"]) == [[], []]
    mentions.mentions_of(["page 0"])
    assert asked == ["page 0"]


def test_a_model_that_cannot_be_loaded_is_not_asked_for_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for: list[None] = []

    def broken() -> None:
        asked_for.append(None)
        raise RuntimeError("no safetensors file")

    monkeypatch.setattr(mentions, "entity_model", broken)
    monkeypatch.setattr(mentions, "_pause", SimpleNamespace(until=0.0))
    assert mentions.alongside(["text"]) is None
    assert mentions.alongside(["text"]) is None
    assert len(asked_for) == 1


def test_a_page_of_very_many_names_is_found_again() -> None:
    page = "Ada " * 2_000
    found = [Mention("person", 4 * number, 4 * number + 3, 0.9) for number in range(2_000)]
    mentions.keep([Place(1, page, 0)], [found])
    mentions.mentions_of([page])
    assert asked == [page]
