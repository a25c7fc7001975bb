"""Step `embed`: passages of many documents' pages are encoded in one batch and put into the vector index.

The names in them come out of the same pass where the tagger allows; they are kept for the step `entities`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.core.prepared import Given, Prepared
from apps.documents.models import Page
from apps.documents.selectors import reading_get
from apps.pipeline.encoder import mentions
from apps.pipeline.encoder.mentions import Place
from apps.pipeline.encoder.models import encoder
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.usage import resident_bytes, usage_add
from apps.search import services as search
from apps.search.services import Passage

_PAGES = Prepared(
    lambda: (
        Page.objects.filter(reading_id=Given("reading_id"), number__range=(Given("first"), Given("last")))
        .only("number", "text")
        .order_by("number")
    )
)


@dataclass(frozen=True)
class _Piece:
    """A passage before it has a vector."""

    reading_id: UUID
    page_number: int
    page: str
    start: int
    end: int
    text: str


def execute(leases: Sequence[Lease]) -> list[Outcome]:
    """Encode the passages of all parts together; shorter and longer ones are sorted into batches by the encoder."""
    pieces = [_pieces(lease) for lease in leases]
    vectors = _encoded([piece for part in pieces for piece in part])
    _count()
    outcomes, at = [], 0
    for lease, part in zip(leases, pieces, strict=True):
        outcomes.append(_outcome(lease, part, vectors[at : at + len(part)]))
        at += len(part)
    return outcomes


def _count() -> None:
    """Have it counted what the encoder computed since the last time."""
    (tokens, seconds), device = encoder().counted(), encoder().device
    usage_add(
        tokens=tokens,
        seconds=seconds,
        memory=resident_bytes(),
        device=str(device.place),
        number_format=encoder().number_format,
        device_memory=device.memory_bytes(),
    )


def _encoded(pieces: Sequence[_Piece]) -> list[list[float]]:
    """Return the passages' vectors, and keep the names that were found in the same pass."""
    texts = [piece.text for piece in pieces]
    beside = mentions.alongside(texts)
    vectors: list[list[float]] = encoder().encode(texts, beside).tolist()
    if beside:
        places = (Place((piece.reading_id, piece.page_number), piece.page, piece.start) for piece in pieces)
        mentions.keep(places, beside.mentions)
    return vectors


def _pieces(lease: Lease) -> list[_Piece]:
    pages = _PAGES.rows(reading_id=lease.reading_id, first=lease.input["first"], last=lease.input["last"])
    return [
        _Piece(lease.reading_id, page.number, page.text, span.start, span.end, page.text[span.start : span.end])
        for page in pages
        for span in encoder().chunks(page.text)
    ]


def _outcome(lease: Lease, pieces: Sequence[_Piece], vectors: Sequence[Sequence[float]]) -> Outcome:
    passages = [
        Passage(page_number=piece.page_number, start=piece.start, end=piece.end, vector=vector)
        for piece, vector in zip(pieces, vectors, strict=True)
    ]

    def store() -> None:
        search.index_passages(
            document_id=lease.document_id,
            reading=reading_get(reading_id=lease.reading_id),
            model=encoder().model,
            first=lease.input["first"],
            last=lease.input["last"],
            passages=passages,
        )

    return Outcome(store=store)
