"""Recognition of text in pictures."""

from apps.extraction.engine.ocr.languages import data_folders, find_languages
from apps.extraction.engine.ocr.tesseract import Recognised, Recogniser

__all__ = ["Recognised", "Recogniser", "data_folders", "find_languages"]
