"""What a type is read from, out of laid-out pages."""

from apps.classification.engine.document_text import DocumentText
from apps.extraction.engine.types import Block, PageReading
from apps.pipeline.typed_text import typed_text


def test_passages_are_cut_from_bodies_and_words_counted_with_headers_and_footers() -> None:
    blocks = [
        Block(kind="page_number", text="Page 1"),
        Block(kind="paragraph", text="Dear Alice"),
        Block(kind="header", text="Bob & Sons"),
        Block(kind="footer", text="Registered in Cork"),
    ]
    first = PageReading(
        number=1, width=595, height=842, rotation=0, text="Dear Alice", text_source="native", blocks=blocks
    )
    second = PageReading(number=2, width=0, height=0, rotation=0, text="Regards", text_source="native")
    assert typed_text([first, second]) == DocumentText(
        bodies=["Dear Alice", "Regards"], text="Bob & Sons\nDear Alice\nPage 1\nRegistered in Cork\nRegards"
    )
