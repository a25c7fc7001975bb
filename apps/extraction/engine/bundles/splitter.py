"""Where documents begin in a bundle: separator sheets by rule, other places by a small model of neighbouring pages."""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from apps.extraction.engine.bundles.features import FEATURES, features_between
from apps.extraction.engine.bundles.pages import PageView

WEIGHTS = Path(__file__).with_name("weights.json")


class Boundary(msgspec.Struct, frozen=True, kw_only=True):
    """A document begins with this page. The probability is null where no model was asked.

    That is where a separator sheet says so, or the printed numbers: "2 of 2" before "1 of 3".
    """

    page: int
    probability: float | None
    reason: Literal["separator", "numbering", "model"]


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """A logistic model, its scale fitted to sources it was not trained on; `card` tells from what and how well."""

    features: list[str]
    weights: list[float]
    bias: float
    alarm: float  # no single document of a held-out source but a few has a boundary this probable
    card: dict[str, object]


@cache
def shipped() -> Weights:
    """Return the model of this version; raises ValueError if its cues are not those of the code."""
    found = msgspec.json.decode(WEIGHTS.read_bytes(), type=Weights)
    if tuple(found.features) != FEATURES:
        raise ValueError(f"{WEIGHTS} was trained on other cues")
    return found


def probability(cues: Sequence[float], model: Weights) -> float:
    """Return how probable it is that a document begins here."""
    score = model.bias + sum(weight * cue for weight, cue in zip(model.weights, cues, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def boundaries(
    pages: Sequence[PageView], *, blank: frozenset[int], separators: frozenset[int], model: Weights
) -> list[Boundary]:
    """Return the boundaries between the pages, blank sheets and separators aside, those that are improbable included.

    The first page that is neither is where the first document begins; it is no boundary.
    """
    found: list[Boundary] = []
    before: PageView | None = None
    skipped_blank = skipped_separator = False
    for page in pages:
        if page.number in separators:
            skipped_separator = True
            continue
        if page.number in blank:
            skipped_blank = True
            continue
        if before is not None:
            found.append(_boundary(before, page, model, blank=skipped_blank, separated=skipped_separator))
        before, skipped_blank, skipped_separator = page, False, False
    return found


def _boundary(before: PageView, page: PageView, model: Weights, *, blank: bool, separated: bool) -> Boundary:
    if separated:
        return Boundary(page=page.number, probability=None, reason="separator")
    if _is_numbered_anew(before, page):
        return Boundary(page=page.number, probability=None, reason="numbering")
    cues = features_between(before, page, blank_between=blank)
    return Boundary(page=page.number, probability=round(probability(cues, model), 4), reason="model")


def _is_numbered_anew(before: PageView, page: PageView) -> bool:
    """Whether a page is printed as the last of its document and the next one as the first of its own.

    The model gives such places too little: hardly any document it learned from is numbered with a total.
    """
    last, first = before.numbering, page.numbering
    return (
        last is not None
        and first is not None
        and first.count is not None
        and last.number == last.count
        and first.number == 1
    )


def is_alarming(found: Sequence[Boundary], model: Weights) -> bool:
    """Tell whether a person should look: a sheet, numbers that begin anew, or a place likelier than in one document."""
    return any(each.probability is None or each.probability >= model.alarm for each in found)
