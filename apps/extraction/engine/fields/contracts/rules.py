"""What rules find of a contract's end: how long it holds, when it expires, whether it renews itself, its notice."""

import re
from collections.abc import Iterator
from typing import Final

from apps.extraction.engine.fields.contracts.patterns import patterns
from apps.extraction.engine.fields.contracts.written_dates import dates_in
from apps.extraction.engine.fields.contracts.zones import Zones
from apps.extraction.engine.fields.normalise.durations import durations_in
from apps.extraction.engine.fields.types import FieldReading

PRODUCER: Final = "contract-rules/1"
_PATTERNS: Final = patterns("endings")
_TERM: Final = patterns("term_said")
_SENTENCE_START: Final = re.compile(r"(?:[.;:]\s|\f)\s*(?=[A-ZÄÖÜÉ(§\d])|\n(?=\s*(?:\d{1,2}[.)]|§|\([a-z]\)))")
_SENTENCE_END: Final = re.compile(r"[.;](?=\s)|\f")
_REACH: Final = 500  # characters of a sentence
_LONGEST_QUOTE: Final = 400


def endings(zones: Zones) -> Iterator[FieldReading]:
    """Yield expiration date, renewal and notice period where the text says them in so many words."""
    for found in (_expiration(zones), _renewal(zones), _notice(zones)):
        if found is not None:
            yield found


def said_term(zones: Zones) -> FieldReading | None:
    """Return the first duration that the text says is the contract's, whatever kind of contract it is."""
    for found in durations_in(zones.text):
        if _TERM["before"].search(zones.before(found.start, 240)):
            return zones.running.reading(
                (found.start, found.end), key="term", value=found.value, value_type="text", producer=PRODUCER
            )
    return None


def _expiration(zones: Zones) -> FieldReading | None:
    best: tuple[int, int, str] | None = None
    for written in dates_in(zones.text, zones.language):
        before = zones.before(written.start, 200)
        if _PATTERNS["expiry_label"].search(before):
            best = (written.start, written.end, written.value)
            break
        if best is None and _PATTERNS["expires"].search(before) and _PATTERNS["of_the_contract"].search(before):
            best = (written.start, written.end, written.value)
    if best is None:
        return None
    return zones.running.reading(best[:2], key="expiration_date", value=best[2], value_type="date", producer=PRODUCER)


def _renewal(zones: Zones) -> FieldReading | None:
    refused = _PATTERNS["no_renewal"].search(zones.text)
    match = refused or _PATTERNS["renewal"].search(zones.text)
    if match is None:
        return None
    start, end = sentence_around(zones.text, match.start())
    period = next((each for each in durations_in(zones.text[match.end() : end])), None)
    kind = "none" if refused else "automatic"
    value = f"{kind}, {period.value}" if period and not refused else kind
    return zones.running.reading(
        (start, min(end, start + _LONGEST_QUOTE)), key="renewal", value=value, value_type="text", producer=PRODUCER
    )


def _notice(zones: Zones) -> FieldReading | None:
    for found in durations_in(zones.text):
        behind, before = zones.after(found.end, 60), zones.before(found.start, 70)
        if not (_PATTERNS["notice_behind"].match(behind) or _PATTERNS["notice_before"].search(before)):
            continue
        start, end = sentence_around(zones.text, found.start)
        if _PATTERNS["ending"].search(zones.text, start, end):
            return zones.running.reading(
                (found.start, found.end),
                key="notice_period",
                value=found.value,
                value_type="text",
                producer=PRODUCER,
            )
    return None


def sentence_around(text: str, place: int) -> tuple[int, int]:
    """Return where the sentence around a place begins and ends, at most _REACH characters either way."""
    low = max(0, place - _REACH)
    starts = [match.end() for match in _SENTENCE_START.finditer(text, low, place)]
    end = _SENTENCE_END.search(text, place, min(len(text), place + _REACH))
    return (starts[-1] if starts else low), (end.end() if end else min(len(text), place + _REACH))
