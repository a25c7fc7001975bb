"""Names and addresses that a document could mean: pieces of its lines, lines joined, and runs of lines."""

import re
from collections.abc import Iterator

from apps.extraction.engine.fields.ranking.candidates import Candidate, Chosen
from apps.extraction.engine.fields.ranking.labels import Mention
from apps.extraction.engine.fields.ranking.mending import mended_address
from apps.extraction.engine.fields.ranking.sheet import Piece, Sheet, SheetPage

_MOST_NAMES = 160
_MOST_WORDS = 12
_ADDRESS_ROWS = 24  # of the first page: receipts tell their address at the top
_LONGEST_ADDRESS = 6
_SEPARATOR = re.compile(r" ?[|\u2022\u25cf\u00b7\u2013\u2014\u2219*] ?| - |, |; ")
# What is printed behind a company's name: its number in brackets or after a word for it, and what follows.
_TAIL = re.compile(
    r"[\s,]*[(\[]\s*(?:co\.?|reg\.?|roc|no\.?|:|\s)*\d[\d\s-]{3,}\s*-?\s*[A-Z]{0,2}\s*[)\]]?.*$"
    r"|[\s,]+(?:(?:co|reg|roc|no)[.:\s]*)*\d{5,}\s?-?\s?[A-Z]{0,2}[.,]?$",
    re.IGNORECASE,
)
_ENDS = " .,:;|-\u2013"
_PARTY_LABELS = frozenset({"seller", "buyer", "name", "delivery_party"})
_AFTER_ADDRESS = frozenset({"phone", "email", "vat_id", "tax_total", "other_number"})


def names(sheet: Sheet, *, joined: bool) -> Iterator[Candidate]:
    """Yield what may be a name; `joined` also gives two lines as one."""
    count = 0
    for page in _pages(sheet):
        for piece in page.pieces:
            for candidate in _names_of(piece, joined=joined):
                yield candidate
                count += 1
                if count >= _MOST_NAMES:
                    return


def addresses(sheet: Sheet) -> Iterator[Candidate]:
    """Yield runs of lines near the top of the first page, with what is no address cut off their ends.

    A line that names nothing but the kind of document, such as `TAX INVOICE`, is part of none.
    """
    if not sheet.pages:
        return
    below = _below(sheet.pages[0])
    for row in sheet.pages[0].rows[:_ADDRESS_ROWS]:
        for start in row:
            run: list[Piece] = []
            following: Piece | None = start
            while following is not None and len(run) < _LONGEST_ADDRESS and not _is_title(following):
                run.append(following)
                following = below.get(id(following))
            for length in range(1, len(run) + 1):
                yield from _address(run[:length])


def _pages(sheet: Sheet) -> list[SheetPage]:
    return sheet.pages if len(sheet.pages) < 3 else [*sheet.pages[:2], sheet.pages[-1]]


def _names_of(piece: Piece, *, joined: bool) -> Iterator[Candidate]:
    text = piece.text
    starts = {0, *_after_labels(piece)}
    for start in sorted(starts):
        ends = {len(text)}
        cut = _SEPARATOR.search(text, start + 2)
        if cut:
            ends.add(cut.start())
        tail = _TAIL.search(text, start + 3)
        if tail:
            ends.add(tail.start())
        for end in sorted(ends):
            yield from _name(piece, start, end, facts={"after_label": float(start > 0), "cut": float(end < len(text))})
    if joined:
        yield from _two_lines(piece)


def _after_labels(piece: Piece) -> Iterator[int]:
    """Yield where a text goes on after the label of a party or a colon."""
    for mention in piece.mentions:
        if mention.concept in _PARTY_LABELS and mention.last < len(piece.texts) and _is_label(piece, mention):
            yield piece.starts[mention.last]


def _is_label(piece: Piece, mention: Mention) -> bool:
    """Whether words before a name announce it: a colon does, or a label of several words; `Kunden AG` is a name."""
    is_long = mention.last - mention.first > 1 and mention.first <= 1
    return piece.texts[mention.last - 1].endswith(":") or piece.texts[mention.last] == ":" or is_long


def _name(piece: Piece, start: int, end: int, facts: dict[str, float]) -> Iterator[Candidate]:
    text = piece.text[start:end]
    stripped = text.strip(_ENDS[:1] + ",:;|-\u2013")
    letters = sum(character.isalpha() for character in stripped)
    words = stripped.split()
    if letters < 3 or len(words) > _MOST_WORDS or letters < 0.4 * len(stripped.replace(" ", "")):
        return
    begin = start + text.index(stripped)
    where = piece.words_at(begin, begin + len(stripped))
    yield Candidate("name", stripped, stripped, [(piece, where.start, where.stop)], {**facts, "lines": 1.0})


def _two_lines(piece: Piece) -> Iterator[Candidate]:
    """Yield a line and the one above it as one name."""
    if not piece.above or piece.above[0][1] > 1:
        return
    upper = piece.above[0][0]
    if upper.y1 < piece.y0 - 1.5 * piece.height or max(upper.height, piece.height) > 1.6 * min(
        upper.height, piece.height
    ):
        return
    parts: list[Chosen] = [(upper, 0, len(upper.texts)), (piece, 0, len(piece.texts))]
    end = _TAIL.search(piece.text, 1)
    lower = piece.text[: end.start()] if end else piece.text
    if not lower.strip():
        parts, lower = parts[:1], ""
    elif end:
        parts[1] = (piece, 0, piece.words_at(0, end.start()).stop)
    raw = f"{upper.text} {lower}".strip().strip(",:;|-")
    if lower and len(raw.split()) <= _MOST_WORDS:
        yield Candidate("name", raw, raw, parts, {"after_label": 0.0, "cut": float(bool(end)), "lines": 2.0})


def _below(page: SheetPage) -> dict[int, Piece]:
    """Return for a piece the one in the next row under it, if it is near."""
    found: dict[int, Piece] = {}
    for piece in page.pieces:
        for upper, up in piece.above:
            near = piece.y0 - upper.y1 < 1.6 * max(piece.height, upper.height)
            if up <= 2 and near and id(upper) not in found:
                found[id(upper)] = piece
            break
    return found


def _is_title(piece: Piece) -> bool:
    said = [place for place, text in enumerate(piece.texts) if any(map(str.isalnum, text))]
    kinds = [mention for mention in piece.mentions if mention.concept == "document_kind"]
    return any(kind.first <= said[0] and said[-1] < kind.last for kind in kinds)


def _address(run: list[Piece]) -> Iterator[Candidate]:
    first, last = run[0], run[-1]
    begins = {0}
    begins.update(mention.last for mention in first.mentions if mention.concept == "address" and mention.first == 0)
    ends = {len(last.texts)}
    cuts = [mention.first for mention in last.mentions if mention.concept in _AFTER_ADDRESS and mention.first > 0]
    if cuts:
        ends.add(min(cuts))
    for begin in begins:
        for end in ends:
            parts: list[Chosen] = [(piece, 0, len(piece.texts)) for piece in run]
            parts[0] = (first, begin, parts[0][2])
            parts[-1] = (last, parts[-1][1], end)
            said = [" ".join(piece.texts[start:stop]) for piece, start, stop in parts]
            raw = " ".join(said).strip(" :;-|")
            if any(start >= stop for _, start, stop in parts) or sum(map(str.isalpha, raw)) < 6:
                continue
            facts = {"lines": float(len(run)), "begin_cut": float(begin > 0), "end_cut": float(end < len(last.texts))}
            value = mended_address(raw) if first.is_recognised else raw
            yield Candidate("address", value, raw, parts, facts)
