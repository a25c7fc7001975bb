"""Since when a contract holds: its dates with what stands around them."""

import math
import re
from collections import defaultdict
from typing import Final

from apps.extraction.engine.fields.contracts.candidates import Candidate
from apps.extraction.engine.fields.contracts.patterns import patterns
from apps.extraction.engine.fields.contracts.written_dates import WrittenDate, dates_in
from apps.extraction.engine.fields.contracts.zones import Zones

KEY: Final = "effective_date"
FEATURES: Final = (
    *(
        "as_of",
        "dated",
        "effective",
        "made",
        "this_day",
        "between_near",
        "defined_effective",
        "effective_label",
        "date_label",
    ),
    *(
        "own_line",
        "own_line_on_top",
        "in_first_600",
        "in_preamble",
        "in_signatures",
        "in_body",
        "other_document",
        "with_notice",
    ),
    *("expires", "mentions", "first_in_text", "first_of_preamble", "only_one", "latest", "letter_on_top", "position"),
    *("executed", "this_agreement", "preamble_date_known", "worded_day", "label_only", "until", "born"),
)
_LONGEST_LETTER_TOP: Final = 1_500
_BEFORE: Final = patterns("effective_date_before")
_DEFINED: Final = re.compile(
    r"^\W{0,4}(?:\(?\s?(?:the|hereinafter|der|la)?\W{0,6}(?:effective|commencement|date\s+d'effet|stichtag|inkrafttreten)\b)",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"\b(?:between|among|zwischen|entre)\b", re.IGNORECASE)


def candidates(zones: Zones) -> list[Candidate]:
    """Return the dates of a contract, each once, with cues from everywhere it stands."""
    found = list(dates_in(zones.text, zones.language))
    cues: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    best: dict[str, tuple[float, WrittenDate]] = {}
    for place, written in enumerate(found):
        here = {**_around(written, zones), **_where(written, zones, place)}
        known = cues[written.value]
        for name, value in here.items():
            known[name] = max(known[name], value)
        known["mentions"] += 1
        strength = (
            2 * here["in_preamble"]
            + here["effective"]
            + here["as_of"]
            + here["defined_effective"]
            - here["other_document"]
        )
        if written.value not in best or strength > best[written.value][0]:
            best[written.value] = (strength, written)
    in_preamble = {value for value, known in cues.items() if known["in_preamble"] and not known["other_document"]}
    return [
        _candidate(
            best[value][1],
            {
                **known,
                "mentions": min(1.0, known["mentions"] / 4),
                "only_one": float(len(cues) == 1),
                "latest": float(value == max(cues)),
                "preamble_date_known": float(bool(in_preamble - {value})),
                "label_only": float(known["date_label"] > 0 and not known["in_preamble"]),
            },
        )
        for value, known in cues.items()
    ]


def _candidate(written: WrittenDate, cues: dict[str, float]) -> Candidate:
    return Candidate(KEY, written.value, (written.start, written.end), tuple(cues.get(name, 0.0) for name in FEATURES))


def _around(written: WrittenDate, zones: Zones) -> dict[str, float]:
    before, behind = zones.before(written.start, 320), zones.after(written.end, 120)
    found = {name: float(pattern.search(before[-200:]) is not None) for name, pattern in _BEFORE.items()}
    found["defined_effective"] = float(_DEFINED.match(behind) is not None)
    found["between_near"] = float(_BETWEEN.search(behind[:80]) is not None or _BETWEEN.search(before) is not None)
    found["worded_day"] = float("day" in zones.text[written.start : written.end].lower())
    return found


def _where(written: WrittenDate, zones: Zones, place: int) -> dict[str, float]:
    text = zones.text
    line_start = max(text.rfind("\n", 0, written.start), text.rfind("\f", 0, written.start)) + 1
    ends = [end for end in (text.find("\n", written.end), text.find("\f", written.end)) if end >= 0]
    rest = text[line_start : written.start] + text[written.end : min(ends, default=len(text))]
    own_line = sum(character.isalnum() for character in rest) <= 6
    on_top = written.start < _LONGEST_LETTER_TOP
    in_signatures = written.start >= zones.signatures_start
    in_preamble = written.start < zones.preamble_end
    return {
        "own_line": float(own_line),
        "own_line_on_top": float(own_line and on_top),
        "letter_on_top": float(own_line and on_top and zones.is_letter),
        "in_first_600": float(written.start < 600),
        "in_preamble": float(in_preamble),
        "in_signatures": float(in_signatures),
        "in_body": float(not in_preamble and not in_signatures),
        "first_in_text": float(place == 0),
        "first_of_preamble": float(place == 0 and in_preamble),
        "position": 1 / (1 + math.log1p(written.start / 300)),
    }
