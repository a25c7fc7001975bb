"""Who the parties of a contract may be: names in its preamble, among its signatures, in the head of a letter."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from apps.extraction.engine.fields.contracts.candidates import Candidate
from apps.extraction.engine.fields.contracts.names import Name, names_in
from apps.extraction.engine.fields.contracts.patterns import patterns
from apps.extraction.engine.fields.contracts.zones import Line, Zones
from apps.extraction.engine.fields.normalise.organisations import organisation_name
from apps.extraction.engine.fields.support import bare

KEY: Final = "party"
FEATURES: Final = (
    *("in_list", "first_of_list", "second_of_list", "later_of_list", "after_between", "after_and", "list_length"),
    *("kind_follows", "role_follows", "role_near", "definition_follows", "has_form", "has_body_word", "is_person"),
    *("signs_on_own_line", "by_follows", "by_precedes", "name_label", "title_follows", "signed_for", "slash_precedes"),
    *(
        "own_line_on_top",
        "in_title",
        "in_file_head",
        "addressed",
        "attention",
        "is_letter",
        "mentions",
        "first_mention",
    ),
    *("longer_known", "shorter_known", "affiliate_precedes", "agreement_with", "advisor", "word_count", "is_court"),
    *("listed_twice", "defined_and_signs", "list_and_signs", "person_list_and_signs", "letter_and_signs", "all_alone"),
    *("behalf_precedes", "recited", "refers_precedes", "signs_for_self", "part_of_longer", "joined", "alone_defined"),
    *("listed_role", "listed_kind", "listed_person", "listed_form", "listed_bare"),
    *("alone_on_top", "alone_signs", "alone_named", "person_signs", "letter_addressee"),
)
_INDEX: Final = {name: index for index, name in enumerate(FEATURES)}
_BODY: Final = 40_000  # characters in which names with a legal form are looked for
_PATTERNS: Final = patterns("party")
_SAME_COLUMN: Final = 0.06  # of the page's width
_LONGEST_LIST: Final = 1_800
_BRACKETS: Final = re.compile(r"\([^()]{1,300}\)")


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
    for name, strength, cues in _everywhere(zones):
        written = " ".join(zones.running.text[name.start : name.end].split())
        evidence = found.setdefault(bare(organisation_name(written)), _Evidence((name.start, name.end), written))
        evidence.add(**cues, **_of_itself(name, zones))
        evidence.mentions += 1
        if strength > evidence.strength:
            evidence.span, evidence.written, evidence.strength = (name.start, name.end), written, strength
    found.pop("", None)
    _compare(found)
    return [_candidate(evidence, zones) for evidence in found.values()]


def _everywhere(zones: Zones) -> Iterator[tuple[Name, float, dict[str, float]]]:
    """Yield names with how good a place theirs is to point at, and the cues of the place."""
    yield from _listed(zones)
    yield from _on_top(zones)
    yield from _signing(zones)
    yield from _in_body(zones)


def _listed(zones: Zones) -> Iterator[tuple[Name, float, dict[str, float]]]:
    """Yield the names behind "between": what a preamble lists."""
    for nth, trigger in enumerate(_triggers(zones)):
        end = _list_end(zones, trigger.end())
        names = list(names_in(_without_brackets(zones.text[:end], trigger.end()), trigger.end(), end))
        place = 0
        reached = trigger.end()
        for name in names:
            place += name.start >= reached
            reached = max(reached, name.end)
            gap = zones.text[trigger.end() : name.start].strip(" \n:,(")
            cues = {
                "in_list": 1.0 if not nth else 0.5,
                "listed_twice": float(nth > 0),
                "first_of_list": float(place == 1),
                "second_of_list": float(place == 2),
                "later_of_list": float(place > 2),
                "after_between": float(not gap),
                "after_and": float(
                    re.search(r"\b(?:and|und|et)\s*(?:[(]?[a-z0-9]{1,2}[).]\s*)?$", zones.before(name.start, 12))
                    is not None
                ),
                "list_length": min(place, 8) / 8,
            }
            yield name, 5.0 - nth - min(place, 20) / 100, cues


def _triggers(zones: Zones) -> list[re.Match[str]]:
    """Return the first places where a list of parties may begin, in the head of the text."""
    return list(_PATTERNS["trigger"].finditer(zones.text, 0, max(zones.preamble_end, 2_500)))[:3]


def _list_end(zones: Zones, start: int) -> int:
    limit = min(len(zones.text), start + _LONGEST_LIST)
    match = _PATTERNS["list_end"].search(zones.text, start + 3, limit)
    return match.start() + 1 if match else limit


def _without_brackets(text: str, start: int) -> str:
    """Return a text with what stands in brackets behind a place blanked: definitions such as `(the "Company")`."""
    return text[:start] + _BRACKETS.sub(
        lambda found: found[0][0] + " " * (len(found[0]) - 2) + found[0][-1], text[start:]
    )


def _on_top(zones: Zones) -> Iterator[tuple[Name, float, dict[str, float]]]:
    """Yield names on lines of their own at the head of the text: title page, letterhead, address."""
    for place, line in enumerate(zones.lines[:40]):
        if line.start > 2_500:
            break
        for name in names_in(zones.text, line.start, line.end):
            if name.end - name.start < 0.75 * len(line.text.strip()):
                continue
            behind = zones.after(line.end, 60)
            addressed = re.match(
                r"^(?:\d+\s|c/o|p\.?\s?o\.?\s|suite|attention|attn|one\s|\w+\s+(?:street|road|avenue|plaza|tower))",
                behind,
                re.IGNORECASE,
            )
            cues = {"own_line_on_top": 1 - place / 60, "addressed": float(addressed is not None)}
            yield name, 1.0, cues


def _signing(zones: Zones) -> Iterator[tuple[Name, float, dict[str, float]]]:
    """Yield the names among the signatures."""
    lines = zones.closing_lines
    for index, line in enumerate(lines):
        near = _Signature.around(zones, lines, index)
        for name in names_in(zones.text, line.start, line.end):
            head = zones.text[line.start : name.start].strip().lower()
            tail = zones.text[name.end : line.end].strip(" :,.()-_")
            cues = {
                "signs_on_own_line": float(not head.strip('(" ') and len(tail) < 25),
                "by_follows": float(any(map(_PATTERNS["by_line"].match, near.below[:2])) or tail[:2].lower() == "by"),
                "by_precedes": float(re.search(r"\bby\s?[:;]?\s*(?:/s/)?$", head) is not None or near.is_by_above),
                "slash_precedes": float("/s/" in head or any("/s/" in text for text in near.above)),
                "name_label": float(re.search(r"\b(?:name|nom)\s?:?$", head) is not None),
                "title_follows": float(_PATTERNS["title_line"].search(" ".join([tail, *near.below[:1]])) is not None),
                "signed_for": float(re.search(r"\b(?:for|für|pour)\s?:?$", head) is not None),
            }
            cues["signs_for_self"] = (
                cues["slash_precedes"]
                * cues["signs_on_own_line"]
                * (1 - max(cues["by_precedes"], cues["title_follows"]))
            )
            yield name, 2.0 + cues["signs_on_own_line"] / 2, cues


@dataclass(frozen=True)
class _Signature:
    """What stands in the same column above and below a line among the signatures."""

    above: list[str]
    below: list[str]

    @classmethod
    def around(cls, zones: Zones, lines: Sequence[Line], index: int) -> "_Signature":
        left = zones.running.left_of(lines[index].start)
        near = lines[max(0, index - 5) : index + 6]
        column = [line for line in near if abs(zones.running.left_of(line.start) - left) < _SAME_COLUMN]
        place = column.index(lines[index])
        return cls(
            above=[line.text for line in column[max(0, place - 2) : place]],
            below=[line.text for line in column[place + 1 : place + 4]],
        )

    @property
    def is_by_above(self) -> bool:
        """Whether the line above says by whom it is signed for somebody else."""
        return any(_PATTERNS["by_line"].match(text) and not text.startswith(("/s/", "/S/")) for text in self.above[-1:])


def _in_body(zones: Zones) -> Iterator[tuple[Name, float, dict[str, float]]]:
    """Yield names with a legal form, and those that a definition follows, wherever they stand."""
    for name in names_in(zones.text, 0, min(len(zones.text), _BODY)):
        defined = _PATTERNS["definition"].match(zones.after(name.end, 90).lstrip(", "))
        kind = _PATTERNS["kind"].match(zones.after(name.end, 120))
        if name.has_form or defined or kind or name.start < zones.preamble_end:
            recited = float(zones.preamble_end < name.start < zones.preamble_end + 4_000)
            yield name, 1.5 if name.start < zones.preamble_end else 0.0, {"recited": recited}


def _of_itself(name: Name, zones: Zones) -> dict[str, float]:
    """Return the cues of a name and of what stands right before and behind it."""
    before, behind = zones.before(name.start, 60), zones.after(name.end, 260)
    near = behind[:120]
    definition = _PATTERNS["definition"].search(behind)
    role = _PATTERNS["role"].search(behind[definition.end() - 1 : definition.end() + 60]) if definition else None
    return {
        "kind_follows": float(_PATTERNS["kind"].match(near) is not None),
        "definition_follows": float(definition is not None and definition.start() < 40),
        "role_near": float(definition is not None and role is not None),
        "role_follows": float(definition is not None and definition.start() < 40 and role is not None),
        "has_form": float(name.has_form),
        "has_body_word": float(name.has_body_word),
        "is_person": float(name.is_like_person),
        "word_count": min(len(name.words), 8) / 8,
        "attention": float(re.search(r"\b(?:attention|attn|c/o)\W*$", before) is not None),
        "affiliate_precedes": float(
            re.search(
                r"\b(?:affiliates?|subsidiar\w+|division|parent|owned|unit|licensees?)\s+(?:of|company)\W*$|\bincluding\W*$",
                before,
            )
            is not None
        ),
        "behalf_precedes": float(
            re.search(
                r"\b(?:behalf\s+of|capacity\s+as|represented\s+by|vertreten\s+durch|représentée?\s+par)\W*(?:mr\.|ms\.|herrn?|m\.)?\W*$",
                before,
            )
            is not None
        ),
        "refers_precedes": float(
            re.search(
                r"\b(?:transaction|involving|acquisition|acquire|merger|with\s+or\s+involving|shares|stock|board\s+of\s+directors)\s+(?:of|with|involving)?\W*$",
                before,
            )
            is not None
        ),
        "agreement_with": float(
            re.search(r"\b(?:employ\w+|agree\w*|relationship|engage\w*)\s+(?:with|by|of|letter\s+with)\W*$", before)
            is not None
        ),
        "advisor": float(_PATTERNS["advisors"].search(" ".join(name.words)) is not None),
        "is_court": float(_PATTERNS["court"].search(" ".join(name.words)) is not None),
        "in_file_head": float(name.start < 160 and zones.text[:8].upper().startswith("EX")),
        "in_title": float(name.start < 600),
        "first_mention": 1 / (1 + math.log1p(name.start / 300)),
    }


def _compare(found: dict[str, _Evidence]) -> None:
    """Add the cues that look at the other names, and those that join two cues."""
    keys = [key for key in found if len(key) > 3]
    for key, evidence in found.items():
        cues = evidence.cues
        evidence.add(
            longer_known=float(any(other != key and other.startswith(key) for other in keys)),
            part_of_longer=float(any(other != key and other.endswith(key) for other in keys)),
            joined=float(" and " in evidence.written or " und " in evidence.written or " et " in evidence.written),
            person_signs=cues["is_person"] * cues["signs_for_self"],
            shorter_known=float(any(other != key and key.startswith(other) for other in keys)),
            defined_and_signs=cues["definition_follows"] * cues["signs_on_own_line"],
            listed_role=cues["in_list"] * max(cues["role_follows"], cues["role_near"]),
            listed_kind=cues["in_list"] * cues["kind_follows"],
            listed_person=cues["in_list"] * cues["is_person"] * max(cues["role_near"], cues["kind_follows"]),
            listed_form=cues["in_list"] * cues["has_form"],
            listed_bare=cues["in_list"] * (1 - max(cues["has_form"], cues["role_near"], cues["kind_follows"])),
            list_and_signs=cues["in_list"] * cues["signs_on_own_line"],
            person_list_and_signs=cues["in_list"]
            * cues["is_person"]
            * max(cues["slash_precedes"], cues["signs_on_own_line"]),
            mentions=min(1.0, math.log1p(evidence.mentions) / 4),
        )
    listed = sum(evidence.cues["in_list"] >= 1 for evidence in found.values())
    for evidence in found.values():
        cues, alone = evidence.cues, float(listed == 0)
        evidence.add(
            all_alone=alone,
            alone_defined=alone
            * max(cues["role_follows"], cues["definition_follows"])
            * max(cues["has_form"], cues["has_body_word"]),
            alone_on_top=alone * cues["own_line_on_top"] * cues["has_form"],
            alone_signs=alone * cues["signs_on_own_line"] * cues["by_follows"],
            alone_named=alone * cues["is_person"] * max(cues["signs_for_self"], cues["role_near"]),
        )


def _candidate(evidence: _Evidence, zones: Zones) -> Candidate:
    evidence.add(
        is_letter=float(zones.is_letter),
        letter_and_signs=zones.is_letter * evidence.cues["signs_on_own_line"] * evidence.cues["by_follows"],
        letter_addressee=zones.is_letter * evidence.cues["own_line_on_top"] * evidence.cues["has_form"],
    )
    cues = tuple(evidence.cues.get(name, 0.0) for name in FEATURES)
    return Candidate(key=KEY, value=organisation_name(evidence.written), span=evidence.span, cues=cues)
