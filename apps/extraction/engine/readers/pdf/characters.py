"""What kind each UTF-16 unit is, looked up for a whole page at once."""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from apps.extraction.engine.readers.pdf.hyphens import LINE_HYPHEN
from apps.extraction.engine.text import is_clean, is_garbage_code

BLANK = 1
HYPHEN = 2  # at a line's end
UNCLEAN = 4  # has to be cleaned before it is shown
GARBAGE = 8
RIGHT_TO_LEFT = 16
SURROGATE = 32

_RIGHT_TO_LEFT_BLOCKS = ((0x0590, 0x08FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFC))


@cache
def kinds() -> NDArray[np.uint8]:
    """Return the kinds of all 65,536 units, as bits; made once a process in some 25 ms."""
    table = np.zeros(0x10000, dtype=np.uint8)
    characters = [chr(code) for code in range(0x10000)]
    table[[bool(re.match(r"\s", each)) for each in characters]] |= BLANK
    table[ord(LINE_HYPHEN)] |= HYPHEN
    table[[not is_clean(each) and each != LINE_HYPHEN for each in characters]] |= UNCLEAN
    table[[is_garbage_code(each) for each in characters]] |= GARBAGE
    for first, last in _RIGHT_TO_LEFT_BLOCKS:
        table[first : last + 1] |= RIGHT_TO_LEFT
    table[0xD800:0xE000] |= SURROGATE
    return table
