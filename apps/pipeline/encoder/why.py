"""Why a document looks like its type, in a form that is kept with the prediction and shown on its page."""

from collections.abc import Sequence
from typing import Any, Final

from apps.classification.engine.correction import Explanation, WorkspaceHead
from apps.classification.engine.labels import OTHER
from apps.pipeline.encoder.typist import Seen
from apps.search.selectors import StoredPassage

MOST_WORDS: Final = 10
MOST_PASSAGES: Final = 3
# A share of the strongest reason; what says less is left out.
_LEAST: Final = 0.05


def explained(head: WorkspaceHead, seen: Seen, label: str) -> dict[str, Any]:
    """Return `{"words": [[word, weight]], "passages": [{"page", "start", "end", "weight"}]}`, the strongest first.

    Weights are in units of the type's score (see `Explanation`). Empty for `other`: nothing speaks for that.
    """
    if label == OTHER:
        return {}
    why = head.explain_by(seen.features(head.base), seen.vectors, seen.text, label, most=MOST_WORDS)
    return {"words": _words(why), "passages": _passages(why, seen.passages)}


def _words(why: Explanation) -> list[list[object]]:
    strongest = max((weight for _, weight in why.words), default=0.0)
    return [[word, round(weight, 3)] for word, weight in why.words if weight > max(0.0, strongest * _LEAST)]


def _passages(why: Explanation, passages: Sequence[StoredPassage]) -> list[dict[str, object]]:
    found = [(passages[number], weight) for number, weight in why.passages[:MOST_PASSAGES] if weight > 0]
    return [
        {"page": passage.page, "start": passage.start, "end": passage.end, "weight": round(weight, 3)}
        for passage, weight in found
    ]
