"""How text in pictures is to be recognised, as it is handed to the reading process."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import msgspec

from apps.extraction.engine.ocr.languages import ORIENTATION, find_languages


class OcrOptions(msgspec.Struct, frozen=True, kw_only=True):
    """`data` is each language's data file by its name, the one to read with first at the front.

    `orientation` is the data file by which a page's upper edge is found; with `accurate` what Tesseract reads badly
    is read again by the slower engine.
    """

    data: dict[str, str] = {}
    orientation: str | None = None
    accurate: bool = True

    @classmethod
    def of(cls, *, languages: Sequence[str], extra: Path | None, accurate: bool) -> Self:
        """Return the options with those of the languages that are installed or lie in the folder `extra`."""
        orientation = find_languages([ORIENTATION], extra).get(ORIENTATION)
        return cls(
            data={language: str(path) for language, path in find_languages(languages, extra).items()},
            orientation=str(orientation) if orientation else None,
            accurate=accurate,
        )
