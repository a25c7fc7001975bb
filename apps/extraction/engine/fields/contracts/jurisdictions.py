"""Whose law governs a contract: states and countries with what stands around them."""

import math
import re
from collections import defaultdict
from typing import Final

from apps.extraction.engine.fields.contracts.candidates import Candidate
from apps.extraction.engine.fields.contracts.patterns import patterns
from apps.extraction.engine.fields.contracts.places import Place, places_in
from apps.extraction.engine.fields.contracts.zones import Zones

KEY: Final = "jurisdiction"
FEATURES: Final = (
    *("governed", "laws_of", "law_behind", "heading", "courts", "venue_only", "incorporated", "organized", "address"),
    *("first_governed", "mentions", "share", "late", "others_governed", "country_of_a_state", "excluded"),
)
_PATTERNS: Final = patterns("jurisdiction")
_COUNTRIES_OF_STATES: Final = frozenset({"United States", "Canada", "Australia", "United Kingdom"})


def candidates(zones: Zones) -> list[Candidate]:
    """Return the states and countries of a contract, each once, with the place that best names the governing law."""
    cues: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    best: dict[str, tuple[float, Place]] = {}
    mentions: dict[str, int] = defaultdict(int)
    first_governed = ""
    for place in places_in(zones.text):
        found = _cues_of(place, zones)
        mentions[place.name] += 1
        known = cues[place.name]
        for name, value in found.items():
            known[name] = max(known[name], value)
        strength = (
            3 * found["governed"] + 2 * found["laws_of"] + found["law_behind"] + found["heading"] + found["courts"] / 2
        )
        if place.name not in best or strength > best[place.name][0]:
            best[place.name] = (strength, place)
        if found["governed"] and not first_governed:
            first_governed = place.name
    governed = sum(known["governed"] > 0 for known in cues.values())
    return [
        _candidate(
            best[name][1],
            {
                **known,
                "first_governed": float(name == first_governed),
                "mentions": min(1.0, math.log1p(mentions[name]) / 3),
                "share": mentions[name] / sum(mentions.values()),
                "others_governed": float(governed > (known["governed"] > 0)),
                "country_of_a_state": float(name in _COUNTRIES_OF_STATES and len(cues) > 1),
            },
        )
        for name, known in cues.items()
    ]


def _candidate(place: Place, cues: dict[str, float]) -> Candidate:
    return Candidate(KEY, place.name, (place.start, place.end), tuple(cues.get(name, 0.0) for name in FEATURES))


def _cues_of(place: Place, zones: Zones) -> dict[str, float]:
    before, behind = zones.before(place.start, 220), zones.after(place.end, 120)
    near = before[-110:]
    laws_of = _PATTERNS["laws_of"].search(near) is not None
    law_behind = _PATTERNS["law_behind"].match(behind) is not None or _PATTERNS["law_before"].search(near) is not None
    governed = (
        _PATTERNS["governed"].search(before[-170:]) is not None
        or bool(re.match(r"^[^.]{0,80}\b(?:govern|appl|control)", behind))
    ) and (laws_of or law_behind)
    organized = _PATTERNS["organized"].search(near) is not None
    courts = _PATTERNS["courts"].search(near) is not None or _PATTERNS["courts"].search(behind[:60]) is not None
    return {
        "governed": float(governed and not organized),
        "laws_of": float(laws_of and not organized),
        "law_behind": float(law_behind),
        "heading": float(_PATTERNS["heading"].search(before) is not None),
        "courts": float(courts),
        "venue_only": float(courts and not (laws_of or law_behind)),
        "incorporated": float(_PATTERNS["company_behind"].match(behind) is not None),
        "organized": float(organized),
        "address": float(_PATTERNS["address"].match(behind) is not None),
        "late": place.start / max(1, len(zones.text)),
        "excluded": float(_PATTERNS["excluded"].search(near) is not None),
    }
