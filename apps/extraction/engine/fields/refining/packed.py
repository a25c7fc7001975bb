"""Candidates packed small, so that a fit reads no words again: what choosing among them and weighing them takes."""

import hashlib
import zlib
from typing import Any, Final

import msgspec
import numpy as np

from apps.extraction.engine.fields.ranking.candidates import Candidate, Kind
from apps.extraction.engine.fields.ranking.features import Ranked
from apps.extraction.engine.fields.ranking.ranker import feature_hashes
from apps.extraction.engine.fields.ranking.schemas import Schema, tables
from apps.extraction.engine.fields.ranking.sheet import Piece, Sheet
from apps.extraction.engine.fields.refining.label_words import BUCKETS
from apps.extraction.engine.fields.refining.ranked_material import Seen, seen_of
from apps.extraction.engine.fields.types import FieldsInput

_FORM: Final = "candidates/1"


class _Row(msgspec.Struct, frozen=True, array_like=True):
    """A candidate; `parts` are (piece, first word, last word), `words` buckets of those beside it."""

    value: str
    parts: list[tuple[int, int, int]]
    facts: dict[str, float]
    currency: str
    words: tuple[int, ...]


class _Kind(msgspec.Struct, frozen=True, array_like=True):
    """The candidates of a kind, and their features as rows of little-endian float32."""

    rows: list[_Row]
    width: int
    matrix: bytes


class _Document(msgspec.Struct, frozen=True, array_like=True):
    """Candidates by kind; `pieces` are (page, row, how surely each word was read)."""

    kinds: dict[Kind, _Kind]
    pieces: list[tuple[int, int, list[float]]]


def made_by(schema: Schema) -> str:
    """Name the form and the features, so that others are made anew."""
    told = repr((_FORM, BUCKETS, sorted(feature_hashes(schema).items())))
    return hashlib.sha256(told.encode()).hexdigest()


def packed(document: FieldsInput, schema: Schema) -> bytes:
    """Find the candidates of a document and pack them: 5 to 20 kB a page."""
    seen = seen_of(tables(Sheet(document), schema))
    pieces: dict[int, int] = {}
    told: list[tuple[int, int, list[float]]] = []
    for own in seen.ranked.values():
        for piece in (part[0] for each in own.candidates for part in each.parts):
            if id(piece) not in pieces:
                pieces[id(piece)] = len(told)
                told.append((piece.page, piece.row, piece.confidences))
    kinds = {kind: _packed_kind(own, seen.words[kind], pieces) for kind, own in seen.ranked.items()}
    return zlib.compress(msgspec.msgpack.encode(_Document(kinds, told)), 6)


def unpacked(data: bytes) -> Seen:
    """Return what was packed. Candidates know of their words how many they are and how surely they were read."""
    document = msgspec.msgpack.decode(zlib.decompress(data), type=_Document)
    pieces = [_piece(*told) for told in document.pieces]
    ranked = {
        kind: Ranked(kind, [_candidate(kind, row, pieces) for row in own.rows], _matrix(own))
        for kind, own in document.kinds.items()
    }
    return Seen(ranked, {kind: [row.words for row in own.rows] for kind, own in document.kinds.items()})


def _packed_kind(own: Ranked, words: list[tuple[int, ...]], pieces: dict[int, int]) -> _Kind:
    rows = [
        _Row(
            each.value,
            [(pieces[id(piece)], first, last) for piece, first, last in each.parts],
            each.facts,
            each.currency,
            beside,
        )
        for each, beside in zip(own.candidates, words, strict=True)
    ]
    return _Kind(rows, own.matrix.shape[1], own.matrix.astype("<f4").tobytes())


def _matrix(own: _Kind) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.frombuffer(own.matrix, dtype="<f4").reshape(len(own.rows), own.width).astype(np.float32)


def _candidate(kind: Kind, row: _Row, pieces: list[Piece]) -> Candidate:
    parts = [(pieces[place], first, last) for place, first, last in row.parts]
    return Candidate(kind, row.value, "", parts, row.facts, row.currency)


def _piece(page: int, row: int, confidences: list[float]) -> Piece:
    """Return a piece without texts and places."""
    return Piece(page, row, [], [], [], 0.0, 0.0, 0.0, 0.0, 0.0, confidences=confidences)
