"""Recognition of text in pictures."""

from apps.extraction.engine.ocr.languages import data_folders, find_languages
from apps.extraction.engine.ocr.options import OcrOptions
from apps.extraction.engine.ocr.page import PageRecogniser
from apps.extraction.engine.ocr.recognised import Recognised

__all__ = ["OcrOptions", "PageRecogniser", "Recognised", "data_folders", "find_languages"]
