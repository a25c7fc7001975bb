"""The language of a text, by py3langid: its model (76 MB) is loaded when the first text asks for it."""

import re
from functools import cache
from typing import Any

_LEAST_LETTERS = 20
_LOOKED_AT = 400  # characters: .1 ms; more of them make no page clearer
_LEAST_PROBABILITY = 0.9
_NO_LETTERS = re.compile(r"[\W\d_]+")


def language_of(text: str) -> str | None:
    """Return the two-letter code of a text's language; None for a text of few letters, or one that could be several."""
    start = max(0, min(len(text) // 3, len(text) - 2 * _LOOKED_AT))  # the top of a page is names and numbers
    sample = _NO_LETTERS.sub(" ", text[start : start + 2 * _LOOKED_AT]).strip()[:_LOOKED_AT]
    if len(sample) - sample.count(" ") < _LEAST_LETTERS:
        return None
    language, probability = _identifier().classify(sample.lower() if sample.isupper() else sample)
    return str(language) if probability >= _LEAST_PROBABILITY else None


@cache
def _identifier() -> Any:  # noqa: ANN401  (the library has no types)
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  (.5 s and 76 MB)

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
