"""Taxes at several rates: where a document prints one sum for each, their total is a candidate of its own."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from apps.extraction.engine.fields.ranking.candidates import Candidate
from apps.extraction.engine.fields.ranking.sheet import Piece

_MOST_RATES = 5
_RATES = (Decimal("0.005"), Decimal("0.30"))  # of all tax to net: some lines may be at a reduced rate, or at none
_SAME_SIDE = 0.6  # of a line's height: numbers of a column end on one line
_LABEL = "tax_total"


def with_summed_taxes(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates and, behind the last part of each, totals of taxes that the document prints by rate.

    Only where net and total are printed too, and the sum makes the one of the other: that is the proof. Nothing is
    added where a printed amount does so already. A total's words are those of all its parts.
    """
    amounts = [each for each in candidates if each.kind == "amount" and not each.facts["percent"] and each.number > 0]
    printed = {each.number for each in amounts}
    sums = {id(parts[-1]): _total(parts) for parts in _runs(amounts) if _is_the_tax(_sum(parts), printed)}
    found: list[Candidate] = []
    for each in candidates:
        found.append(each)
        if id(each) in sums:
            found.append(sums[id(each)])
    return found


def _runs(amounts: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Yield neighbours in one column, from above, each of a row that names a tax or a percentage."""
    by_page = groupby(amounts, key=lambda each: each.piece.page)
    for _, group in by_page:
        own = [each for each in group if each.facts["decimals"] == 2]
        for place, first in enumerate(own):
            if not _is_taxed(first):
                continue
            run = [first]
            for each in own[place + 1 :]:
                if each.piece.row == run[-1].piece.row or not _is_below(run[-1], each):
                    continue
                if not _is_taxed(each) or len(run) == _MOST_RATES:
                    break
                run.append(each)
                yield list(run)


def _is_below(upper: Candidate, lower: Candidate) -> bool:
    return abs(upper.x_range[1] - lower.x_range[1]) <= _SAME_SIDE * lower.piece.height


def _is_taxed(candidate: Candidate) -> bool:
    """Whether the row up to an amount names a tax or a percentage."""
    piece = candidate.piece
    row = [piece, *_left_of(candidate)]
    return any("%" in each.text for each in row) or any(
        mention.concept == _LABEL for each in row for mention in each.mentions
    )


def _left_of(candidate: Candidate) -> Iterator[Piece]:
    piece = candidate.piece.left
    while piece is not None:
        yield piece
        piece = piece.left


def _is_the_tax(total: Decimal, printed: set[Decimal]) -> bool:
    """Whether a sum is what lies between two printed amounts, and a usual share of the smaller one."""
    return total not in printed and any(
        net + total in printed and _RATES[0] <= total / net <= _RATES[1] for net in printed
    )


def _sum(parts: Sequence[Candidate]) -> Decimal:
    return sum((each.number for each in parts), Decimal(0))


def _total(parts: Sequence[Candidate]) -> Candidate:
    """Return the total of taxes as a candidate made of the words of all of them."""
    first = parts[0]
    return Candidate(
        kind="amount",
        value=str(_sum(parts)),
        raw_text=" ".join(each.raw_text for each in parts),
        parts=[part for each in parts for part in each.parts],
        facts=dict(first.facts),
        currency=next((each.currency for each in parts if each.currency), ""),
    )
