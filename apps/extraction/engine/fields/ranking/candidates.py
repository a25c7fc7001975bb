"""What could be a value: dates, amounts, numbers, names and addresses of a document, each with its words."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeAlias

from apps.extraction.engine.fields.normalise import identifiers
from apps.extraction.engine.fields.normalise.amounts import (
    DecimalMark,
    amounts_in,
    currency_of,
    currency_signs,
    decimal_mark,
)
from apps.extraction.engine.fields.normalise.date_order import is_day_first, proof_of_order
from apps.extraction.engine.fields.normalise.dates import dates_in
from apps.extraction.engine.fields.ranking.mending import mended_number
from apps.extraction.engine.fields.ranking.sheet import Piece, Sheet

Kind: TypeAlias = Literal["date", "amount", "number", "iban", "vat_id", "currency", "name", "address"]
_LEAST_SURE = 0.05
_MOST_OF_A_KIND = 250  # of a document: a page full of numbers is no invoice
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./\\-]*[A-Za-z0-9]|[0-9]")
_MARKED = re.compile(r"[:#\u2116=]\s*")  # a label and its value without a blank
_IBAN = re.compile(r"\b[A-Z]{2} ?[0-9OIlS]{2}(?: ?[A-Z0-9]{1,4}){3,8}\b")
_SWISS = r"CHE[-. ]?\d{3}[. ]?\d{3}[. ]?\d{3}(?: (?:MWST|TVA|IVA))?"
_VAT = re.compile(rf"\b(?:[A-Z]{{2}}[ -]?(?:[A-Z0-9]{{1,3}}[ .]?)?[0-9OIlS](?:[ .]?[0-9A-Z+*]){{5,12}}|{_SWISS})")
_IN_BRACKETS = re.compile(r"[(\[]([A-Za-z$\u20ac\u00a3\u00a5]{1,3})[)\]]")  # a label's currency: Amount(RM)
_REST_OF_IBAN = re.compile(r"[A-Z0-9]{1,4}(?: [A-Z0-9]{1,4}){0,4}")
Chosen: TypeAlias = tuple[Piece, int, int]  # a piece and its words from, to


@dataclass(eq=False)
class Candidate:
    """A possible value. `parts` are the words it is made of, in reading order; `facts` what its form tells."""

    kind: Kind
    value: str
    raw_text: str
    parts: list[Chosen]
    facts: dict[str, float] = field(default_factory=dict)
    currency: str = ""

    @property
    def piece(self) -> Piece:
        """Return the piece it begins in."""
        return self.parts[0][0]

    @property
    def first(self) -> int:
        """Return the place of its first word in that piece."""
        return self.parts[0][1]

    @property
    def last(self) -> int:
        """Return the place after its last word in that piece."""
        return self.parts[0][2]

    @cached_property
    def x_range(self) -> tuple[float, float]:
        """Return the left and right side of its words in the first piece."""
        piece, first, last = self.parts[0]
        return piece.boxes[first][0], piece.boxes[last - 1][2]

    @property
    def words(self) -> list[int]:
        """Return the indices of its words on the page."""
        return [word for piece, first, last in self.parts for word in piece.words[first:last]]

    @cached_property
    def reading(self) -> float:
        """Return the logarithm of the probability that all its words were read rightly; 0 in text layers."""
        sure = [sureness for piece, first, last in self.parts for sureness in piece.confidences[first:last]]
        return sum(math.log(max(_LEAST_SURE, each)) for each in sure)

    @cached_property
    def number(self) -> Decimal:
        """Return an amount as a number."""
        return Decimal(self.value)


@dataclass(frozen=True)
class Habits:
    """How a document writes its numbers and dates."""

    mark: DecimalMark
    day_first: bool
    places: str  # the document's text in lower case: tells whose dollars they are
    is_order_open: bool = False  # English is written both ways, and no date proves which one this is


def habits_of(sheet: Sheet) -> Habits:
    """Return how a document writes."""
    texts = [piece.text for piece in sheet.pieces()]
    is_open = sheet.language in {"en", None} and not proof_of_order(texts)
    return Habits(decimal_mark(texts), is_day_first(texts, sheet.language), sheet.text, is_open)


def plain_candidates(sheet: Sheet, habits: Habits) -> Iterator[Candidate]:
    """Yield dates, amounts, numbers, account numbers, VAT ids and currencies."""
    counts: dict[str, int] = {}
    for piece in sheet.pieces():
        for candidate in _of_piece(piece, habits):
            counts[candidate.kind] = counts.get(candidate.kind, 0) + 1
            if counts[candidate.kind] <= _MOST_OF_A_KIND:
                yield candidate


def _of_piece(piece: Piece, habits: Habits) -> Iterator[Candidate]:
    text = piece.text
    taken: list[tuple[int, int]] = []
    if not any(character.isdigit() for character in text):
        yield from _currencies(piece, habits)
        return
    for candidate, start, end in (*_dates(piece, habits), *_ibans(piece), *_vat_ids(piece)):
        taken.append((start, end))
        yield candidate
    for found in amounts_in(text, mark=habits.mark, places=habits.places):
        if any(found.start < end and start < found.end for start, end in taken):
            continue
        facts = {
            "decimals": float(found.decimals),
            "percent": float(found.is_percent),
            "sign": float(bool(found.symbol)),
        }
        candidate = _candidate("amount", found.value, piece, found.start, found.end, facts)
        candidate.currency = found.currency
        yield candidate
        if found.decimals == 2 or found.currency:
            taken.append((found.start, found.end))
    yield from _numbers(piece, taken)
    yield from _currencies(piece, habits)


def _candidate(
    kind: Kind, value: str, piece: Piece, start: int, end: int, facts: dict[str, float] | None = None
) -> Candidate:
    words = piece.words_at(start, end)
    return Candidate(kind, value, piece.text[start:end].strip(), [(piece, words.start, words.stop)], facts or {})


def _dates(piece: Piece, habits: Habits) -> Iterator[tuple[Candidate, int, int]]:
    for found in dates_in(piece.text, day_first=habits.day_first):
        styles = {f"style_{name}": float(found.style == name) for name in ("iso", "numeric", "named")}
        is_open = found.is_ambiguous and habits.is_order_open
        facts = {**styles, "ambiguous": float(found.is_ambiguous), "open": float(is_open)}
        yield _candidate("date", found.value, piece, found.start, found.end, facts), found.start, found.end


def _ibans(piece: Piece) -> Iterator[tuple[Candidate, int, int]]:
    for match in _IBAN.finditer(piece.text):
        yield from _identified("iban", identifiers.iban, match, piece)
    if _REST_OF_IBAN.fullmatch(piece.text) and piece.above and piece.above[0][1] == 1:
        yield from _iban_of_two_lines(piece.above[0][0], piece)


def _iban_of_two_lines(upper: Piece, piece: Piece) -> Iterator[tuple[Candidate, int, int]]:
    """Yield an account number that goes on in the line below, if its check digits hold only then."""
    for match in _IBAN.finditer(upper.text):
        raw = f"{match[0]} {piece.text}"
        found = identifiers.iban(raw)
        if match.end() == len(upper.text) and found is not None and found.is_valid:
            first = _candidate("iban", found.value, upper, match.start(), match.end())
            parts = [*first.parts, (piece, 0, len(piece.texts))]
            yield Candidate("iban", found.value, raw, parts, {"valid": 1.0}), 0, len(piece.text)


def _vat_ids(piece: Piece) -> Iterator[tuple[Candidate, int, int]]:
    for match in _VAT.finditer(piece.text):
        yield from _identified("vat_id", identifiers.vat_id, match, piece)


def _identified(
    kind: Kind, read: Callable[[str], identifiers.Identifier | None], match: re.Match[str], piece: Piece
) -> Iterator[tuple[Candidate, int, int]]:
    """Yield the longest leading part of a match whose check digits hold: words behind a number may look like groups.

    Without one the whole match is taken, or its first word if only that has the form.
    """
    groups = match[0].split(" ")
    parts = [" ".join(groups[:count]) for count in range(len(groups), 0, -1)]
    found = [(part, number) for part in parts if (number := read(part)) is not None]
    plain = [each for each in found if each[0] in {parts[0], parts[-1]}]
    for part, number in [*(each for each in found if each[1].is_valid), *plain][:1]:
        end = match.start() + len(part)
        facts = {"valid": float(number.is_valid)}
        yield _candidate(kind, number.value, piece, match.start(), end, facts), match.start(), end


def _numbers(piece: Piece, taken: list[tuple[int, int]]) -> Iterator[Candidate]:
    """Yield words with digits that are no date or amount, also joined with the word before or behind."""
    spans = [span for span in _word_spans(piece) if not any(span[0] < end and start < span[1] for start, end in taken)]
    for place, (start, end) in enumerate(spans):
        text = piece.text[start:end]
        if any(character.isdigit() for character in text):
            yield _candidate("number", _mended(text, piece), piece, start, end, {"joined": 0.0})
        if place + 1 < len(spans):
            behind = spans[place + 1]
            both = piece.text[start : behind[1]]
            between = piece.text[end : behind[0]]
            if between in {" ", " - ", " / ", "- ", " -"} and _may_join(text, piece.text[behind[0] : behind[1]]):
                yield _candidate("number", _mended(both, piece), piece, start, behind[1], {"joined": 1.0})


def _mended(text: str, piece: Piece) -> str:
    return mended_number(text) if piece.is_recognised else text


def _may_join(left: str, right: str) -> bool:
    """Whether two words may be one number: capitals before digits, or digits before digits."""
    return any(character.isdigit() for character in right) and (
        (left.isupper() and len(left) <= 5) or any(character.isdigit() for character in left)
    )


def _word_spans(piece: Piece) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for text, start in zip(piece.texts, piece.starts, strict=True):
        at = max((match.end() for match in _MARKED.finditer(text)), default=0)
        match = _ID.search(text, at)
        if match is not None:
            spans.append((start + match.start(), start + match.end()))
    return spans


def _currencies(piece: Piece, habits: Habits) -> Iterator[Candidate]:
    for place, text in enumerate(piece.texts):
        for sign in _signs_in(text):
            code = currency_of(sign, habits.places)
            start = piece.starts[place] + text.index(sign)
            facts = {"code": float(sign == code), "letters": float(sign.isalpha()), "alone": float(text == sign)}
            yield _candidate("currency", code, piece, start, start + len(sign), facts)
            break


def _signs_in(text: str) -> Iterator[str]:
    """Yield the sign or code a word holds, next to digits or alone."""
    bracketed = _IN_BRACKETS.search(text)
    bare = bracketed[1] if bracketed else text.strip("().,:;/[]0123456789-+ '")
    if bare and (currency_of(bare) if len(bare) > 1 else bare in currency_signs()):
        yield bare
    elif any(character in "€£¥₹$" for character in text):
        yield next(character for character in text if character in "€£¥₹$")
