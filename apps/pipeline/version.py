"""Which program made a reading."""

from typing import Final

VERSION: Final = "0.1.0"
PRODUCER: Final = f"docintel {VERSION}"
