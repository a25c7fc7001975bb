"""Plain text, Markdown and other formats that are text already."""

from apps.extraction.engine.readers.base import Source, TextDocument
from apps.extraction.engine.readers.decoding import decode
from apps.extraction.engine.text import clean

PART_CHARACTERS = 100_000  # longer texts are cut into several logical pages, so that no page is unbounded


def open_document(source: Source) -> TextDocument:
    """Read the whole text; form feeds and a length limit divide it into logical pages."""
    text = decode(source.path.read_bytes())
    parts = [part for page in text.split("\f") for part in in_parts(clean(page))]
    return TextDocument(source, [part for part in parts if part.strip()], {})


def in_parts(text: str) -> list[str]:
    """Return the text in parts of at most PART_CHARACTERS, cut at a line's or a word's end where there is one."""
    parts = []
    start = 0
    while len(text) - start > PART_CHARACTERS:
        end = start + PART_CHARACTERS
        cut = max(text.rfind("\n", start, end), start)
        if cut <= start:
            cut = max(text.rfind(" ", start, end), start)
        cut = cut + 1 if cut > start else end
        parts.append(text[start:cut])
        start = cut
    parts.append(text[start:])
    return parts
