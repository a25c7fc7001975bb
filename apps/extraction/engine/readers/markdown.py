"""Markdown: rendered to HTML and read as a page, so that its marks become headings, lists and tables."""

import re

from markdown_it import MarkdownIt

from apps.extraction.engine.readers import plain_text
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.readers.decoding import decode
from apps.extraction.engine.readers.html import document_of
from apps.extraction.engine.readers.markup import read_markup
from apps.extraction.engine.text import clean

_LONGEST = 1_500_000  # characters, some ten seconds: what is longer is read as plain text
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)
# Recognisers that write Markdown leave the kind and place of each block between marks of their own.
_GROUNDING = re.compile(r"<\|(ref|det)\|>.{0,500}?<\|/\1\|>")


def open_document(source: Source) -> OpenDocument:
    """Read the text as it is meant to be seen; the title of a front matter becomes metadata."""
    text = _GROUNDING.sub("", clean(decode(source.path.read_bytes())))
    if len(text) > _LONGEST:
        return plain_text.open_document(source)
    metadata: dict[str, object] = {}
    front = _FRONT_MATTER.match(text)
    if front:
        text = f"```\n{front[1]}\n```\n\n{text[front.end() :]}"
        if title := _TITLE.search(front[1]):
            metadata["title"] = title[1]
    rendered = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    page = read_markup(rendered)
    if not page.text:  # nested more deeply than the library follows
        return plain_text.open_document(source)
    return document_of(source, page, metadata)
