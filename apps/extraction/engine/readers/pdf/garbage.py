"""Whether a text layer says what the page shows, told from its letters alone."""

import numpy as np
from numpy.typing import NDArray

from apps.extraction.engine.readers.pdf import characters as kind

_MOST_CODES = 0.3


def is_garbage(units: NDArray[np.uint16], kinds: NDArray[np.uint8]) -> bool:
    """Whether a page's text is mostly codes that stand for no letter."""
    letters = np.count_nonzero((kinds & kind.BLANK) == 0)
    return bool(letters and np.count_nonzero(kinds & kind.GARBAGE) > _MOST_CODES * letters)
