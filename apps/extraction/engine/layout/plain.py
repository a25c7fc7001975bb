"""Blocks of a page that has text but no places: paragraphs parted by empty lines."""

import re

from apps.extraction.engine.types import Block

_EMPTY_LINES = re.compile(r"\n\s*\n")


def paragraphs_of(text: str) -> list[Block]:
    """Return the paragraphs of a text; their lines stay as they are, since nothing tells what they mean."""
    return [Block(kind="paragraph", text=part.strip()) for part in _EMPTY_LINES.split(text) if part.strip()]
