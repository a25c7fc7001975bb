"""The currency of a document that names one only, in a label as a rule: `Total (RM)`, `Amount in USD`."""

from collections.abc import Sequence

from apps.extraction.engine.fields.ranking.candidates import Candidate

PRODUCER = "only-currency/1"
_OF_MONEY = frozenset(
    {"grand_total", "net_total", "subtotal", "tax_total", "amount_due", "cash", "change", "currency", "rounding"}
)


def only_currency(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the first candidate that stands with money, if all candidates of a document are one currency."""
    if len({each.value for each in candidates}) != 1:
        return None
    return next((each for each in candidates if _is_with_money(each)), None)


def _is_with_money(candidate: Candidate) -> bool:
    """Whether a sign stands in brackets, beside digits, or in a row that names a sum."""
    piece, place = candidate.piece, candidate.first
    near = piece.texts[max(0, place - 1) : place + 2]
    if f"({candidate.raw_text})" in piece.text or any(any(map(str.isdigit, text)) for text in near):
        return True
    row = (each for each in (piece.left, piece, piece.right) if each is not None)
    return any(mention.concept in _OF_MONEY for each in row for mention in each.mentions)
