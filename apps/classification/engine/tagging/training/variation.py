"""New sentences made of tagged ones: other names in their places, other ways of writing them."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from apps.classification.engine.tagging.training.corpus import IGNORED, Corpus, Sentence, TaggedSpan

# Shares of sentences, chosen on the held-out parts of the corpora that the shipped tagger's card names.
_SWAPPED: Final = 0.3
_SWAPPED_MENTIONS: Final = 0.7
_INVENTED: Final = 0.5
_SMALL: Final = 0.08
_CAPITAL: Final = 0.03

_LEGAL_FORMS: Final = (
    "Inc.", "Inc", "LLC", "Ltd", "Ltd.", "Limited", "plc", "Corp.", "Corporation", "Co.", "LLP", "L.P.", "GmbH", "AG",
    "GmbH & Co. KG", "KG", "e.V.", "SE", "OHG", "UG", "S.A.", "SA", "SARL", "SAS", "B.V.", "N.V.", "S.p.A.", "S.r.l.",
    "AB", "A/S", "Oy", "Pty Ltd",
)  # fmt: skip
_TRADES: Final = (
    "Holdings", "Group", "Industries", "Systems", "Technologies", "Solutions", "Logistics", "Consulting", "Partners",
    "Bank", "Capital", "Insurance", "Foods", "Energy", "Pharma", "Media", "Software", "Motors", "Steel", "Textiles",
    "Services", "International", "Trading", "Electronics", "Construction", "Airlines", "Telecom", "Foundation",
    "Bau", "Handel", "Technik", "Werke", "Verlag", "Versicherung", "Maschinenbau", "Elektro", "Druck", "Spedition",
    "Conseil", "Transports", "Distribution", "Assurances", "Immobilier",
)  # fmt: skip
_BODIES: Final = (
    "University of {}", "{} University", "City of {}", "Bank of {}", "{} Chamber of Commerce", "{} City Council",
    "Universität {}", "Stadtwerke {}", "Amtsgericht {}", "Sparkasse {}", "{} Police Department", "{} United",
    "Mairie de {}", "Université de {}", "{} High School", "{} General Hospital", "{} Times", "{} Airlines",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """The mentions of the corpora by kind, and the parts of persons' names."""

    by_kind: Mapping[str, Sequence[str]]
    first_names: Sequence[str] = field(repr=False)
    family_names: Sequence[str] = field(repr=False)

    @classmethod
    def of(cls, corpora: Sequence[Corpus]) -> "Names":
        """Gather them, as often as they occur."""
        by_kind: dict[str, list[str]] = {}
        for corpus in corpora:
            for sentence in corpus.sentences:
                for kind, start, end in sentence.spans:
                    by_kind.setdefault(kind, []).append(sentence.text[start:end])
        by_kind.pop(IGNORED, None)
        pairs = [name.split() for name in by_kind.get("PER", ()) if name.istitle() and len(name.split()) == 2]
        return cls(by_kind, [first for first, _ in pairs], [family for _, family in pairs])

    def draw(self, kind: str, chance: random.Random) -> str | None:
        """Return another name of a kind: one that was seen, or one made of parts of others; None if there is none."""
        seen = self.by_kind.get(kind)
        if not seen:
            return None
        if self.family_names and chance.random() < _INVENTED:
            if kind == "PER":
                return self._person(chance)
            if kind == "ORG":
                return self._organisation(chance)
        return chance.choice(seen)

    def _person(self, chance: random.Random) -> str:
        first, family = chance.choice(self.first_names), chance.choice(self.family_names)
        form = chance.random()
        if form < 0.6:
            return f"{first} {family}"
        if form < 0.7:
            return f"{first} {chance.choice('ABCDEFGHJKLMPRSTW')}. {family}"
        if form < 0.75:
            return f"{first[0]}. {family}"
        return first if form < 0.87 else family

    def _organisation(self, chance: random.Random) -> str:
        form = chance.random()
        if form < 0.25 and self.by_kind.get("LOC"):
            return chance.choice(_BODIES).format(chance.choice(self.by_kind["LOC"]))
        stem = chance.choice(self.family_names)
        if form < 0.4:
            stem = f"{stem} & {chance.choice(self.family_names)}"
        if form < 0.8:
            stem = f"{stem} {chance.choice(_TRADES)}"
        return f"{stem} {chance.choice(_LEGAL_FORMS)}" if chance.random() < 0.7 else stem


def varied(sentence: Sentence, names: Names, chance: random.Random) -> Sentence:
    """Return a sentence as it is or changed by chance: other names, all small letters, all capitals."""
    if sentence.spans and chance.random() < _SWAPPED:
        sentence = _with_other_names(sentence, names, chance)
    form = chance.random()
    if form < _SMALL:
        return _rewritten(sentence, str.lower)
    return _rewritten(sentence, str.upper) if form < _SMALL + _CAPITAL else sentence


def _with_other_names(sentence: Sentence, names: Names, chance: random.Random) -> Sentence:
    text, at = "", 0
    spans: list[TaggedSpan] = []
    for kind, start, end in sentence.spans:
        text += sentence.text[at:start]
        name = sentence.text[start:end]
        other = names.draw(kind, chance) if chance.random() < _SWAPPED_MENTIONS else None
        if other is not None:
            name = other.lower() if name.islower() else other
        spans.append(TaggedSpan(kind, len(text), len(text) + len(name)))
        text, at = text + name, end
    return Sentence(text + sentence.text[at:], tuple(spans))


def _rewritten(sentence: Sentence, change: Callable[[str], str]) -> Sentence:
    """Return a sentence with its letters changed, unless a letter becomes two: then its places would not fit."""
    text = change(sentence.text)
    return Sentence(text, sentence.spans) if len(text) == len(sentence.text) else sentence
