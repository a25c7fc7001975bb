"""The rows below a head as line items: numbers go to the columns they stand under, text to the description."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from apps.extraction.engine.fields.lines.contents import fits, told_by_contents
from apps.extraction.engine.fields.lines.descriptions import described, with_left_edge
from apps.extraction.engine.fields.lines.headers import Column, Head, Role, begins_totals, preferred
from apps.extraction.engine.fields.lines.items import Item, mended
from apps.extraction.engine.fields.lines.rows import Number, Row

_NUMERIC: Final[frozenset[Role]] = frozenset({"quantity", "unit_price", "amount", "tax_rate", "discount"})
_FARTHEST: Final = 14.0  # of a row's height between two rows of a table
_MOST_PERCENT: Final = 100
_FEWEST_WITHOUT_HEAD: Final = 2  # rows that fit
_MOST_TRIED: Final = 8  # numbers of a row


def items_below(rows: Sequence[Row], head: Head) -> tuple[list[Item], int]:
    """Return the items of a table and the place of the row that ends it: totals, or what is too far below."""
    named = _columns_of(head)
    end = _end_of(rows, head.last)
    body = rows[head.last + 1 : end]
    columns = with_left_edge(told_by_contents(named, body), body)
    return _items_in(body, columns), max(end, head.last + 1)


def items_without_head(rows: Sequence[Row]) -> list[Item]:
    """Return the items of a page whose lines have no head above them, where arithmetic proves two of them at least."""
    end = next((place for place, row in enumerate(rows) if begins_totals(row) and not _may_be_item(row)), len(rows))
    proven = told_by_contents([], rows[:end], fewest=_FEWEST_WITHOUT_HEAD)
    if not proven:
        return []
    left = min(column.x0 for column in proven)
    body = [row for row in rows[:end] if row.spans[0][0] < left]
    first = next((place for place, row in enumerate(body) if len(_assigned(row, proven)) == len(proven)), len(body))
    texts = [row.spans[0][0] for row in body[first:]]
    if not texts:
        return []
    columns = [Column("description", min(texts), left, frozenset()), *proven]
    return _items_in(body[first:], columns)


def _items_in(body: Sequence[Row], columns: Sequence[Column]) -> list[Item]:
    items: list[Item] = []
    above: list[str] = []
    for row in body:
        numbers = _assigned(row, columns)
        text = described(row, columns, [word for number in numbers.values() for word in number.words])
        is_taken = _take(items, row, numbers, text, above)
        above = [] if is_taken else [*above, text]
    return [mended(item) for item in items]


def _end_of(rows: Sequence[Row], head: int) -> int:
    """Return the place of the first row below a head's last one that is none of its table's."""
    last = rows[head]
    for place in range(head + 1, len(rows)):
        row = rows[place]
        if row.y0 - last.y1 > _FARTHEST * max(row.height, 1.0):
            return place
        if begins_totals(row) and not _may_be_item(row):
            return place
        last = row
    return len(rows)


def _may_be_item(row: Row) -> bool:
    """Whether some number of a row is the product of two others."""
    values = [number.value for number in row.numbers if not number.is_percent][:_MOST_TRIED]
    return any(
        fits(one, two, made) and made not in {one, two}
        for made in values
        for one, two in combinations([value for value in values if value is not made], 2)
    )


def _columns_of(head: Head) -> list[Column]:
    """Return the columns, of those with one role the preferred one; the others stay as places that take numbers."""
    kept: list[Column] = []
    descriptions = [column for column in head.columns if column.role == "description"]
    for column in head.columns:
        same = [other for other in head.columns if other.role == column.role]
        if column.role == "description" and column is not max(descriptions, key=lambda each: _room(head, each)):
            kept.append(replace(column, role="code"))  # `Item` beside `Description` is its number
        elif column.role in _NUMERIC and column is not preferred(same):
            kept.append(replace(column, role="other"))
        else:
            kept.append(column)
    return kept


def _room(head: Head, column: Column) -> float:
    """Return how much room there is for a column's contents, up to the name of the next one."""
    behind = [other.x0 for other in head.columns if other.x0 > column.x0]
    return min(behind, default=column.x1) - column.x0


def _assigned(row: Row, columns: Sequence[Column]) -> dict[Role, Number]:
    """Return the row's numbers by the column each stands under; of several under one the nearest to its middle."""
    found: dict[Role, Number] = {}
    for number in row.numbers:
        column = _over(number, columns, row.height)
        if column is None or column.role not in _NUMERIC:
            continue
        role: Role = column.role
        if number.is_percent and role not in {"tax_rate", "discount"}:
            role = "tax_rate"
        if role == "tax_rate" and not 0 <= number.value <= _MOST_PERCENT:
            continue
        known = found.get(role)
        if known is None or _distance(number, column) < _distance(known, column):
            found[role] = number
    return found


def _over(number: Number, columns: Sequence[Column], height: float) -> Column | None:
    """Return the column that a number belongs to: the one it overlaps most, else the nearest."""
    best: Column | None = None
    score = 0.0
    for place, column in enumerate(columns):
        x0, x1 = _zone(columns, place, height)
        shared = min(number.x1, x1) - max(number.x0, x0)
        if best is None or shared > score:
            best, score = column, shared
    return best


def _zone(columns: Sequence[Column], place: int, height: float) -> tuple[float, float]:
    """Return where a column's contents may stand: texts reach to the next column, numbers a little around the name."""
    column = columns[place]
    if column.role in {"description", "code"} and place + 1 < len(columns):
        return column.x0, max(column.x1, columns[place + 1].x0 - 3 * height)
    return column.x0, column.x1


def _distance(number: Number, column: Column) -> float:
    return abs((number.x0 + number.x1) - (column.x0 + column.x1))


def _take(items: list[Item], row: Row, numbers: dict[Role, Number], text: str, above: list[str]) -> bool:
    """Add a row to the items: as a new one, or to the last one, whose numbers it completes or whose text goes on.

    False for texts before the first item, which belong to it.
    """
    told = set(numbers) & {"quantity", "unit_price", "amount"}
    last = items[-1] if items else None
    if not told:
        if last is None:
            return not text
        last.texts.append(text)
        last.rows.append(row)
        return True
    if last is not None and not told & set(last.numbers) and (told == {"amount"} or _completes(last, told)):
        last.numbers.update(numbers)
        last.texts.append(text)
        last.own_texts = len(last.texts)
        last.rows.append(row)
        return True
    if last is not None and not text:
        above = last.texts[last.own_texts :]
        del last.texts[last.own_texts :]
    items.append(Item(numbers, [*above, text], [row], own_texts=len(above) + 1))
    return True


def _completes(item: Item, told: set[Role]) -> bool:
    """Whether a row's numbers are the rest of an item's: some have no line for all of them."""
    return bool({"quantity", "unit_price", "amount"} <= (set(item.numbers) | told))


def numbered(items: Sequence[Item]) -> list[Item]:
    """Return the items that say what they cost; those that do not, though others do, go on with the one before.

    Where quantity times price makes the amount of most lines, notes with a number or two between them are no lines;
    where the first line has a quantity or a price, sums below the lines, which have none, are none either.
    """
    whole = sum(item.is_whole for item in items)
    told = [item for item in items if "amount" in item.numbers]
    wanted: set[Role] = {"amount"} if told else {"quantity", "unit_price"}
    if whole and 2 * whole >= len(told):
        wanted = {"quantity", "unit_price", "amount"}
    is_counted = bool(told and _counts(told[0]))
    kept: list[Item] = []
    for item in items:
        if wanted <= set(item.numbers) and (_counts(item) or not is_counted):
            kept.append(item)
        elif kept:
            kept[-1].texts += item.texts
            kept[-1].rows += item.rows
    return kept


def _counts(item: Item) -> bool:
    return bool(set(item.numbers) & {"quantity", "unit_price"})
