"""Pictures and drawings among the blocks of a page: which of them are figures, where they stand, and their captions."""

from collections import Counter
from collections.abc import Container, Sequence

from msgspec import structs

from apps.extraction.engine.types import Block, Box, PageReading, TableReading, Word

# Bounds of caution, checked on generated pages only.
_MOST_TEXT = 0.3  # share of a figure's area that words may take: more is a background or a frame around text
_MOST_TABLE = 0.5  # share of a figure's area that lies in one table
_CAPTION_GAP = 0.05  # of the page's height, between a figure and its caption


def figures_in(blocks: Sequence[Block]) -> list[Block]:
    """Return the figures among blocks."""
    return [block for block in blocks if block.kind == "figure"]


def returning_boxes(pages: Sequence[PageReading]) -> set[Box]:
    """Return the places where several pages show a figure: logos and ornaments."""
    counts = Counter(_nearly(block.box) for page in pages for block in figures_in(page.blocks) if block.box)
    return {box for box, count in counts.items() if count > 1}


def kept_figures(
    figures: Sequence[Block], words: Sequence[Word], tables: Sequence[TableReading], returning: Container[Box]
) -> list[Block]:
    """Return the figures that are neither backgrounds of text nor the lines of a table, and do not return."""
    return [
        figure
        for figure in figures
        if figure.box
        and _nearly(figure.box) not in returning
        and sum(_shared(figure.box, (word.x0, word.y0, word.x1, word.y1)) for word in words) <= _MOST_TEXT
        and all(_shared(figure.box, table.box) <= _MOST_TABLE for table in tables if table.box)
    ]


def with_figures(blocks: Sequence[Block], figures: Sequence[Block]) -> list[Block]:
    """Return the blocks in reading order with the figures among them.

    A figure stands beside its caption, which says by its place among the page's figures which one it is of; without
    one it stands before the first block of its column that lies lower.
    """
    placed = list(blocks)
    for number, figure in enumerate(figures):
        caption = _caption_of(figure, placed)
        if caption is None:
            placed.insert(_place(figure, placed), figure)
            continue
        at = placed.index(caption)
        placed[at] = structs.replace(caption, figure=number)
        placed.insert(at if _is_below(caption, figure) else at + 1, figure)
    return placed


def _nearly(box: Box) -> Box:
    x0, y0, x1, y1 = (round(value, 2) for value in box)
    return (x0, y0, x1, y1)


def _caption_of(figure: Block, blocks: Sequence[Block]) -> Block | None:
    """Return the nearest caption right under or over a figure that belongs to no other one."""
    free = [block for block in blocks if block.kind == "caption" and block.figure is None and block.box]
    near = [(_gap(figure, block), place) for place, block in enumerate(free) if _beside(figure, block)]
    gap, place = min(near, default=(1.0, 0))
    return free[place] if gap <= _CAPTION_GAP else None


def _place(figure: Block, blocks: Sequence[Block]) -> int:
    box = figure.box or (0.0, 0.0, 0.0, 0.0)
    last = 0
    for place, block in enumerate(blocks):
        if block.box is None or block.kind == "header":
            last = place + 1
        elif _beside(figure, block):
            if block.box[1] >= (box[1] + box[3]) / 2:
                return place
            last = place + 1
    return last


def _beside(figure: Block, block: Block) -> bool:
    """Whether two blocks share a part of the page's width."""
    return bool(figure.box and block.box and figure.box[0] < block.box[2] and block.box[0] < figure.box[2])


def _is_below(caption: Block, figure: Block) -> bool:
    return bool(caption.box and figure.box and caption.box[1] + caption.box[3] > figure.box[1] + figure.box[3])


def _gap(figure: Block, block: Block) -> float:
    """Return the distance between two blocks one over the other."""
    if not (figure.box and block.box):
        return 1.0
    return max(0.0, block.box[1] - figure.box[3], figure.box[1] - block.box[3])


def _shared(box: Box, other: Box) -> float:
    """Return the share of a box that lies in another one."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    width = min(box[2], other[2]) - max(box[0], other[0])
    height = min(box[3], other[3]) - max(box[1], other[1])
    return max(0.0, width) * max(0.0, height) / area if area > 0 else 0.0
