"""Amounts that fit each other: net and tax that make a total, cash less change, lines that add up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from apps.extraction.engine.fields.ranking.candidates import Candidate

_MOST_VALUES = 70  # of the largest: triples grow with the square
_RATES = (Decimal("0.015"), Decimal("0.30"))  # of tax to net, from Switzerland's reduced to above Hungary's 27 %
_CENT = Decimal("0.01")
_ROLES = ("net", "tax", "gross", "exact_net", "exact_tax", "exact_gross", "less_change", "sum_of_above")
_MOST_ABOVE = 40


class Triple(NamedTuple):
    """Amounts of which the first two make the third."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    is_rate: bool  # tax is a printed percentage of net


def role_names() -> list[str]:
    """Return the names of the values that `roles` gives."""
    return [f"role:{name}" for name in _ROLES]


def triples(amounts: Sequence[Candidate]) -> list[Triple]:
    """Return net, tax and total wherever they add up and the tax is a usual share."""
    values = _values(amounts)
    rates = {abs(each.number) / 100 for each in amounts if each.facts["percent"]}
    found = []
    for gross in values:
        for net in values:
            tax = gross - net
            if net <= 0 or tax <= 0 or tax not in values or not _RATES[0] <= tax / net <= _RATES[1]:
                continue
            exact = any(abs(net * rate - tax) <= 2 * _CENT for rate in rates)
            found.append(Triple(net, tax, gross, exact))
    return found


def roles(amounts: Sequence[Candidate]) -> dict[int, list[float]]:
    """Return, by a candidate's id, how it takes part in sums; the order is that of `role_names`."""
    parts: dict[str, set[Decimal]] = defaultdict(set)
    for triple in triples(amounts):
        for name, value in (("net", triple.net), ("tax", triple.tax), ("gross", triple.gross)):
            parts[name].add(value)
            if triple.is_rate:
                parts[f"exact_{name}"].add(value)
    parts["less_change"] = _less_change(_values(amounts))
    above: dict[int, list[Candidate]] = defaultdict(list)  # by page, from its end
    for each in reversed(amounts):
        if not each.facts["percent"]:
            above[each.piece.page].append(each)
    return {
        id(each): [
            *(float(abs(each.number) in parts[name]) for name in _ROLES[:-1]),
            float(_is_sum(each, above[each.piece.page])),
        ]
        for each in amounts
    }


def _values(amounts: Iterable[Candidate]) -> set[Decimal]:
    real = {abs(each.number) for each in amounts if not each.facts["percent"] and each.number}
    return set(sorted(real, reverse=True)[:_MOST_VALUES])


def _less_change(values: set[Decimal]) -> set[Decimal]:
    """Return amounts for which somebody may have paid a round sum and got change."""
    return {
        paid - change
        for paid in values
        if paid == paid.to_integral_value()
        for change in values
        if change < paid and paid - change in values
    }


def _is_sum(candidate: Candidate, others: Sequence[Candidate]) -> bool:
    """Whether the amounts right above, in its own column, add up to this one, two of them at least.

    `others` are those of its page, from the end.
    """
    x0, x1 = candidate.x_range
    row, number = candidate.piece.row, candidate.number
    total = Decimal(0)
    count = 0
    for each in others:
        if each.piece.row >= row or each.x_range[0] >= x1 or x0 >= each.x_range[1]:
            continue
        total += each.number
        count += 1
        if count > 1 and abs(total - number) < _CENT:
            return True
        if total > number or count == _MOST_ABOVE:
            return False
    return False
