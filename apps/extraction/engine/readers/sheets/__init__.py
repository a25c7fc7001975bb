"""Spreadsheets: XLSX, XLSB, XLS and ODS."""

from apps.extraction.engine.readers.sheets.workbook import open_document

__all__ = ["open_document"]
