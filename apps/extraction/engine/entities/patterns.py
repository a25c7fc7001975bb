"""Mentions that their form proves: e-mail and web addresses, accounts, VAT ids, telephone numbers, dates, amounts."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from apps.extraction.engine.entities.addresses import addresses_in
from apps.extraction.engine.entities.types import Found
from apps.extraction.engine.fields.normalise.amounts import (
    DecimalMark,
    amounts_in,
    currency_of,
    decimal_mark,
    decimal_of,
)
from apps.extraction.engine.fields.normalise.date_order import is_day_first
from apps.extraction.engine.fields.normalise.dates import dates_in
from apps.extraction.engine.fields.normalise.identifiers import iban, phones, vat_id
from apps.extraction.engine.types import PageReading

_EMAIL: Final = re.compile(
    r"(?<![\w.+@/-])[A-Za-z0-9](?:[\w.+%-]{0,62}[\w+%-])?@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}"
    r"[A-Za-z]{2,24}(?![\w@-])"
)
# Ends of host names that are common enough to be told without `https://` or `www.` before them.
_BARE_ENDS: Final = "com|org|net|edu|gov|info|io|eu|de|fr|ch|at|co\\.uk"
_URL: Final = re.compile(
    r"(?<![\w@./-])(?:(?:https?|ftp)://[^\s<>\"'{}|\\^`\u201c\u201d]{3,2000}"
    r"|www\.[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}(?:[/?#:][^\s<>\"'{}|\\^`\u201c\u201d]{0,2000})?"
    rf"|(?<!:)(?:[A-Za-z0-9-]{{1,63}}\.){{1,5}}(?:{_BARE_ENDS})(?:/[^\s<>\"'{{}}|\\^`\u201c\u201d]{{0,2000}})?"
    r"(?![\w@.:-]\w))",
    re.IGNORECASE,
)
_AFTER_URL: Final = ".,;:!?*)]'\"\u00bb\u203a"
_IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9OIlZSB]{2}(?:[ \u00a0.-]?[0-9A-Z]{1,4}){3,9}(?![A-Za-z0-9])")
_VAT: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)"
    r"[ .-]?[0-9A-Z](?:[ .-]?[0-9A-Z+*]){6,12}|CHE[ .-]?\d{3}[ .]?\d{3}[ .]?\d{3}(?: ?(?:MWST|TVA|IVA))?"
    r"|NO[ ]?\d{3}[ ]?\d{3}[ ]?\d{3} ?MVA)(?![A-Za-z0-9])"
)
_PHONE: Final = re.compile(r"(?<![\w+./,-])(?:\+|\(\+?|0)?\d(?:[ ()./\u00a0\u2011-]{0,3}\d){6,16}(?![\w/]|[.,-]\d)")
_PHONE_LABEL: Final = re.compile(
    r"(?:\b(?:tel|téléphone|telefon|telephone|phone|fon|fax|telefax|mobil|mobile|cell|call|handy|portable|hotline)\b"
    r"|[☎☏✆📞])[^\n\d+(]{0,16}$",
    re.IGNORECASE,
)
_REGIONS: Final = {"en": "US", "de": "DE", "fr": "FR", "it": "IT", "es": "ES", "nl": "NL", "pt": "PT"}
_SCALES: Final = {
    **dict.fromkeys(("mil", "mio", "mn", "m"), 10**6),
    **dict.fromkeys(("bil", "bn", "mrd"), 10**9),
    **dict.fromkeys(("tho", "tau", "k"), 10**3),
}
_SCALE: Final = r"(?P<scale>million(?:en)?|mio\.?|mn|m|billion|bn|mrd\.?|thousand|tausend|k)"
_SIGN: Final = r"(?:US\$|[€$£¥]|EUR|USD|GBP|CHF|JPY)"
_SMALL: Final = r"(?P<number>\d{1,3}(?:[.,]\d{3}){1,3}|\d{1,7}(?:[.,]\d{1,3})?)"
_SCALED: Final = (
    re.compile(rf"(?<![\w.,])(?P<sign>{_SIGN})\s?{_SMALL}\s?{_SCALE}(?!\w)", re.IGNORECASE),
    re.compile(rf"(?<![\w.,]){_SMALL}\s?{_SCALE}\s(?P<sign>{_SIGN})(?!\w)", re.IGNORECASE),
)
_IN_WORDS: Final = re.compile(
    rf"(?<![\w.,]){_SMALL}(?:\s{_SCALE})?\s(?P<unit>(?:u\.?s\.? )?dollars?|euros?|pounds?(?: sterling)?)(?!\w)",
    re.IGNORECASE,
)
_UNITS: Final = {"d": "USD", "u": "USD", "e": "EUR", "p": "GBP"}
_IN_A_SENTENCE: Final = re.compile(r"[^\W\d_] $")
_GOES_ON: Final = re.compile(r"[.,]\d|\w")


class Conventions(NamedTuple):
    """How a document writes what can be read in two ways; `region` is that of telephone numbers without a country."""

    day_first: bool
    mark: DecimalMark
    region: str


def conventions_of(pages: Sequence[PageReading], texts: Sequence[str]) -> Conventions:
    """Return the conventions of a document by its dates, its amounts and the language of its pages."""
    language = next((page.language for page in pages if page.language), None)
    return Conventions(is_day_first(texts, language), decimal_mark(texts), _REGIONS.get(language or "", "ZZ"))


def patterns_in(text: str, conventions: Conventions, *, columns: str = "") -> list[Found]:
    """Return what is found by its form, in the order of the text and without overlaps.

    `columns` is the text with tabs where columns end, if that is known: no amount goes on from one to the next.

    Where two overlap, the one that is tried first stays: what check digits or signs prove comes before digits alone.
    Addresses are the exception: they hold other mentions.
    """
    taken: list[Found] = []
    finders = (_emails(text), _urls(text), _ibans(text), _vat_ids(text), _dates(text, conventions))
    for finder in (*finders, iter(_money(columns or text, conventions)), _phones(text, conventions)):
        taken += _free(list(finder), taken)
    return sorted([*taken, *addresses_in(text)], key=lambda found: (found.start, -found.end))


def _free(found: Sequence[Found], taken: Sequence[Found]) -> list[Found]:
    """Return those that overlap nothing taken before; both are in the order of the text by themselves."""
    occupied = sorted((each.start, each.end) for each in taken)
    free: list[Found] = []
    at = 0
    for each in found:
        while at < len(occupied) and occupied[at][1] <= each.start:
            at += 1
        if (at >= len(occupied) or occupied[at][0] >= each.end) and (not free or free[-1].end <= each.start):
            free.append(each)
    return free


def _emails(text: str) -> Iterator[Found]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Found("email", *match.span(), match[0].lower())


def _urls(text: str) -> Iterator[Found]:
    for match in _URL.finditer(text):
        url = match[0].rstrip(_AFTER_URL)
        if match[0].count("(") > url.count("(") or (
            url.count("(") > url.count(")") and match[0][len(url) :][:1] == ")"
        ):
            url = match[0][: len(url) + 1]
        yield Found("url", match.start(), match.start() + len(url), url if "://" in url else f"https://{url}")


def _ibans(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        # What follows on the line may look like one more group: the longest part whose check digits hold counts.
        end = match.end()
        while end > match.start():
            identifier = iban(text[match.start() : end])
            if identifier is not None and identifier.is_valid:
                yield Found("iban", match.start(), end, identifier.value)
                break
            end = max(text.rfind(mark, match.start(), end) for mark in " .-\u00a0")


def _vat_ids(text: str) -> Iterator[Found]:
    for match in _VAT.finditer(text):
        end = match.end()
        while end > match.start():
            identifier = vat_id(text[match.start() : end])
            if identifier is not None and identifier.is_valid:
                yield Found("vat_id", match.start(), end, identifier.value)
                break
            end = max(text.rfind(mark, match.start(), end) for mark in " .-")


def _dates(text: str, conventions: Conventions) -> Iterator[Found]:
    for found in dates_in(text, day_first=conventions.day_first):
        yield Found("date", found.start, found.end, found.value)


def _money(text: str, conventions: Conventions) -> list[Found]:
    """Return amounts with a currency beside them, in signs or in words; numbers alone are none."""
    found = [*_scaled(text, conventions.mark), *_in_words(text, conventions.mark), *_signed(text, conventions.mark)]
    return sorted(found, key=lambda each: (each.start, -each.end))


def _signed(text: str, mark: DecimalMark) -> Iterator[Found]:
    for amount in amounts_in(text, mark=mark):
        if not amount.currency or amount.is_percent or _GOES_ON.match(text, amount.end):
            continue
        start, end, value = amount.start, amount.end, amount.value
        if text[start] == "(" and (value[0] != "-" or _IN_A_SENTENCE.search(text, max(0, start - 20), start)):
            # Brackets are a minus in tables of figures; behind a word they are brackets.
            start, end, value = start + 1, end - text[start:end].endswith(")"), value.lstrip("-")
        yield Found("money", start, end, f"{value} {amount.currency}")


def _scaled(text: str, mark: DecimalMark) -> Iterator[Found]:
    for pattern in _SCALED:
        for match in pattern.finditer(text):
            currency = currency_of(match["sign"].upper())
            yield Found("money", *match.span(), f"{_times(match, mark)} {currency}")


def _in_words(text: str, mark: DecimalMark) -> Iterator[Found]:
    for match in _IN_WORDS.finditer(text):
        yield Found("money", *match.span(), f"{_times(match, mark)} {_UNITS[match['unit'][0].lower()]}")


def _times(match: re.Match[str], mark: DecimalMark) -> str:
    """Return the number of a match times its million or billion, without exponent."""
    value = decimal_of(match["number"], mark)
    assert value is not None  # noqa: S101 - the pattern allows fewer digits than are too many
    if match["scale"]:
        value *= _SCALES[match["scale"][:3].lower().rstrip(".")]
        return f"{value.normalize():f}"
    return str(value)


def _phones(text: str, conventions: Conventions) -> Iterator[Found]:
    """Give numbers that a plan of numbers allows, if they are international, in brackets, or said to be one."""
    for match in _PHONE.finditer(text):
        is_said = match[0].startswith(("+", "(")) or _PHONE_LABEL.search(
            text, max(0, match.start() - 40), match.start()
        )
        if is_said:
            for start, end, number in phones(match[0], conventions.region):
                yield Found("phone", match.start() + start, match.start() + end, number.value)
