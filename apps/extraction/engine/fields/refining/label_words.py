"""The words that stand left of a candidate and above it, whatever they say: how a label nobody foresaw is learned."""

import zlib
from collections.abc import Iterable

from apps.extraction.engine.fields.ranking.candidates import Candidate
from apps.extraction.engine.fields.ranking.sheet import Piece

BUCKETS = 256  # for each side; words are known by a hash, so that what was learned holds no text
SIDES = 2
_MOST_WORDS = 4
_PIECES_LEFT = 2
_PIECES_ABOVE = 24
_SHORTEST = 2


def words_beside(candidate: Candidate) -> tuple[int, ...]:
    """Return the buckets of the four words before a candidate in its row, and of those of the nearest text above."""
    left = {_bucket(word) for word in _left(candidate)}
    above = {BUCKETS + _bucket(word) for word in _above(candidate)}
    return (*sorted(left), *sorted(above))


def _left(candidate: Candidate) -> list[str]:
    piece: Piece | None = candidate.piece
    found = _words(candidate.piece.texts[: candidate.first])
    for _ in range(_PIECES_LEFT):
        piece = piece.left if piece is not None else None
        if piece is None or len(found) >= _MOST_WORDS:
            break
        found = [*_words(piece.texts), *found]
    return found[-_MOST_WORDS:]


def _above(candidate: Candidate) -> list[str]:
    x0, x1 = candidate.x_range
    slack = 0.5 * candidate.piece.height
    for piece, _ in candidate.piece.above[:_PIECES_ABOVE]:
        near = zip(piece.texts, piece.boxes, strict=True)
        found = _words(text for text, box in near if box[0] - slack < x1 and x0 < box[2] + slack)
        if found:
            return found[:_MOST_WORDS]
    return []


def _words(texts: Iterable[str]) -> list[str]:
    """Return the letters of words in lower case; numbers and single letters say nothing of a label."""
    bare = ("".join(filter(str.isalpha, text.lower())) for text in texts)
    return [word for word in bare if len(word) >= _SHORTEST]


def _bucket(word: str) -> int:
    return zlib.crc32(word.encode()) % BUCKETS
