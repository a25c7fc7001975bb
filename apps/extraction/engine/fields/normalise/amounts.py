"""Amounts of money in texts: where they stand, their value with a point, and their currency in ISO 4217."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

DecimalMark: TypeAlias = Literal[".", ",", ""]
_CURRENCIES = Path(__file__).with_name("currencies.toml")
_CENTS = r"(?!\d)(?:[.,]\d{{1,{most}}}(?!\d)|(?![.,]\d))"  # all digits of a number or none: 10.00x is no 10
_GROUPED = r"\d{1,3}(?:(?P<group>[.,'\u2019 \u00a0\u202f])\d{3}(?:(?P=group)\d{3})*)" + _CENTS.format(most=4)
_INDIAN = r"\d{1,2}(?:,\d{2}){1,4},\d{3}" + _CENTS.format(most=4)  # lakhs and crores: 12,34,567.00
_NUMBER = rf"{_GROUPED}|{_INDIAN}|\d+{_CENTS.format(most=5)}|\.\d{{2}}(?!\d)"
_NO_CENTS = r"(?:[.,](?:--?|[\u2013\u2014])|/-)(?![\w-])"  # 12.- in Switzerland, 12,-- in Germany, 500/- in India
_CODE = r"(?<=[.,]\d{2})(?=[A-Z]\b|/[A-Za-z])"  # a tax code or a unit right behind cents: 3.99F, 4.50/kg
_MOST_DIGITS = 13


class FoundAmount(NamedTuple):
    """A number at start:end of a text, the currency's sign beside it included; `currency` is empty without one."""

    start: int
    end: int
    value: str
    currency: str
    symbol: str
    decimals: int
    is_percent: bool


def amounts_in(text: str, *, mark: DecimalMark = "", places: str = "") -> Iterator[FoundAmount]:
    """Yield the numbers of a text that may be amounts.

    `mark` is the document's decimal mark (see `decimal_mark`), which decides what `1.234` is; `places` is a text in
    lower case whose words decide between currencies that share a sign.
    """
    for match in _pattern().finditer(text):
        number = match["number"]
        value = decimal_of(number, mark)
        if value is None:
            continue
        negative = match["minus"] or match["lead"] or match["behind"] or (match["open"] and match["close"])
        symbol = (match["before"] or match["after"] or "").strip().rstrip(".")
        digits = f"{'-' if negative and value else ''}{value}"
        percent = match["percent"] is not None
        decimals = len(digits.rpartition(".")[2]) if "." in digits else 0
        yield FoundAmount(*match.span(), digits, currency_of(symbol, places), symbol, decimals, percent)


def amount_of(text: str, *, mark: DecimalMark = "") -> str | None:
    """Return the first number of a text as a decimal with a point."""
    return next((found.value for found in amounts_in(text, mark=mark)), None)


def decimal_of(number: str, mark: DecimalMark = "") -> Decimal | None:
    """Return what digits with marks between them are; None if they are too many to be an amount."""
    text = re.sub(r"['\u2019 \u00a0\u202f]", "", number)
    last = max(text.rfind("."), text.rfind(","))
    if sum(character.isdigit() for character in text) > _MOST_DIGITS:
        return None
    if last < 0:
        return Decimal(text)
    sign, behind = text[last], len(text) - last - 1
    other = "," if sign == "." else "."
    grouped = text.count(sign) > 1 or (behind == 3 and other not in text and sign != mark and not text.startswith("0"))
    if grouped:
        return Decimal(re.sub(r"[.,]", "", text))
    return Decimal(f"{re.sub('[.,]', '', text[:last])}.{text[last + 1 :]}")


def decimal_mark(texts: Iterable[str]) -> DecimalMark:
    """Return the mark a document writes before cents, told by numbers with two digits behind it; empty if unknown."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(match[1] for match in re.finditer(r"\d([.,])\d{2}(?![\d.,])", text))
    points, commas = seen["."], seen[","]
    if points == commas:
        return ""
    return "." if points > commas else ","


def currency_of(symbol: str, places: str = "") -> str:
    """Return the ISO 4217 code of a sign or code, empty if it is none; `places` in lower case decides shared signs."""
    if not symbol:
        return ""
    table = _table()
    if symbol.upper() in table["codes"]:
        return symbol.upper()
    found: str = table["by_symbol"].get(symbol) or table["by_symbol"].get(symbol.capitalize(), "")
    for code, words in table["places"].get(symbol, ()):
        if places and any(word in places for word in words):
            return str(code)
    return found


def currency_signs() -> Sequence[str]:
    """Return all signs and codes that stand for a currency, the longest first."""
    table = _table()
    return sorted({*table["codes"], *table["by_symbol"]}, key=len, reverse=True)


@cache
def _table() -> Mapping[str, Any]:
    found = tomllib.loads(_CURRENCIES.read_text())
    return {"codes": frozenset(found["codes"]), "by_symbol": found["symbols"], "places": found["places"]}


@cache
def _pattern() -> re.Pattern[str]:
    signs = "|".join(re.escape(sign) for sign in currency_signs())
    before = rf"(?:(?<![A-Za-z])(?P<before>{signs})(?:(?<=[A-Za-z])\.)?[: ]{{0,2}})?"
    after = rf"(?: ?(?P<after>{signs})(?![A-Za-z]))?"
    return re.compile(
        rf"(?P<open>\()?(?<![\w.,/])(?P<minus>[-\u2212\u2013] ?)?{before}(?<![A-Za-z][.,])(?<![\d][.,/:])(?P<lead>-)?"
        rf"(?P<number>{_NUMBER})(?:{_NO_CENTS}|(?P<behind>-(?![\w])))?(?P<percent> ?%)?{after}(?P<close>\))?"
        rf"(?:(?![\w/]|:\d)|{_CODE})",
    )
