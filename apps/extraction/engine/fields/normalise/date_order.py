"""Whether a document writes the day before the month: what its dates prove, else what speaks for the United States."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from apps.extraction.engine.fields.normalise.dates import NUMERIC, dates_in

_US_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA"
    "|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC"
)
_US_STATE_NAMES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho|Illinois|Indiana|Iowa"
    "|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska"
    "|Nevada|New (?:Hampshire|Jersey|Mexico|York)|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania"
    "|Rhode Island|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming"
)
# Signs of the United States and how much each says alone. Telephone numbers are written so in Canada too, dollars are
# others' as well, and a month before its day is the habit of many who write English.
_US_SIGNS = (
    (
        re.compile(
            rf"\b(?:{_US_STATES}|{_US_STATE_NAMES}),? \d{{5}}(?:-\d{{4}})?\b|\bState of (?:{_US_STATE_NAMES}|Georgia)\b"
            r"|\bU\.?S\.?A\.?(?!\w)|\bUnited States\b"
        ),
        2.0,
    ),
    (
        re.compile(
            r"\b(?:EIN|FEIN|Fed(?:eral)?\.? ?(?:Tax )?ID|Tax ?ID)\b[\w\s#.:-]{0,12}?\b\d{2}-\d{7}\b", re.IGNORECASE
        ),
        2.0,
    ),
    (re.compile(r"\bUSD\b|(?<![\w$])US ?\$ ?\d"), 1.0),
    (
        re.compile(
            r"(?<!\d)(?:\+?1[ .-])?\(\d{3}\) ?\d{3}[ .-]\d{4}(?!\d)|(?<![\d-])(?:1-)?\d{3}-\d{3}-\d{4}(?![\d-])"
        ),
        1.0,
    ),
    (re.compile(r"\bsales tax\b|\bzip(?: code)?\b|\bW-9\b", re.IGNORECASE), 1.0),
    (re.compile(r"\b(?:LLC|L\.L\.C\.|Inc\.?|Corp\.?)(?!\w)"), 0.5),
    (re.compile(r"(?<![\w$])\$ ?\d"), 0.5),
)
_ENOUGH = 2.0
_ELSEWHERE = re.compile(
    r"€|£|(?<![A-Z])[ACNS]Z?\$|\b(?:EUR|GBP|RM|MYR|SGD|INR|CHF|CAD|AUD|NZD|HKD|VAT|GST|HST|ABN|ACN|GmbH|SDN|BHD|Jalan|Pty|Pte|Ltd|Canada)\b",
    re.IGNORECASE,
)
_MONTH_THEN_DAY = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}\b",
    re.IGNORECASE,
)
_DAY_THEN_MONTH = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?[ -]\d{2,4}\b",
    re.IGNORECASE,
)


def is_day_first(texts: Iterable[str], language: str | None = None) -> bool:
    """Tell how a document writes numeric dates: by what its own dates prove, else by its place.

    A date that can be read in one way only proves it; so does one that the document tells a second time in another
    writing, and a point between the numbers, which only countries use that write the day first. Without proof the day
    comes first unless enough speaks for the United States, where English says month, day, year.
    """
    known = list(texts)
    proof = proof_of_order(known)
    if proof:
        return proof > 0
    return not (language in {"en", None} and _is_american(known))


def proof_of_order(texts: Sequence[str]) -> int:
    """Return how many dates prove to have the day first, less those that prove to have the month first."""
    proof = 0
    open_dates: list[tuple[int, int, int]] = []
    for text in texts:
        for match in NUMERIC.finditer(text):
            one, two = int(match["one"]), int(match["two"])
            proof += (12 < one <= 31 and two <= 12) - (12 < two <= 31 and one <= 12)
            if one <= 12 and two <= 12 and one != two:
                proof += "." in match["mark"]
                open_dates.append((int(match["year"].lstrip("'")) % 100, one, two))
    if open_dates and not proof:
        told = set(_told_otherwise(texts))
        proof = sum(((year, two, one) in told) - ((year, one, two) in told) for year, one, two in open_dates)
    return proof


def _told_otherwise(texts: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield (year of the century, month, day) of the dates that leave no doubt."""
    for text in texts:
        if any(map(str.isdigit, text)):
            for found in dates_in(text):
                if found.style != "numeric":
                    day = date.fromisoformat(found.value)
                    yield day.year % 100, day.month, day.day


def _is_american(texts: Sequence[str]) -> bool:
    said = " \n ".join(texts)
    points = sum(weight for pattern, weight in _US_SIGNS if pattern.search(said))
    if points and _MONTH_THEN_DAY.search(said):
        points += 1.0
    if points >= _ENOUGH and _DAY_THEN_MONTH.search(said):
        points -= 1.0
    return points >= _ENOUGH and not _ELSEWHERE.search(said)  # last, as it costs most and mostly is not needed
