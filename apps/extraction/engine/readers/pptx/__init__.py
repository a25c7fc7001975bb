"""PPTX: each slide a logical page with its title, lists, tables, charts, speaker's notes and comments."""

from apps.extraction.engine.readers.pptx.document import open_document

__all__ = ["open_document"]
