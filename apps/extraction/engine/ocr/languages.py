"""Where Tesseract's language data lies: a configured folder first, then what the installed wheels brought."""

import sys
from collections.abc import Sequence
from pathlib import Path


def data_folders(extra: Path | None) -> list[Path]:
    """Where language data may lie: a configured folder first, then what the installed wheels brought."""
    folders = [extra] if extra else []
    folders.append(Path(sys.prefix) / "share" / "tessdata")
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
