"""The line items of a document: the tables with a head on its pages, and one value of all their lines."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from apps.extraction.engine.fields.embedded.values import decimal_text
from apps.extraction.engine.fields.lines.body import items_below, items_without_head, numbered
from apps.extraction.engine.fields.lines.grids import as_page
from apps.extraction.engine.fields.lines.headers import find_head
from apps.extraction.engine.fields.lines.items import Item
from apps.extraction.engine.fields.lines.rows import Row, rows_of
from apps.extraction.engine.fields.normalise.amounts import decimal_mark
from apps.extraction.engine.fields.support import bare, box_of, words_under
from apps.extraction.engine.fields.types import FieldReading, FieldsInput, LineItem
from apps.extraction.engine.types import PageReading

PRODUCER: Final = "line-items-1"
_TYPES: Final = frozenset({"invoice"})
_PLACES: Final = 2
_CENT: Final = Decimal("0.01")
_MOST_PAGES: Final = 60


def line_items(document: FieldsInput) -> list[FieldReading]:
    """Return the `line_items` of an invoice, nothing for other documents and for invoices without any."""
    if document.type_label not in _TYPES:
        return []
    pages = [page for page in document.pages[:_MOST_PAGES] if page.words]
    items = _items_on(pages) if pages else []
    if items:
        return [_value(items)]
    items = _items_on(_grids(document))
    return [msgspec.structs.replace(_value(items), box=None, words=[])] if items else []


def _items_on(pages: Sequence[PageReading]) -> list[Item]:
    """Return the items of all pages; shorter heads, then lines without one, count where no page has better ones."""
    mark = decimal_mark(page.text for page in pages)
    sheets = [rows_of(page, mark) for page in pages]
    for is_short in (False, True):
        items = [item for rows in sheets for item in _items_below_heads(rows, is_short=is_short)]
        if items:
            return items
    return [item for rows in sheets for item in items_without_head(rows)]


def _items_below_heads(rows: Sequence[Row], *, is_short: bool) -> Iterator[Item]:
    start = 0
    while (head := find_head(rows, start, is_short=is_short)) is not None:
        items, start = items_below(rows, head)
        yield from numbered(items)


def _grids(document: FieldsInput) -> list[PageReading]:
    """Return the tables of pages without words as pages of their own: such formats mark their tables themselves."""
    wordless = {page.number for page in document.pages if not page.words}
    return [as_page(table) for table in document.tables if table.page in wordless][:_MOST_PAGES]


def _value(items: Sequence[Item]) -> FieldReading:
    """Return the items as one value, which points at those on its first page."""
    page = items[0].rows[0].page
    words = [index for item in items for row in item.rows if row.page is page for index in row.words]
    whole = sum(item.is_whole for item in items)
    return FieldReading(
        key="line_items",
        value=[_line(item) for item in items],
        value_type="table",
        raw_text=_raw_text(items[0], page, words),
        method="rule",
        producer=PRODUCER,
        page=page.number,
        box=box_of(page.words[index] for index in words),
        words=words,
        checks=[f"note: quantity times price makes the amount in {whole} of {len(items)} lines"],
    )


def _raw_text(item: Item, page: PageReading, words: Sequence[int]) -> str:
    """Return the first line as printed, of words that stand together in the page's own order."""
    under = words_under(page.words, box_of(page.words[index] for index in words))
    text = " ".join(page.words[index].text for index in under)
    row = " ".join(item.rows[0].texts)
    first = next(iter(item.numbers.values()))
    return row if bare(row) in bare(text) else " ".join(page.words[index].text for index in first.words)


def _line(item: Item) -> LineItem:
    return LineItem(
        description=item.description,
        quantity=decimal_text(item.value("quantity")),
        unit_price=_money(item.value("unit_price")),
        amount=_money(_net_amount(item)),
        tax_rate=decimal_text(item.value("tax_rate")),
    )


def _net_amount(item: Item) -> Decimal | None:
    """Return the amount without tax, also where the page prints it with the line's tax."""
    quantity, price, amount, rate = (item.value(role) for role in ("quantity", "unit_price", "amount", "tax_rate"))
    if quantity is None or price is None or amount is None or not rate or item.is_whole:
        return amount
    net = (quantity * price).quantize(_CENT)
    return net if abs(net * (100 + rate) / 100 - amount) <= 2 * _CENT else amount


def _money(number: Decimal | None) -> str:
    return decimal_text(number, places=_PLACES)
