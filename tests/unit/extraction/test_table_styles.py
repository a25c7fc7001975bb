"""Tables drawn in six styles are found nearly whole; lists, addresses and contents are no tables."""

from pathlib import Path

import pytest

from tests.tools.made_tables import NOTHING, STYLES, make
from tests.tools.score_tables import Score, pooled, relations, score


@pytest.mark.parametrize("style", STYLES)
def test_tables_of_a_style(tmp_path: Path, style: str) -> None:
    seeds = range(STYLES.index(style), 6 * len(STYLES), len(STYLES))
    total = pooled(score(page.path, page.tables) for page in (make(tmp_path, seed) for seed in seeds))
    if style == NOTHING:
        assert total == Score(0, 0, 0)
    else:
        assert total.f1 > 0.9


def test_neighbours_skip_blank_cells_and_count_spans_once() -> None:
    cells = [
        {"row": 0, "col": 0, "end_row": 0, "end_col": 2, "text": "Head"},
        {"row": 1, "col": 0, "end_row": 1, "end_col": 0, "text": "a"},
        {"row": 1, "col": 1, "end_row": 1, "end_col": 1, "text": " "},
        {"row": 1, "col": 2, "end_row": 1, "end_col": 2, "text": "B"},
    ]
    assert dict(relations(cells)) == {("a", "b", True): 1, ("head", "a", False): 1, ("head", "b", False): 1}
