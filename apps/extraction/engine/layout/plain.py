"""Blocks of a page that has text but no places: paragraphs parted by empty lines."""

import re

from apps.extraction.engine.types import Block, PageReading

_EMPTY_LINES = re.compile(r"\n\s*\n")


def plain_blocks(page: PageReading) -> list[Block]:
    """Return the blocks that a page has, or its paragraphs where nobody marked any; its figures come last."""
    if any(block.kind != "figure" for block in page.blocks):
        return page.blocks
    return [*paragraphs_of(page.text), *page.blocks]


def paragraphs_of(text: str) -> list[Block]:
    """Return the paragraphs of a text; their lines stay as they are, since nothing tells what they mean."""
    return [Block(kind="paragraph", text=part.strip()) for part in _EMPTY_LINES.split(text) if part.strip()]
