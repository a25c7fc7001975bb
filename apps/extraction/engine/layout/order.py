"""Reading order where the text runs across columns: gutters are found, lines are cut at them, columns read one by one.

Most texts have their columns in order already (files are written so); nothing is changed unless many lines in a row
cross one and the same white stripe (`gutters.py`). What crosses a gutter (headlines, captions of wide pictures) parts
the columns beside it into those above and those below: a recursive X-Y cut (Nagy and Seth, 1984) at known gutters.
"""

from bisect import bisect_left
from collections.abc import Sequence

from apps.extraction.engine.layout.drafts import Draft
from apps.extraction.engine.layout.gutters import Gutter, crosses, cut_at_all, gutters_among
from apps.extraction.engine.layout.lines import Line


def restore_order(draft: Draft) -> None:
    """Cut lines that run across gutters and put the columns into the order in which they are read."""
    gutters = gutters_among(draft, draft.lines)
    if not gutters:
        return
    lines = cut_at_all(draft, draft.lines, gutters)
    draft.replace_lines(lines)
    from_top = sorted(range(len(lines)), key=lambda each: (round(lines[each].y0 + lines[each].y1), lines[each].x0))
    draft.order = _in_order(lines, from_top, gutters)


def _in_order(lines: Sequence[Line], numbers: Sequence[int], gutters: Sequence[Gutter]) -> list[int]:
    """Return the numbers of lines, which come from the top, as they are read.

    Where nothing crosses some of the gutters, these part the columns; else the widest lines part what is above and
    what is below them.
    """
    if not gutters:
        return list(numbers)
    crossed = {number: sum(crosses(lines[number], gutter) for gutter in gutters) for number in numbers}
    free = [gutter for gutter in gutters if not any(crosses(lines[number], gutter) for number in numbers)]
    if free:
        return _column_by_column(lines, numbers, gutters, free)
    widest = max(crossed.values())
    order: list[int] = []
    band: list[int] = []
    for number in numbers:
        if crossed[number] == widest:
            order += [*_in_order(lines, band, gutters), number]
            band = []
        else:
            band.append(number)
    return [*order, *_in_order(lines, band, gutters)]


def _column_by_column(
    lines: Sequence[Line], numbers: Sequence[int], gutters: Sequence[Gutter], free: Sequence[Gutter]
) -> list[int]:
    """Part lines at gutters that none of them crosses."""
    columns: list[list[int]] = [[] for _ in range(len(free) + 1)]
    places = [gutter.x for gutter in free]
    for number in numbers:
        columns[bisect_left(places, lines[number].x1)].append(number)
    sides = [float("-inf"), *places, float("inf")]
    return [
        number
        for place, column in enumerate(columns)
        for number in _in_order(lines, column, [each for each in gutters if sides[place] < each.x < sides[place + 1]])
    ]
