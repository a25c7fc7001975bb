"""What stands around a candidate: labels left of it and above it, and parts of words that say something."""

import re
from functools import cache
from typing import TypeAlias

from apps.extraction.engine.fields.ranking.candidates import Candidate
from apps.extraction.engine.fields.ranking.labels import lexicon
from apps.extraction.engine.fields.ranking.sheet import PIECES_ABOVE, Piece

_PIECES_LEFT = 3
Known: TypeAlias = dict[tuple[int, int, int], dict[int, float]]  # by a candidate's first piece and its words there
_SECTIONS = ("seller", "buyer", "delivery_party", "bank")


@cache
def names() -> tuple[str, ...]:
    """Return the names of the values that `around` gives."""
    concepts, stems = lexicon().concepts, lexicon().stem_names
    return (
        *(f"left:{name}" for name in concepts),
        *(f"above:{name}" for name in concepts),
        *(f"within:{name}" for name in concepts),
        *(f"left~{name}" for name in stems),
        *(f"above~{name}" for name in stems),
        *(f"section:{name}" for name in _SECTIONS),
        "left:nearest", "above:nearest", "left:colon", "left:words", "above:rows",
    )  # fmt: skip


@cache
def _places() -> dict[str, dict[str, int]]:
    """Return, for `left:` and the like, the place of each label or stem among the names."""
    found: dict[str, dict[str, int]] = {}
    for place, name in enumerate(names()):
        kind, mark, about = re.split("([:~])", name)
        found.setdefault(kind + mark, {})[about] = place
    return found


def around(candidate: Candidate, known: Known | None = None) -> dict[int, float]:
    """Return how near each label is, from 0 (not there) to 1 (next to it), and which stems are near.

    By places among the `names`; hardly any of them is there, and what is 0 is left out. `known` remembers what is
    beside candidates that have their first line's words in common, as runs of lines have.
    """
    known = {} if known is None else known
    place = (id(candidate.piece), candidate.first, candidate.last)
    if place not in known:
        known[place] = _beside(candidate)
    within = _places()["within:"]
    return {**known[place], **{within[name]: near for name, near in _within(candidate).items()}}


def _beside(candidate: Candidate) -> dict[int, float]:
    left, left_stems, colon, words = _left(candidate)
    above, above_stems, rows = _above(candidate)
    places = _places()
    told: dict[str, dict[str, float]] = {
        "left:": {**left, "nearest": max(left.values(), default=0.0), "colon": colon, "words": words},
        "above:": {**above, "nearest": max(above.values(), default=0.0), "rows": rows},
        "left~": dict.fromkeys(left_stems, 1.0),
        "above~": dict.fromkeys(above_stems, 1.0),
        "section:": _section(candidate),
    }
    return {places[kind][name]: near for kind, values in told.items() for name, near in values.items()}


def _left(candidate: Candidate) -> tuple[dict[str, float], frozenset[str], float, float]:
    """Return labels before a candidate in its row, the stems of the text before it, whether a colon leads to it."""
    piece, first = candidate.piece, candidate.first
    found: dict[str, float] = {}
    for mention in piece.mentions:
        if mention.last <= first or (mention.first < first < mention.last + 1):
            distance = _words(piece, mention.last, first)
            found[mention.concept] = max(found.get(mention.concept, 0.0), 1 / (1 + 0.5 * distance))
    before = " ".join(piece.texts[:first])
    stems = lexicon().stems(before + " ") if before else frozenset()
    other, step = piece.left, 0
    while other is not None and step < _PIECES_LEFT:
        for mention in other.mentions:
            behind = _words(other, mention.last, len(other.texts))
            near = 1 / (1.4 + 0.6 * step + 0.5 * behind + 0.5 * min(_words(piece, 0, first), 4))
            found[mention.concept] = max(found.get(mention.concept, 0.0), near)
        if not sum(map(str.isalnum, before)):
            stems = other.stems
            before = other.text
        other, step = other.left, step + 1
    colon = float(before.rstrip().endswith((":", "#", "-", "=")))
    return found, stems, colon, float(min(first, 9))


def _words(piece: Piece, first: int, last: int) -> int:
    """Return how many words of a piece, points and colons aside, stand between two places."""
    return sum(any(map(str.isalnum, text)) for text in piece.texts[first:last])


def _above(candidate: Candidate) -> tuple[dict[str, float], frozenset[str], float]:
    """Return labels above a candidate's own width, the stems of the nearest text above, how many rows up it is."""
    x0, x1 = candidate.x_range
    slack = 0.5 * candidate.piece.height
    found: dict[str, float] = {}
    stems: frozenset[str] = frozenset()
    rows = 0.0
    for piece, up in candidate.piece.above[:PIECES_ABOVE]:
        if piece.x0 - slack >= x1 or x0 >= piece.x1 + slack:
            continue
        words = [place for place, box in enumerate(piece.boxes) if box[0] - slack < x1 and x0 < box[2] + slack]
        if not words:
            continue
        if not rows and sum(map(str.isalpha, piece.text)) > 2:
            rows = float(up)
            stems = lexicon().stems(" ".join(piece.texts[max(0, words[0] - 1) : words[-1] + 2]))
        for mention in piece.mentions:
            if mention.first <= words[-1] and words[0] < mention.last:
                found.setdefault(mention.concept, 1 / (1 + 0.3 * (up - 1)))
    return found, stems, rows


def _within(candidate: Candidate) -> dict[str, float]:
    """Return labels that the candidate's own words are part of: a name that is a label is none."""
    found: dict[str, float] = {}
    for piece, first, last in candidate.parts:
        for mention in piece.mentions:
            shared = min(last, mention.last) - max(first, mention.first)
            if shared > 0:
                found[mention.concept] = max(found.get(mention.concept, 0.0), shared / (last - first))
    return found


def _section(candidate: Candidate) -> dict[str, float]:
    """Return the nearest of the headings of parties above a candidate or the label left of it."""
    own = candidate.piece.headings
    other = candidate.piece.left.headings if candidate.piece.left else own
    rows = {name: [each[name] for each in (own, other) if name in each] for name in _SECTIONS}
    found = {name: 1 / (1 + 0.15 * (min(up) - 1)) for name, up in rows.items() if up}
    best = max(found.values(), default=0.0)
    return {name: near if near == best else -near for name, near in found.items()}
