"""What spoke for a document's type, as its page shows it."""

from dataclasses import dataclass
from typing import Final

from apps.classification.models import Prediction
from apps.documents.models import Page

_MOST_CHARACTERS: Final = 420


@dataclass(frozen=True)
class Reason:
    """A word or a passage, and how strongly it speaks: percent of the strongest of its kind. `page` is a passage's."""

    text: str
    strength: int
    page: int | None = None


@dataclass(frozen=True)
class Why:
    """The words and the passages that spoke for a type, strongest first."""

    words: list[Reason]
    passages: list[Reason]


def why_of(prediction: Prediction) -> Why | None:
    """Return what was kept with a prediction; None where nothing was."""
    words = prediction.explanation.get("words", [])
    places = prediction.explanation.get("passages", [])
    if not words and not places:
        return None
    texts = _texts(prediction, {place["page"] for place in places})
    most = max((weight for _, weight in words), default=0.0) or 1.0  # kept to three digits, all may be nought
    strongest = max((place["weight"] for place in places), default=0.0) or 1.0
    return Why(
        words=[Reason(_readable(word), round(100 * weight / most)) for word, weight in words],
        passages=[
            Reason(
                _shortened(texts[place["page"]][place["start"] : place["end"]]),
                round(100 * place["weight"] / strongest),
                place["page"],
            )
            for place in places
            if place["page"] in texts
        ],
    )


def _readable(word: str) -> str:
    """Say in words what the model sees of a number: how many digits it has."""
    digits = word.removeprefix("#")
    if digits == word:
        return word
    return "a single digit" if digits == "1" else f"a number of {digits} digits" + (" or more" if digits == "5" else "")


def _texts(prediction: Prediction, numbers: set[int]) -> dict[int, str]:
    pages = Page.objects.filter(reading_id=prediction.reading_id, number__in=numbers)
    return dict(pages.values_list("number", "text"))


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _MOST_CHARACTERS else words[:_MOST_CHARACTERS].rsplit(" ", 1)[0] + " …"
