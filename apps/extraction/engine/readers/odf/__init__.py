"""OpenDocument: texts (ODT) as one body, presentations (ODP) as a logical page a slide."""

from apps.extraction.engine.readers.odf.document import open_document

__all__ = ["open_document"]
