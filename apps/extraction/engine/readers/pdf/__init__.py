"""PDF through pdfium: text, word boxes, pictures and ruling lines."""

from apps.extraction.engine.readers.pdf.document import PdfFile, open_document

__all__ = ["PdfFile", "open_document"]
