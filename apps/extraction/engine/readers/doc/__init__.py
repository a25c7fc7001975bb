"""DOC, the binary format of Word 6 to 2003: text with headings, tables, notes, comments, headers and footers."""

from apps.extraction.engine.readers.doc.document import open_document

__all__ = ["open_document"]
