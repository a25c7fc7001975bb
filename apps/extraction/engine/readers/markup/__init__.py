"""From a tree of HTML to what a reader sees: the text, blocks, tables and links."""

from apps.extraction.engine.readers.markup.page import Markup, read_markup

__all__ = ["Markup", "read_markup"]
