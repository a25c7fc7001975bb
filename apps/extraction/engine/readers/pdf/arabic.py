"""Arabic ligatures that come out of pdfium back to front."""

import numpy as np
from numpy.typing import NDArray
from pypdfium2 import raw

from apps.extraction.engine.readers.pdf.boxes import loose_boxes

_LAM = 0x0644
_ALEFS = (0x0622, 0x0623, 0x0625, 0x0627)


def turned_ligatures(text_page: raw.FPDF_TEXTPAGE, units: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Return the units with "alef, lam" turned to "lam, alef" where both come from one glyph.

    Pdfium turns each line of right-to-left text around, character by character; but the two letters that a font gives
    for its lam-alef glyph are in the order of reading already. They are told by having the same place.
    """
    places = np.flatnonzero(np.isin(units[:-1], _ALEFS) & (units[1:] == _LAM))
    if not len(places):
        return units
    rows, known = loose_boxes(text_page, [*places.tolist(), *(places + 1).tolist()], 2 * len(places))
    half = len(places)
    same = known[:half] & known[half:] & (rows[:half] == rows[half:]).all(axis=1)
    turned = units.copy()
    turned[places[same]], turned[places[same] + 1] = units[places[same] + 1], units[places[same]]
    return turned
