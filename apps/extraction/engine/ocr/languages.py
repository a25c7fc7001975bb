"""Where Tesseract's language data lies: a configured folder first, then what the wheels and this package bring."""

import sys
from collections.abc import Sequence
from pathlib import Path

from apps.extraction.engine.ocr.language_codes import TESSERACT_NAMES

ORIENTATION = "osd"  # Tesseract's own name for its orientation and script data
_SHIPPED = Path(__file__).with_name("tessdata")


def data_folders(extra: Path | None) -> list[Path]:
    """Where language data may lie: a configured folder first, then what is installed, then what is shipped here."""
    folders = [extra] if extra else []
    folders += [Path(sys.prefix) / "share" / "tessdata", _SHIPPED]
    return [folder for folder in folders if folder.is_dir()]


def find_languages(wanted: Sequence[str], extra: Path | None) -> dict[str, Path]:
    """Return the data file of each wanted language that is installed, in the order wanted."""
    found = {}
    for language in wanted:
        for folder in data_folders(extra):
            path = folder / f"{language}.traineddata"
            if path.is_file():
                found[language] = path
                break
    return found


def two_letters(language: str) -> str:
    """Return the ISO 639-1 code of a language by Tesseract's name for it; empty where there is none."""
    return TESSERACT_NAMES.get(language.partition("_")[0], "")
