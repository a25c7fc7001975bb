"""Who the parties of a contract may be: names with what all the places where they stand say of them."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from apps.extraction.engine.fields.contracts.candidates import Candidate
from apps.extraction.engine.fields.contracts.names import Name
from apps.extraction.engine.fields.contracts.party_places import mentions
from apps.extraction.engine.fields.contracts.patterns import patterns
from apps.extraction.engine.fields.contracts.places import places_in
from apps.extraction.engine.fields.contracts.zones import Zones
from apps.extraction.engine.fields.normalise.organisations import organisation_name
from apps.extraction.engine.fields.support import bare

KEY: Final = "party"
_PATTERNS: Final = patterns("party")
_BEFORE: Final = patterns("party_before")
FEATURES: Final = (
    *("in_list", "heads_defined", "tail_of_list", "listed_later", "after_between", "after_and"),
    *("kind_follows", "role_follows", "definition_follows", "has_form", "has_body_word", "is_person", "is_place"),
    *("is_address", "word_count", "one_word", "joined", "advisor", "is_court"),
    *("signs_on_own_line", "by_follows", "by_precedes", "name_label", "title_follows", "signed_for", "slash_precedes"),
    *("signs_for_self", "own_line_on_top", "in_title", "in_file_head", "addressed", "is_letter", "mentions"),
    *("first_mention", "recited", "longer_known", "shorter_known", "part_of_longer", "all_alone", *_BEFORE),
    *("head_named", "head_plain", "head_person", "head_signs", "defined_signs", "person_signs", "letter_signs"),
    *("letter_addressee", "alone_defined", "alone_on_top", "alone_signs", "alone_person"),
)


@dataclass
class _Evidence:
    """What is known of one name from all places where it stands."""

    span: tuple[int, int]
    written: str
    strength: float = -1.0
    cues: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    mentions: int = 0

    def add(self, **cues: float) -> None:
        for name, value in cues.items():
            self.cues[name] = max(self.cues[name], value)


def candidates(zones: Zones) -> list[Candidate]:
    """Return the names that may be parties, each once, with cues from everywhere it stands."""
    found: dict[str, _Evidence] = {}
    for name, strength, cues in mentions(zones):
        written = " ".join(zones.running.text[name.start : name.end].split())
        evidence = found.setdefault(bare(organisation_name(written)), _Evidence((name.start, name.end), written))
        evidence.add(**cues, **_around(name, zones))
        evidence.mentions += 1
        if strength > evidence.strength:
            evidence.span, evidence.written, evidence.strength = (name.start, name.end), written, strength
        if evidence.mentions == 1:
            evidence.add(**_of_itself(name, written))
    found.pop("", None)
    _compare(found)
    for evidence in found.values():
        _join(evidence.cues, is_letter=zones.is_letter)
    return [_candidate(evidence) for evidence in found.values()]


def _candidate(evidence: _Evidence) -> Candidate:
    cues = tuple(evidence.cues.get(name, 0.0) for name in FEATURES)
    return Candidate(key=KEY, value=organisation_name(evidence.written), span=evidence.span, cues=cues)


def _around(name: Name, zones: Zones) -> dict[str, float]:
    """Return the cues of what stands right before and behind a name."""
    before, behind = zones.before(name.start, 60), zones.after(name.end, 140)
    definition = _PATTERNS["definition"].search(behind)
    defined = definition is not None and definition.start() < 40
    role = _PATTERNS["role"].search(behind[definition.end() - 1 : definition.end() + 60]) if definition else None
    return {
        **{cue: float(pattern.search(before) is not None) for cue, pattern in _BEFORE.items()},
        "kind_follows": float(_PATTERNS["kind"].match(behind) is not None),
        "definition_follows": float(defined),
        "role_follows": float(defined and role is not None),
        "in_file_head": float(name.start < 160 and zones.text[:8].upper().startswith("EX")),
        "in_title": float(name.start < 600),
        "first_mention": 1 / (1 + math.log1p(name.start / 300)),
    }


def _of_itself(name: Name, written: str) -> dict[str, float]:
    """Return the cues of how a name is written."""
    return {
        "has_form": float(name.has_form),
        "has_body_word": float(name.has_body_word),
        "is_person": float(name.is_like_person),
        "is_place": float(any(place.end - place.start >= 0.6 * len(written) for place in places_in(written))),
        "is_address": float(_PATTERNS["address"].search(written) is not None),
        "word_count": min(len(name.words), 8) / 8,
        "one_word": float(len(name.words) == 1),
        "joined": float(any(f" {word} " in written for word in ("and", "und", "et"))),
        "advisor": float(_PATTERNS["advisors"].search(written) is not None),
        "is_court": float(_PATTERNS["court"].search(written) is not None),
    }


def _compare(found: dict[str, _Evidence]) -> None:
    """Add the cues that look at the other names."""
    keys = [key for key in found if len(key) > 3]
    alone = float(not any(evidence.cues["in_list"] >= 1 for evidence in found.values()))
    for key, evidence in found.items():
        others = [other for other in keys if other != key]
        evidence.add(
            longer_known=float(any(other.startswith(key) for other in others)),
            part_of_longer=float(any(other.endswith(key) for other in others)),
            shorter_known=float(any(key.startswith(other) for other in others)),
            mentions=min(1.0, math.log1p(evidence.mentions) / 4),
            all_alone=alone,
        )


def _join(cues: dict[str, float], *, is_letter: bool) -> None:
    """Add the cues that hold where two others do."""
    head = cues["in_list"] * (1 - cues["tail_of_list"])
    organisation = max(cues["has_form"], cues["has_body_word"])
    signs = cues["signs_on_own_line"] * cues["by_follows"]
    alone = cues["all_alone"]
    cues |= {
        "is_letter": float(is_letter),
        "head_named": head * max(cues["has_form"], cues["kind_follows"]),
        "head_plain": head * (1 - cues["heads_defined"]),
        "head_person": head * cues["is_person"],
        "head_signs": head * max(cues["signs_on_own_line"], cues["slash_precedes"]),
        "defined_signs": cues["definition_follows"] * cues["signs_on_own_line"],
        "person_signs": cues["is_person"] * cues["signs_for_self"],
        "letter_signs": is_letter * signs,
        "letter_addressee": is_letter * cues["own_line_on_top"] * cues["has_form"],
        "alone_defined": alone * max(cues["role_follows"], cues["definition_follows"]) * organisation,
        "alone_on_top": alone * cues["own_line_on_top"] * cues["has_form"],
        "alone_signs": alone * signs,
        "alone_person": alone * cues["is_person"] * max(cues["signs_for_self"], cues["role_follows"]),
    }
