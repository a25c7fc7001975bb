"""What tells a right choice from a wrong one once it is made: the second stage that makes probabilities of scores."""

import math
from collections.abc import Mapping
from decimal import Decimal

from apps.extraction.engine.fields.ranking.candidates import Candidate, Kind
from apps.extraction.engine.fields.ranking.choosing import Choice
from apps.extraction.engine.fields.ranking.features import Ranked, feature_names

_FAILURES = ("sums_fail", "iban_fails", "vat_id_fails", "days_reversed", "currency_differs")
CHECKS = ("sums_hold", "digits_hold", *_FAILURES)
SIGNS = ("score", "lead", "reading_text", "reading_other", *CHECKS, "part_of_sums", "same_amount", "open_date")
_LOWEST, _HIGHEST = -6.0, 10.0  # of a score; beyond, it says no more
_LONGEST_LEAD = 12.0
_LIKELY = -1.0  # score from which on a choice takes part in a check of several
_SUMS = {"net_total": "role:net", "tax_total": "role:tax", "grand_total": "role:gross"}
_DAYS = ("issue_date", "due_date")
_CENTS = Decimal("0.05")
_TEXTS = frozenset({"name", "address"})
_NUMBERS: dict[Kind, str] = {"iban": "iban_fails", "vat_id": "vat_id_fails"}


def signs_of(
    choices: Mapping[str, Choice], kinds: Mapping[str, Kind], ranked: Mapping[Kind, Ranked]
) -> dict[str, dict[str, float]]:
    """Return the signs of every choice by its key.

    - score and lead: how good it is, and how far before the best other value;
    - reading_text, reading_other: how surely its words were read (see `Candidate.reading`); a letter misread spoils a
      name, and hardly ever makes another date or sum of one;
    - sums_hold, sums_fail: whether net, tax and total are all chosen and add up;
    - digits_hold, iban_fails, vat_id_fails: whether a number's check digits hold;
    - days_reversed: the invoice would be due before it was issued;
    - currency_differs: the currency beside an amount is not the document's, or some amounts are in another one;
    - part_of_sums: among all printed amounts, this one is a net, tax or total, as its field says, that adds up;
    - same_amount: how often a sum is printed, as a logarithm;
    - open_date: day and month could change places, and nothing in the document proves which comes first.
    """
    likely = {key: choice.candidate for key, choice in choices.items() if choice.score > _LIKELY}
    found = {key: _own(choice, kinds[key], ranked[kinds[key]]) for key, choice in choices.items()}
    for key, own in found.items():
        own |= {name: value for name, value in _checks(key, choices[key].candidate, likely).items() if value}
        own["part_of_sums"] = _feature(_SUMS.get(key, ""), choices[key].candidate, ranked[kinds[key]])
    return found


def without_failures(signs: Mapping[str, float]) -> dict[str, float]:
    """Return signs as they would be if no check had failed."""
    return {**signs, **dict.fromkeys(_FAILURES, 0.0)}


def _own(choice: Choice, kind: Kind, ranked: Ranked) -> dict[str, float]:
    """Return the signs that no other field has a part in."""
    candidate = choice.candidate
    is_text = kind in _TEXTS
    same = sum(each.value == candidate.value for each in ranked.candidates) if kind == "amount" else 0
    return {
        **dict.fromkeys(SIGNS, 0.0),
        "score": max(_LOWEST, min(_HIGHEST, choice.score)),
        "lead": min(_LONGEST_LEAD, choice.lead),
        "reading_text": candidate.reading if is_text else 0.0,
        "reading_other": 0.0 if is_text else candidate.reading,
        "same_amount": math.log1p(same),
        "open_date": candidate.facts.get("open", 0.0),
    }


def _checks(key: str, candidate: Candidate, likely: Mapping[str, Candidate]) -> dict[str, float]:
    fits = _fits(likely) if key in _SUMS else None
    valid = candidate.facts["valid"] if candidate.kind in _NUMBERS else None
    days = [likely[each].value for each in _DAYS if each in likely]
    return {
        "sums_hold": float(fits is True),
        "sums_fail": float(fits is False),
        "digits_hold": valid or 0.0,
        **({_NUMBERS[candidate.kind]: 1 - valid} if valid is not None else {}),
        "days_reversed": float(key in _DAYS and len(days) == len(_DAYS) and days[0] > days[1]),
        "currency_differs": float(_differs(candidate, likely)),
    }


def _differs(candidate: Candidate, likely: Mapping[str, Candidate]) -> bool:
    """Whether an amount is in another currency than the document, or a document's currency not that of its amounts."""
    if candidate.kind == "currency":
        beside = (each.currency for each in likely.values() if each.kind == "amount")
        return any(each and each != candidate.value for each in beside)
    named = likely.get("currency")
    return candidate.kind == "amount" and named is not None and candidate.currency not in {"", named.value}


def _feature(name: str, candidate: Candidate, ranked: Ranked) -> float:
    names = feature_names(ranked.kind)
    if name not in names:
        return 0.0
    place = next(place for place, each in enumerate(ranked.candidates) if each is candidate)
    return float(ranked.matrix[place, names.index(name)])


def _fits(likely: Mapping[str, Candidate]) -> bool | None:
    """Return whether the chosen net, tax and total add up; None where one of them is missing."""
    if any(key not in likely for key in _SUMS):
        return None
    net, tax, gross = (likely[key].number for key in _SUMS)
    return abs(net + tax - gross) <= _CENTS
