"""Layout: blocks of pages in reading order, what returns on their edges, their language, and the text of the body."""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence

from msgspec import structs

from apps.extraction.engine.layout.blocks import grouped, laid_out
from apps.extraction.engine.layout.drafts import Draft, draft_of
from apps.extraction.engine.layout.figures import figures_in, kept_figures, returning_boxes, with_figures
from apps.extraction.engine.layout.language import language_of
from apps.extraction.engine.layout.margins import keep_letter_heads, mark_margins
from apps.extraction.engine.layout.order import restore_order
from apps.extraction.engine.layout.plain import plain_blocks
from apps.extraction.engine.layout.repeats import mark_repeats
from apps.extraction.engine.layout.rewriting import rewritten
from apps.extraction.engine.types import Box, PageReading, TableReading

PAGES_AT_ONCE = 64
PAGES_BEFORE = 6  # pages that are laid out once more, since headers and footers are told by the pages near by
_MOST_WORDS = 20_000  # a page with more is a drawing or an attack: it stays as it is


def lay_out(pages: Sequence[PageReading], tables: Sequence[TableReading]) -> list[PageReading]:
    """Return neighbouring pages of one document with blocks, language, and the text of their bodies in reading order.

    All words are kept. Pages whose format marks its blocks keep them. What was laid out before may be given again.
    """
    of_page: dict[int, list[TableReading]] = defaultdict(list)
    for table in tables:
        of_page[table.page].append(table)
    worth_it = (page for page in pages if 0 < len(page.words) <= _MOST_WORDS and page.width > 0 and page.height > 0)
    drafts = {page.number: _draft(page, of_page[page.number]) for page in worth_it}
    mark_repeats(list(drafts.values()))
    returning = returning_boxes(pages)
    return [_finished(page, drafts.get(page.number), returning) for page in pages]


def lay_out_document(pages: Sequence[PageReading], tables: Sequence[TableReading]) -> Iterator[PageReading]:
    """Yield all pages of a document laid out; only some are worked on at a time, so that memory stays flat."""
    for start in range(0, len(pages), PAGES_AT_ONCE):
        before = pages[max(0, start - PAGES_BEFORE) : start]
        here = [*before, *pages[start : start + PAGES_AT_ONCE]]
        numbers = {page.number for page in here}
        yield from lay_out(here, [table for table in tables if table.page in numbers])[len(before) :]


def _draft(page: PageReading, tables: Sequence[TableReading]) -> Draft:
    draft = draft_of(page, tables)
    mark_margins(draft)
    return draft


def _finished(page: PageReading, draft: Draft | None, returning: Container[Box]) -> PageReading:
    if draft is None:
        language = page.language or language_of(page.text)
        return structs.replace(page, blocks=plain_blocks(page), language=language)
    keep_letter_heads(draft)
    restore_order(draft)
    groups = grouped(draft)
    text = rewritten(draft, groups)
    figures = kept_figures(figures_in(page.blocks), page.words, draft.tables, returning)
    blocks = with_figures(laid_out(draft, groups, is_first=page.number == 1), figures)
    language = page.language or language_of(text)
    return structs.replace(page, text=text, words=draft.words_in_order(), blocks=blocks, language=language)
