"""The whole text of a laid-out page: layout takes headers and footers out of the text, some want them back."""

from apps.extraction.engine.types import PageReading


def with_edges(page: PageReading) -> str:
    """Return a page's text between its headers and its footers."""
    above = [block.text for block in page.blocks if block.kind == "header"]
    below = [block.text for block in page.blocks if block.kind in {"footer", "page_number"}]
    return "\n".join([*above, page.text, *below])
