"""Recognition of text in pictures. The recogniser itself (`page.py`) is imported by who recognises: it brings NumPy."""

from apps.extraction.engine.ocr.languages import data_folders, find_languages
from apps.extraction.engine.ocr.options import OcrOptions

__all__ = ["OcrOptions", "data_folders", "find_languages"]
