"""How long a contract holds: its durations with what stands around them."""

import re
from typing import Final

from apps.extraction.engine.fields.contracts.candidates import Candidate
from apps.extraction.engine.fields.contracts.patterns import patterns
from apps.extraction.engine.fields.contracts.zones import Zones
from apps.extraction.engine.fields.normalise.durations import Duration, durations_in

KEY: Final = "term"
_BEFORE: Final = patterns("term_before")
_BEHIND: Final = patterns("term_behind")
_NEAR: Final = ("term_word", "terminates", "obligations", "agreement", "survives", "solicit", "notice", "employment")
FEATURES: Final = (
    *_BEFORE,
    *_BEHIND,
    *(f"{name}_near" for name in _NEAR),
    *(
        "agreement_ends",
        "term_is",
        "is_years",
        "is_days",
        "count",
        "position",
        "anniversary",
        "said_again",
        "heading_and_date",
    ),
    *("obligations_and_date", "alone_in_document"),
)
_SENTENCE: Final = re.compile(r"(?:[.;:]\s|\n\n|\f)(?=\W?[A-ZÄÖÜÉ(])")


def candidates(zones: Zones) -> list[Candidate]:
    """Return the durations of a contract, every place where one stands."""
    found = list(durations_in(zones.text))
    values = [each.value for each in found]
    return [
        Candidate(
            KEY, each.value, (each.start, each.end), _cues(each, zones, values.count(each.value), len(set(values)))
        )
        for each in found
    ]


def _cues(duration: Duration, zones: Zones, times: int, different: int) -> tuple[float, ...]:
    before, behind = zones.before(duration.start, 300), zones.after(duration.end, 140)
    starts = [match.end() for match in _SENTENCE.finditer(zones.text, max(0, duration.start - 300), duration.start)]
    sentence = zones.before(duration.start, duration.start - starts[-1]) if starts else before
    near = sentence[-70:]
    cues = {name: float(pattern.search(sentence) is not None) for name, pattern in _BEFORE.items()}
    cues["term_heading"] = float(
        _BEFORE["term_heading"].search(zones.text, max(0, duration.start - 300), duration.start) is not None
    )
    cues |= {name: float(pattern.search(behind) is not None) for name, pattern in _BEHIND.items()}
    cues |= {f"{name}_near": float(_BEFORE[name].search(near) is not None) for name in _NEAR}
    dated = max(cues["from_here"], cues["from_date"])
    cues |= {
        "agreement_ends": cues["agreement"] * cues["terminates"],
        "term_is": cues["term_word"] * cues["agreement"],
        "heading_and_date": cues["term_heading"] * dated,
        "obligations_and_date": cues["obligations"] * dated,
        "is_years": float(duration.unit == "year"),
        "is_days": float(duration.unit in {"day", "week"}),
        "count": min(duration.count, 60) / 60,
        "position": duration.start / max(1, len(zones.text)),
        "anniversary": float(duration.is_anniversary),
        "said_again": min(times, 5) / 5,
        "alone_in_document": float(different == 1),
    }
    return tuple(cues[name] for name in FEATURES)
