"""Bundles made of single documents, to train on and to measure: shuffled, some of one sender, some with blanks."""

import random
import string
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from msgspec import structs

from apps.extraction.engine.bundles.features import features_between
from apps.extraction.engine.bundles.pages import PageView

_MOST_DOCUMENTS = 10
_NOISY = 0.5  # share of the bundles whose words are misread as recognition does
_MISREAD = 0.02  # of the letters
_LOST = 0.03  # of the words


@dataclass(frozen=True)
class SingleDocument:
    """A document's pages and where it comes from."""

    name: str
    source: str
    pages: Sequence[PageView]


@dataclass(frozen=True)
class Place:
    """A place between two pages: its cues, whether a document begins there, and the bundle it is in."""

    cues: list[float]
    begins: bool
    bundle: int
    is_single: bool


Variants = tuple[SingleDocument, SingleDocument]
"""A document as it is, and as recognition misreads it."""


def variants_of(documents: Sequence[SingleDocument], *, seed: int) -> list[Variants]:
    """Return every document with its misread copy, made once: what is worked out of a page is kept with it."""
    chance = random.Random(seed)  # noqa: S311  (noise, no secret)
    return [
        (each, SingleDocument(each.name, each.source, [_misread(page, chance) for page in each.pages]))
        for each in documents
    ]


def generate(documents: Sequence[Variants], *, count: int, seed: int) -> list[Place]:
    """Make bundles and return all their places; a quarter are single documents, half of the others of one source."""
    chance = random.Random(seed)  # noqa: S311  (a shuffle, no secret)
    by_source: dict[str, list[Variants]] = {}
    for document in documents:
        by_source.setdefault(document[0].source, []).append(document)
    several = [document for document in documents if len(document[0].pages) > 1]
    places: list[Place] = []
    for bundle in range(count):
        if chance.random() < 0.25 and several:
            chosen = [chance.choice(several)]
        else:
            pool = documents if chance.random() < 0.5 else by_source[chance.choice(sorted(by_source))]
            chosen = chance.sample(list(pool), min(len(pool), chance.randint(2, _MOST_DOCUMENTS)))
        places += _places(chosen, bundle, chance)
    return places


def _places(chosen: Sequence[Variants], bundle: int, chance: random.Random) -> list[Place]:
    variant = int(chance.random() < _NOISY)
    blanks = chance.choices(("none", "between", "anywhere"), (0.75, 0.15, 0.1))[0]
    pages = [(page, place == 0) for document in chosen for place, page in enumerate(document[variant].pages)]
    found = []
    for (before, _), (after, begins) in pairwise(pages):
        blank = begins if blanks == "between" else blanks == "anywhere" and chance.random() < 0.5
        cues = features_between(before, after, blank_between=blank)
        found.append(Place(cues, begins, bundle, len(chosen) == 1))
    return found


def _misread(page: PageView, chance: random.Random) -> PageView:
    words = [
        structs.replace(word, text="".join(_letter(each, chance) for each in word.text))
        for word in page.words
        if chance.random() >= _LOST
    ]
    return PageView(page.number, page.width, page.height, words)


def _letter(letter: str, chance: random.Random) -> str:
    return chance.choice(string.ascii_letters + string.digits) if chance.random() < _MISREAD else letter
