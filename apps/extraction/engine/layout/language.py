"""The language of a text, by py3langid: its model is loaded when the first text asks for it."""

import re
from functools import cache
from typing import Any

_LEAST_LETTERS = 20
# The first look costs .1 ms; texts that it leaves open (names, references, two languages) get the longer one.
_LOOKS = (400, 3_000)  # characters
_LEAST_PROBABILITY = 0.9
_NO_LETTERS = re.compile(r"[\W\d_]+")
_NO_LANGUAGE = "zxx"


def language_of(text: str) -> str | None:
    """Return the ISO 639 code of a text's language, of two letters where there is one.

    None for a text of few letters, or one that could be of several languages.
    """
    for length in _LOOKS:
        start = max(0, min(len(text) // 3, len(text) - 2 * length))  # the top of a page is names and numbers
        sample = _NO_LETTERS.sub(" ", text[start : start + 2 * length]).strip()[:length]
        if len(sample) - sample.count(" ") < _LEAST_LETTERS:
            return None
        language, probability = _identifier().classify(sample.lower() if sample.isupper() else sample)
        if probability >= _LEAST_PROBABILITY:
            return None if language == _NO_LANGUAGE else str(language)
    return None


def forget_model() -> None:
    """Give the model's memory back until the next text asks for it."""
    _identifier.cache_clear()


@cache
def _identifier() -> Any:  # noqa: ANN401  (the library has no types)
    """Make the library's identifier of mapped arrays; of those of the automaton it takes one value at a time."""
    from py3langid.langid import LanguageIdentifier  # noqa: PLC0415  (with NumPy .1 s)

    from apps.extraction.engine.language_model import model_arrays  # noqa: PLC0415  (as above)

    model = model_arrays()
    steps, rows, output = (memoryview(model[name]) for name in ("nextmove", "nextmove_row", "out_feat"))  # type: ignore[arg-type]
    return LanguageIdentifier(
        model["ptc"], model["pc"], model["classes"].tolist(), steps, output, norm_probs=True, tk_row=rows
    )
