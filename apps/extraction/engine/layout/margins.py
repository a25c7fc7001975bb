"""Headers, footers and page numbers of a single page, by their place, their distance, their size and their form.

Nothing of this is sure on one page alone, so that several signs must agree (`_signs`), and what a person would look
for on a page's edge (bank, tax and contact data) stays in the text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from apps.extraction.engine.layout.drafts import ApartKind, Draft, Row

_ZONE = 0.12  # share of the page's height
_EDGE = 0.045
_MOST_ROWS = 3
_LEAST_GAP = 1.2  # between such a row and the body, in distances of the body's lines, from bottom to top
_WIDE_GAP = 3.0
_LEAST_SIGNS = 3
_FEW_WORDS = 40  # a page with less is a cover, a slide, a form: only what is plainly a page number or a stamp counts
_LONG = 10  # words
_FARTHEST_PARTS = 3

NUMBER = re.compile(r"[-\u2013\u2014\[(|. ]*(?:\d{1,4}|[ivxlc]{1,7}|[IVXLC]{1,7}|[A-Z]-\d{1,3})[-\u2013\u2014\])|. ]*")
_COUNTED = re.compile(
    r"(?:page|seite|blatt|folio|p\.|pg\.|s\.)?\s*\d{1,4}\s*(?:/|of|von|de|sur|di|van)\s*\d{1,4}"
    r"|(?:page|seite|blatt|pagina|p\u00e1gina)\s*:?\s*[-\u2013]?\s*\d{1,4}",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"downloaded\s+(?:from|on|by)|download\s+date|all\s+rights\s+reserved|\u00a9|\(c\)\s*(?:19|20)\d\d|copyright"
    r"|\bvol(?:ume|\.)?\s*\d+|\bissue\s+\d+|\bdoi\b|\b[ei]?ssn\b|\bisbn\b|\brev(?:ision|\.)\s*[\d:]|\bversion\s*[\d:]"
    r"|arxiv:|printed\s+on|last\s+(?:updated|modified)|published\s+by|erstellt\s+am|gedruckt\s+am|imprim\u00e9\s+le"
    r"|t\u00e9l\u00e9charg\u00e9|stand\s*:\s*\d|\bdocument\s+(?:no|number|id)\b|\bform\s+[A-Z]?-?\d",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"https?://|\bwww\.|\bet\s+al\b|[|\u00b7\u2022]|\bconfidential\b|\bdraft\b|\bchapter\s+\d|\bsection\s+\d"
    r"|\b\d{1,2}\.?\s+[^\W\d_]{3,9}\.?\s+(?:19|20)\d\d\b|\b[^\W\d_]{3,9}\s+\d{1,2},\s+(?:19|20)\d\d\b"
    r"|\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b",
    re.IGNORECASE,
)
# What stands on an edge and is looked for: bank, tax, register and contact data, amounts, postal codes.
_FACT = re.compile(
    r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3}|\biban\b|\bbic\b|\bswift\b|\bvat\b|\btva\b|\bust\b|\bsteuer|\bsiret?n?\b"
    r"|\btax\b|\bbank|\bhr[ab]\b|@|\b(?:tel|phone|fax|mobile|t\u00e9l)\b|\+\d{2}|\(\d{3}\)\s*\d{3}"
    r"|\d[.,]\d\d\b|[$\u20ac\u00a3]|\b\d{5}\s+[A-Z\u00c0-\u00dc]|\b[A-Z]{2}\s+\d{5}\b|\btotal\b|\bcase\b|\binvoice\b",
    re.IGNORECASE,
)

_DATE = re.compile(r"[^\W\d_]{3,9}\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}\.?\s+[^\W\d_]{3,9}\.?\s+\d{4}")


def holds_facts(text: str) -> bool:
    """Whether a text on the edge of a page holds what people look for."""
    return bool(_FACT.search(_COUNTED.sub("", text)))


def kind_of(text: str, *, at_top: bool) -> ApartKind:
    """Return the kind of something that stands apart."""
    plain = text.strip()
    if NUMBER.fullmatch(plain) or _COUNTED.fullmatch(plain):
        return "page_number"
    return "header" if at_top else "footer"


def mark_margins(draft: Draft) -> None:
    """Mark what stands apart on the upper and lower edge of a page."""
    rows = draft.rows
    for at_top in (True, False):
        for row in _found(draft, rows if at_top else rows[::-1], at_top=at_top):
            for line in row.lines:
                draft.apart[line] = kind_of(draft.text_of(line), at_top=at_top)


def _found(draft: Draft, rows: Sequence[Row], *, at_top: bool) -> Iterator[Row]:
    """Yield the rows from the edge inwards that stand apart, group by group, up to the first that does not."""
    for group, gap in _groups(draft, rows, at_top=at_top):
        signs = [_signs(draft, row, gap, at_top=at_top) >= _LEAST_SIGNS for row in group]
        if 2 * sum(signs) < len(signs):
            return
        yield from group


def _groups(draft: Draft, rows: Sequence[Row], *, at_top: bool) -> Iterator[tuple[list[Row], float]]:
    """Yield the rows within the zone in groups without large gaps, each with the gap that follows it inwards."""
    group: list[Row] = []
    for row, after in pairwise(rows):
        within = row.y1 <= _ZONE * draft.page.height if at_top else row.y0 >= (1 - _ZONE) * draft.page.height
        if not within or len(group) == _MOST_ROWS:
            return
        group.append(row)
        gap = after.y0 - row.y1 if at_top else row.y0 - after.y1
        if gap + draft.height >= _LEAST_GAP * draft.pitch + 0.25 * draft.height:
            yield group, gap
            group = []


def _signs(draft: Draft, row: Row, gap: float, *, at_top: bool) -> int:
    """Count what speaks for a row's standing apart, less what speaks against it."""
    text = draft.said(row)
    parts = text.split("\t")
    plain = " ".join(parts)
    if NUMBER.fullmatch(plain) or _COUNTED.fullmatch(plain):
        return _LEAST_SIGNS
    edge = row.y1 / draft.page.height if at_top else 1 - row.y0 / draft.page.height
    height = max(draft.lines[line].height for line in row.lines)
    words = len(plain.split())
    strong = bool(_COUNTED.search(plain) or _STAMP.search(plain) or _ends_in_number(parts, words))
    signs = 2 * strong
    signs += bool(_HINT.search(plain))
    if _is_sparse(draft):
        return signs if strong else 0
    signs += edge <= _EDGE
    signs += height <= 0.9 * draft.height
    signs += gap >= _WIDE_GAP * draft.pitch
    signs += 1 < len(parts) <= _FARTHEST_PARTS and _spreads(draft, row)
    signs -= height > 1.15 * draft.height
    signs -= 2 * (words >= _LONG and plain.endswith(".") and not strong)
    signs -= 3 * (holds_facts(plain) and not strong)
    return signs


def _ends_in_number(parts: Sequence[str], words: int) -> bool:
    """Whether a short title has a page number at one end: in a part of its own, or in the only one."""
    if words > _LONG:
        return False
    if len(parts) > 1:
        return any(part.strip().isdecimal() and len(part.strip()) <= 4 for part in (parts[0], parts[-1]))
    pieces = parts[0].split()
    return len(pieces) > 1 and any(piece.isdecimal() and len(piece) <= 3 for piece in (pieces[0], pieces[-1]))


def _spreads(draft: Draft, row: Row) -> bool:
    """Whether a row's parts stand at both ends of the body's width."""
    lines = [line for number, line in enumerate(draft.lines) if number not in row.lines and not line.is_upright]
    if not lines:
        return False
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    slack = 0.05 * (right - left)
    ends = draft.lines[row.lines[0]].x0, draft.lines[row.lines[-1]].x1
    return ends[0] <= left + slack and ends[1] >= right - slack


def _is_sparse(draft: Draft) -> bool:
    return len(draft.page.words) < _FEW_WORDS


def keep_letter_heads(draft: Draft) -> None:
    """Keep the head of a letter's further pages in the text: addressee, date and page, the date by itself."""
    for row in draft.rows:
        if not all(draft.apart.get(line) in {"header", "page_number"} for line in row.lines):
            return
        if any(_DATE.fullmatch(draft.text_of(line)) for line in row.lines):
            middle = draft.page.height / 2
            draft.kept.update(line for line in draft.apart if draft.lines[line].y1 < middle)
            return
