"""Headers and footers of word-processing documents."""

from collections.abc import Sequence

from msgspec import structs

from apps.extraction.engine.readers.base import text_of
from apps.extraction.engine.types import Block


def with_margins(headers: Sequence[Block], body: Sequence[Block], footers: Sequence[Block]) -> list[Block]:
    """Return all blocks of a document; one that has text in its margins alone has them for its body."""
    if not text_of(body).strip():
        return [*(structs.replace(block, kind="paragraph") for block in (*headers, *footers)), *body]
    return [*headers, *body, *footers]
