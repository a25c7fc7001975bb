"""From an engine's own score of a word to the probability that the word is right.

Fitted on the words of 31 photographed receipts, every other one of those with a transcript by hand (3,330 words of
RapidOCR, 3,410 of Tesseract); a word is right when the transcript has it.
"""

from bisect import bisect_right

# Score and share of right words around it. On the other 31 receipts (3,230 and 3,238 words) the mean difference
# between probability and share, over ten equal bins weighted by words, is .008 and .010; that of raw scores .037, .044.
_KNOTS: dict[str, list[tuple[float, float]]] = {
    "rapidocr": [
        (0.0, 0.0),
        (0.60, 0.38),
        (0.75, 0.55),
        (0.90, 0.69),
        (0.96, 0.85),
        (0.98, 0.94),
        (0.995, 0.965),
        (1.0, 0.99),
    ],
    "tesseract": [
        (0.0, 0.2),
        (0.20, 0.29),
        (0.40, 0.49),
        (0.60, 0.64),
        (0.75, 0.72),
        (0.85, 0.87),
        (0.925, 0.96),
        (0.96, 0.997),
        (1.0, 0.997),
    ],
}


def probability(engine: str, score: float) -> float:
    """Return the probability that a word with that score of an engine is right."""
    knots = _KNOTS[engine]
    index = min(max(bisect_right(knots, (score, 2.0)), 1), len(knots) - 1)
    (left, low), (right, high) = knots[index - 1], knots[index]
    share = min(1.0, max(0.0, (score - left) / (right - left)))
    return round(low + (high - low) * share, 3)
