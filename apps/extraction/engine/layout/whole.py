"""The whole text of a laid-out page: layout takes headers and footers out of the text, some want them back."""

from collections.abc import Sequence

from apps.extraction.engine.types import PageReading


def with_edges(page: PageReading) -> str:
    """Return a page's text between its headers and its footers."""
    return between_edges(page.text, [(block.kind, block.text) for block in page.blocks])


def between_edges(text: str, blocks: Sequence[tuple[str, str]]) -> str:
    """Return a page's text between those of its blocks, given as (kind, text), that are headers or footers."""
    above = [words for kind, words in blocks if kind == "header"]
    below = [words for kind, words in blocks if kind in {"footer", "page_number"}]
    return "\n".join([*above, text, *below])
