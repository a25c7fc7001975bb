"""RTF: paragraphs with headings and lists, tables, notes, comments, text boxes, embedded files."""

from apps.extraction.engine.readers.rtf.document import open_document

__all__ = ["open_document"]
