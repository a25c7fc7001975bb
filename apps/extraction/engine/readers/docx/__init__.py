"""DOCX: the body of a word-processing document with its headings, lists, tables, notes and comments."""

from apps.extraction.engine.readers.docx.document import open_document

__all__ = ["open_document"]
