"""What speaks for a candidate, as numbers: its form, its place, what stands around it, and how it fits the others."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby

import numpy as np
import numpy.typing as npt

from apps.extraction.engine.fields.ranking import arithmetic, party_features, surroundings
from apps.extraction.engine.fields.ranking.candidates import Candidate, Kind
from apps.extraction.engine.fields.ranking.sheet import Sheet

Matrix = npt.NDArray[np.float32]
_PLACE = (
    "page",
    "is_last_page",
    "x0",
    "x1",
    "y0",
    "row",
    "rows_to_end",
    "height",
    "alone",
    "is_last_in_row",
    "confidence",
)
_DATE = (
    "order",
    "count",
    "same",
    "days_after_first",
    "is_first_value",
    "is_last_value",
    "has_time",
    "range_before",
    "range_behind",
)
_AMOUNT = (
    "value",
    "rank",
    "rank_of_cents",
    "same",
    "negative",
    "whole",
    "column",
    "below",
    "cents_below",
    "percent_in_row",
    "numbers_in_row",
    "in_words_row",
)
_NUMBER = (
    "length",
    "digits",
    "letters",
    "marks",
    "has_year",
    "prefix_invoice",
    "prefix_order",
    "same",
    "order",
    "numbers_in_row",
    "zeros",
    "lower",
    "repeats_in_text",
)
_CURRENCY = ("same", "share", "with_amount", "order", "is_most")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
_INVOICE_PREFIX = re.compile(r"(?i)^(?:inv|in|fa|fac|fact|re|rg|rn|r|bill|cs|f|tax|si)[-_/ .]?\d")
_ORDER_PREFIX = re.compile(r"(?i)^(?:po|so|bc|or|ord|a|ab|be|b|au|s|p)[-_/ .]?\d")


@dataclass(frozen=True)
class Ranked:
    """Candidates of one kind with a row of features each."""

    kind: Kind
    candidates: list[Candidate]
    matrix: Matrix


def ranked(sheet: Sheet, kind: Kind, candidates: Sequence[Candidate], others: Sequence[Candidate]) -> Ranked:
    """Return candidates of one kind with their features; `others` are those of all kinds."""
    own = _own_features(kind)(sheet, candidates, others)
    first = len(_PLACE)
    behind = first + len(surroundings.names())
    matrix = np.zeros((len(candidates), len(feature_names(kind))), dtype=np.float32)
    matrix[:, :first] = [_place(sheet, each) for each in candidates]
    known: surroundings.Known = {}
    for row, each in enumerate(candidates):
        for place, near in surroundings.around(each, known).items():
            matrix[row, first + place] = near
    matrix[:, behind:] = own
    return Ranked(kind, list(candidates), matrix)


@cache
def feature_names(kind: Kind) -> tuple[str, ...]:
    """Return the names of a kind's features, in the order of the columns."""
    own: dict[Kind, Sequence[str]] = {
        "date": (*_DATE, "style_iso", "style_numeric", "style_named", "ambiguous"),
        "amount": (*_AMOUNT, "decimals", "percent", "sign", *arithmetic.role_names()),
        "number": (*_NUMBER, "joined"),
        "iban": ("valid", "same", "order"),
        "vat_id": ("valid", "same", "order"),
        "currency": (*_CURRENCY, "code", "letters", "stands_alone"),
        "name": party_features.NAME,
        "address": party_features.ADDRESS,
    }
    return (*_PLACE, *surroundings.names(), *own[kind])


def _own_features(kind: Kind) -> Callable[[Sheet, Sequence[Candidate], Sequence[Candidate]], list[list[float]]]:
    table: dict[Kind, Callable[[Sheet, Sequence[Candidate], Sequence[Candidate]], list[list[float]]]] = {
        "date": _dates,
        "amount": _amounts,
        "number": _numbers,
        "iban": _checked,
        "vat_id": _checked,
        "currency": _currencies,
        "name": party_features.names,
        "address": party_features.addresses,
    }
    return table[kind]


def _place(sheet: Sheet, candidate: Candidate) -> list[float]:
    piece = candidate.piece
    page = sheet.pages[piece.page]
    x0, x1 = candidate.x_range
    return [
        float(piece.page),
        float(piece.page == len(sheet.pages) - 1),
        x0 / page.reading.width,
        x1 / page.reading.width,
        piece.y0 / page.reading.height,
        float(min(piece.row, 40)),
        float(min(len(page.rows) - piece.row, 40)),
        piece.height / page.height,
        float(candidate.first == 0 and candidate.last == len(piece.texts)),
        float(piece.right is None and candidate.last == len(piece.texts)),
        math.exp(max(-9.0, candidate.reading)),
    ]


def _dates(sheet: Sheet, candidates: Sequence[Candidate], others: Sequence[Candidate]) -> list[list[float]]:
    del sheet, others
    counts = Counter(each.value for each in candidates)
    days = {value: date.fromisoformat(value).toordinal() for value in counts}
    first, last = min(days.values(), default=0), max(days.values(), default=0)
    rows = []
    for order, each in enumerate(candidates):
        texts = each.piece.texts
        before, behind = " ".join(texts[: each.first])[-3:].strip(), " ".join(texts[each.last :])[:3].strip()
        rows.append(
            [
                float(min(order, 9)),
                float(len(candidates)),
                float(counts[each.value]),
                float(min(days[each.value] - first, 400)),
                float(days[each.value] == first),
                float(days[each.value] == last),
                float(bool(_TIME.search(" ".join(piece.text for piece in (each.piece, each.piece.right) if piece)))),
                float(before.endswith(("-", "bis", "to", "au"))),
                float(behind.startswith(("-", "bis", "to", "au"))),
                *(each.facts[name] for name in ("style_iso", "style_numeric", "style_named", "ambiguous")),
            ]
        )
    return rows


def _amounts(sheet: Sheet, candidates: Sequence[Candidate], others: Sequence[Candidate]) -> list[list[float]]:
    del others
    counts = Counter(abs(each.number) for each in candidates if not each.facts["percent"])
    by_size = {value: rank for rank, value in enumerate(sorted(counts, reverse=True))}
    cents = {abs(each.number) for each in candidates if each.facts["decimals"] == 2 or each.currency}
    by_cents = {value: rank for rank, value in enumerate(sorted(cents, reverse=True))}
    fits = arithmetic.roles(candidates)
    in_row = Counter((each.piece.page, each.piece.row) for each in candidates)
    percents = {(each.piece.page, each.piece.row) for each in candidates if each.facts["percent"]}
    columns = Counter((each.piece.page, round(each.x_range[1] / 8)) for each in candidates)
    letters = {
        (page, row): sum(map(str.isalpha, "".join(piece.text for piece in sheet.pages[page].rows[row])))
        for page, row in in_row
    }
    with_cents = [each.facts["decimals"] == 2 for each in candidates]
    cents_below = sum(with_cents)
    rows = []
    for place, each in enumerate(candidates):
        row = (each.piece.page, each.piece.row)
        size = abs(each.number)
        cents_below -= with_cents[place]
        rows.append(
            [
                math.log1p(float(size)),
                float(min(by_size.get(size, 99), 30)),
                float(min(by_cents.get(size, 99), 30)),
                float(counts[size]),
                float(each.number < 0),
                float(each.number == each.number.to_integral_value()),
                float(min(columns[(row[0], round(each.x_range[1] / 8))], 20)),
                float(min(len(candidates) - place - 1, 30)),
                float(min(cents_below, 30)),
                float(row in percents),
                float(in_row[row]),
                float(min(letters[row], 60)),
                *(float(each.facts[name]) for name in ("decimals", "percent", "sign")),
                *fits[id(each)],
            ]
        )
    return rows


def _numbers(sheet: Sheet, candidates: Sequence[Candidate], others: Sequence[Candidate]) -> list[list[float]]:
    del others
    counts = Counter(each.value for each in candidates)
    in_row = Counter((each.piece.page, each.piece.row) for each in candidates)
    rows = []
    for order, each in enumerate(candidates):
        value = each.value
        rows.append(
            [
                float(len(value)),
                float(sum(map(str.isdigit, value))),
                float(sum(map(str.isalpha, value))),
                float(sum(character in "-/._" for character in value)),
                float(bool(_YEAR.search(value))),
                float(bool(_INVOICE_PREFIX.match(value))),
                float(bool(_ORDER_PREFIX.match(value))),
                float(counts[value]),
                float(min(order, 40)),
                float(in_row[(each.piece.page, each.piece.row)]),
                float(value.count("0")),
                float(any(map(str.islower, value))),
                float(min(sheet.text.count(value.lower()), 9)),
                each.facts["joined"],
            ]
        )
    return rows


def _checked(sheet: Sheet, candidates: Sequence[Candidate], others: Sequence[Candidate]) -> list[list[float]]:
    del sheet, others
    counts = Counter(each.value for each in candidates)
    return [
        [each.facts["valid"], float(counts[each.value]), float(min(order, 9))] for order, each in enumerate(candidates)
    ]


def _currencies(sheet: Sheet, candidates: Sequence[Candidate], others: Sequence[Candidate]) -> list[list[float]]:
    del sheet
    counts = Counter(each.value for each in candidates)
    with_amount = Counter(each.currency for each in others if each.kind == "amount" and each.currency)
    most = max(counts.values(), default=0)
    return [
        [
            float(min(counts[each.value], 30)),
            counts[each.value] / len(candidates),
            float(min(with_amount[each.value], 30)),
            float(min(order, 30)),
            float(counts[each.value] == most),
            *(each.facts[name] for name in ("code", "letters", "alone")),
        ]
        for order, each in enumerate(candidates)
    ]


def by_kind(candidates: Sequence[Candidate]) -> dict[Kind, list[Candidate]]:
    """Return candidates by their kind, each in the order of the document."""
    ordered = sorted(candidates, key=lambda each: each.kind)
    return {kind: list(group) for kind, group in groupby(ordered, key=lambda each: each.kind)}
