"""What speaks for or against a new document between two neighbouring pages, as numbers of about 0 to 1."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from apps.extraction.engine.bundles.pages import Line, Numbering, PageView, tokens

FEATURES: Final = (
    *("size_differs", "print_differs", "blank_between"),
    *("numbered_first", "numbered_next", "numbering_breaks", "numbered_last", "numbered_inner", "more_announced"),
    *("top_alike", "first_line_alike", "bottom_alike", "words_alike", "codes_shared", "codes_differ"),
    *("title_words", "title_words_before", "closing_words_before", "address_on_top", "date_on_top"),
    *("starts_inside_a_sentence", "ends_inside_a_sentence", "room_left_before", "starts_low"),
    *("few_words", "few_words_before", "top_alike_and_title", "template_with_other_codes"),
    *("headline", "headline_before", "capitals_on_top", "capitals_before", "number_vanishes", "margins_differ"),
    *("two_headlines", "room_left_and_title", "room_left_and_headline", "words_alike_without_title"),
)
# What documents begin and end with, in the languages that are recognised: English, German, French.
_TITLE_WORDS = """
invoice rechnung facture receipt quittung beleg reçu contract vertrag contrat agreement vereinbarung statement order
bestellung commande quotation angebot devis offer delivery lieferschein credit gutschrift avoir resume curriculum
lebenslauf abstract introduction minutes protokoll agenda memorandum report bericht rapport policy certificate urkunde
notice letter ticket boarding fahrkarte billet application antrag dear sehr monsieur madame plaintiff defendant court
subject betreff objet confidentiality nondisclosure disclosure objective
"""
_CLOSING_WORDS = """
total gesamt summe gesamtbetrag montant sincerely regards grüßen grüße cordialement signature unterschrift signed
witness whereof iban bic bank thank danke merci references literaturverzeichnis références change payment zahlung
zahlbar règlement betrag mwst tva vat subtotal
"""
_TITLE = frozenset(_TITLE_WORDS.split())
_CLOSING = frozenset(_CLOSING_WORDS.split())
_DATE = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\b(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt"
    r"|nov|dec|dez|janv|févr|avr|juin|juil|août|déc)[a-zé]*\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}"
    r"|\b\d{1,2}\.?\s+[a-zéûä]{3,9}\.?\s+\d{4}\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\S+@\S+\.\w{2,}|\bwww\.|https?://|\b(?:tel|phone|fon|fax|tél)\b|\+\d[\d ()/.-]{7,}"
    r"|\b[A-Z]{0,2}-?\d{4,5}\s+[A-Z]\w+",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(r"[\w,;\-\u2013]$")
_SAME_SIZE = 0.03
_MANY_WORDS = 400


def features_between(before: PageView, after: PageView, *, blank_between: bool = False) -> list[float]:
    """Return the cues for a document that begins with `after`, in the order of FEATURES."""
    first, second = before.numbering, after.numbering
    top_alike = _alike(before.top(3), after.top(3))
    first_alike = float(bool(before.lines and after.lines) and _shape(before.lines[0]) == _shape(after.lines[0]))
    title, codes_differ = _share_of(_TITLE, after.top(8)), _codes_differ(before, after)
    room_left, headline, words_alike = _room_left(before), after.headline, _cosine(before.counts, after.counts)
    return [
        *(_size_differs(before, after), _print_differs(before, after), float(blank_between)),
        *_numbering(first, second),
        *(top_alike, first_alike, _alike(before.bottom(2), after.bottom(2)), words_alike),
        *(len(before.codes & after.codes) / max(1, min(len(before.codes), len(after.codes))), codes_differ),
        *(title, _share_of(_TITLE, before.top(8)), _share_of(_CLOSING, before.bottom(14))),
        *(_has(_ADDRESS, after.top(8)), _has(_DATE, after.top(12))),
        *(_starts_inside(after), _ends_inside(before), room_left, after.lines[0].y if after.lines else 1.0),
        *(1 - min(1.0, len(after.words) / _MANY_WORDS), 1 - min(1.0, len(before.words) / _MANY_WORDS)),
        *(top_alike * title, max(top_alike, first_alike) * codes_differ),
        *(headline, before.headline, _capitals(after.top(3)), _capitals(before.top(3))),
        *(float(first is not None and second is None), _margins_differ(before, after), headline * before.headline),
        *(room_left * title, room_left * headline, words_alike * (1 - title)),
    ]


def _numbering(first: Numbering | None, second: Numbering | None) -> list[float]:
    goes_on = bool(first and second and second.number == first.number + 1 and first.count in {second.count, None})
    breaks = bool(first and second and not goes_on and second.number != 1)
    return [
        float(second is not None and second.number == 1),
        float(goes_on),
        float(breaks),
        float(first is not None and first.number == first.count),
        float(second is not None and second.number > 1),
        float(first is not None and first.count is not None and first.number < first.count),
    ]


def _size_differs(before: PageView, after: PageView) -> float:
    pairs = ((before.width, after.width), (before.height, after.height))
    return float(any(abs(one - other) > _SAME_SIZE * max(one, other, 1) for one, other in pairs))


def _print_differs(before: PageView, after: PageView) -> float:
    if not before.print_size or not after.print_size:
        return 0.0
    return min(1.0, abs(math.log(before.print_size / after.print_size)))


def _alike(some: Sequence[Line], others: Sequence[Line]) -> float:
    """Return the share of words that two groups of lines have in common."""
    one, other = _words(some), _words(others)
    return len(one & other) / len(one | other) if one and other else 0.0


def _words(lines: Iterable[Line]) -> set[str]:
    return {token for line in lines for token in tokens(line.text)}


def _shape(line: Line) -> str:
    return re.sub(r"\d", "0", line.text.lower())


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    product = sum(count * other[word] for word, count in one.items())
    norms = math.sqrt(sum(c * c for c in one.values()) * sum(c * c for c in other.values()))
    return product / norms if norms else 0.0


def _codes_differ(before: PageView, after: PageView) -> float:
    return float(len(before.codes) > 1 and len(after.codes) > 1 and not before.codes & after.codes)


def _share_of(known: frozenset[str], lines: Sequence[Line]) -> float:
    """Return 0 for none of the known words, .5 for one, 1 for more."""
    return min(2, len(known & _words(lines))) / 2


def _has(pattern: re.Pattern[str], lines: Sequence[Line]) -> float:
    return float(any(pattern.search(line.text) for line in lines))


def _starts_inside(page: PageView) -> float:
    return float(any(line.text[:1].islower() for line in page.top(2)))


def _ends_inside(page: PageView) -> float:
    body = [line for line in page.bottom(4) if len(tokens(line.text)) > 3]
    return float(bool(body) and _UNFINISHED.search(body[-1].text) is not None)


def _capitals(lines: Sequence[Line]) -> float:
    letters = [letter for line in lines for letter in line.text if letter.isalpha()]
    return sum(letter.isupper() for letter in letters) / len(letters) if letters else 0.0


def _margins_differ(before: PageView, after: PageView) -> float:
    if not before.words or not after.words:
        return 0.0
    return min(1.0, 4 * sum(abs(one - other) for one, other in zip(before.margins, after.margins, strict=True)))


def _room_left(page: PageView) -> float:
    """Return how much of the page is empty below its last line of text, a footer aside."""
    body = [line.y for line in page.lines if line.y < 0.9 and tokens(line.text)]
    return 1 - max(body, default=0.0)
