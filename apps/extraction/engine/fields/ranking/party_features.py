"""What speaks for a name or an address: its letters, its neighbours, and where else the document says it."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from apps.extraction.engine.fields.ranking.candidates import Candidate
from apps.extraction.engine.fields.ranking.labels import plain
from apps.extraction.engine.fields.ranking.sheet import Piece, Sheet

_WORDS = tomllib.loads(Path(__file__).with_name("party_words.toml").read_text())
_LEGAL = re.compile(rf"\b(?:{'|'.join(_WORDS['organisation'])})\b")
_STREET = re.compile(rf"(?:{'|'.join(_WORDS['street_endings'])})|\b(?:{'|'.join(_WORDS['street'])})\b")
_CONTACT = re.compile(rf"@|www\.|https?:|\b(?:{'|'.join(_WORDS['contact'])})\b")
_STATE = re.compile(rf"\b(?:{'|'.join(_WORDS['places'])}|[a-z]{{2}} \d{{5}})\b")
_POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}-?)?\d{4,6}\b|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b\d{4} ?[A-Z]{2}\b"
    r"|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b|\b\d{2} \d{3}\b"
)
_MONEY = re.compile(r"\d[.,]\d{2}\b")
_LINE = (
    "letters", "digits", "upper", "words", "legal", "street", "postcode", "contact", "state", "money", "comma_end",
    "commas", "starts_digit", "labels", "height", "centre",
)  # fmt: skip
NAME = (
    "after_label", "cut", "lines", "length", "title", "repeats", "lines_with", "in_addresses_line", "domain",
    "order_on_page", "block_order", "address_below", "address_two_below", "contact_below", "is_largest",
    "column_is_right", "gap_above",
    *(f"own:{name}" for name in _LINE), *(f"below:{name}" for name in _LINE), *(f"above:{name}" for name in _LINE),
)  # fmt: skip
ADDRESS = (
    "lines", "begin_cut", "end_cut", "length", "has_postcode", "postcode_last", "streets", "name_above", "legal_inside",
    "contact_inside", "money_inside", "order_on_page", "shortest", "longest",
    *(f"first:{name}" for name in _LINE), *(f"last:{name}" for name in _LINE), *(f"before:{name}" for name in _LINE),
    *(f"behind:{name}" for name in _LINE),
)  # fmt: skip
_NOTHING = [-1.0] * len(_LINE)


def names(sheet: Sheet, candidates: Sequence[Candidate], others: Sequence[Candidate]) -> list[list[float]]:
    """Return the features of names, in the order of `NAME`."""
    del others
    view = _View(sheet)
    return [_name(view, each) for each in candidates]


def addresses(sheet: Sheet, candidates: Sequence[Candidate], others: Sequence[Candidate]) -> list[list[float]]:
    """Return the features of addresses, in the order of `ADDRESS`."""
    del others
    view = _View(sheet)
    return [_address(view, each) for each in candidates]


class _View:
    """A sheet with what its lines are, worked out once."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.plain_lines = [plain(piece.text) for piece in sheet.pieces()]
        self.domains = " ".join(re.findall(r"[@.]([\w-]{3,})\.", sheet.text)).replace("-", "")
        self._lines: dict[int, list[float]] = {}
        self._shapes: dict[str, list[float]] = {}
        self.below: dict[int, Piece] = {}
        self.order: dict[int, int] = {}
        self.blocks: dict[int, int] = {}
        for page in sheet.pages:
            for order, piece in enumerate(page.pieces):
                self.order[id(piece)] = order
                self.blocks[id(piece)] = 0
                if piece.above:
                    upper, _ = piece.above[0]
                    self.below.setdefault(id(upper), piece)
                    if piece.y0 - upper.y1 < 1.2 * piece.height:
                        self.blocks[id(piece)] = self.blocks[id(upper)] + 1
        # Words without any height are odd, but no reason to fail.
        self.largest = [max((piece.height for piece in page.pieces), default=1.0) or 1.0 for page in sheet.pages]

    def line(self, piece: Piece | None) -> list[float]:
        """Return what a line is like, in the order of `_LINE`."""
        if piece is None:
            return _NOTHING
        found = self._lines.get(id(piece))
        if found is None:
            page = self.sheet.pages[piece.page]
            found = self._lines[id(piece)] = [
                *self.shape(piece.text),
                float(len(piece.mentions)),
                piece.height / page.height,
                (piece.x0 + piece.x1) / 2 / page.reading.width,
            ]
        return found

    def shape(self, text: str) -> list[float]:
        """Return what a text is like: the part of a line's description that its place has no share in."""
        found = self._shapes.get(text)
        if found is None:
            found = self._shapes[text] = _shape(text)
        return found

    def under(self, piece: Piece | None) -> Piece | None:
        """Return the piece below one."""
        return self.below.get(id(piece)) if piece is not None else None


def _shape(text: str) -> list[float]:
    said = plain(text)
    count = max(1, len(text.replace(" ", "")))
    letters = sum(map(str.isalpha, text))
    return [
        letters / count,
        sum(map(str.isdigit, text)) / count,
        sum(map(str.isupper, text)) / max(1, letters),
        float(min(len(text.split()), 15)),
        float(bool(_LEGAL.search(said))),
        float(bool(_STREET.search(said))),
        float(bool(_POSTCODE.search(text.upper()))),
        float(bool(_CONTACT.search(said))),
        float(bool(_STATE.search(said))),
        float(bool(_MONEY.search(text))),
        float(text.endswith((",", "."))),
        float(text.count(",")),
        float(text[:1].isdigit()),
    ]


def _name(view: _View, each: Candidate) -> list[float]:
    piece = each.piece
    last = each.parts[-1][0]
    page = view.sheet.pages[piece.page]
    said = plain(each.value)
    bare = re.sub(r"[^a-z0-9]", "", said)
    lines_with = [line for line in view.plain_lines if said in line]
    below, upper = view.under(last), piece.above[0][0] if piece.above else None
    second = view.under(below)
    own = view.shape(each.value)
    below_line, second_line = view.line(below), view.line(second)
    own_line = [
        *own,
        float(len(piece.mentions)),
        piece.height / page.height,
        (piece.x0 + piece.x1) / 2 / page.reading.width,
    ]
    first_word = re.sub(r"[^a-z0-9]", "", said.split()[0]) if said.split() else ""
    return [
        each.facts["after_label"],
        each.facts["cut"],
        each.facts["lines"],
        float(len(each.value)),
        float(each.value.istitle()),
        float(min(view.sheet.text.count(each.value.lower()), 9)),
        float(min(len(lines_with), 9)),
        float(any(len(line) > len(said) + 8 and line.startswith(said) for line in lines_with)),
        float((len(first_word) > 3 and first_word in view.domains) or (len(bare) > 3 and bare in view.domains)),
        float(min(view.order[id(piece)], 60)),
        float(min(view.blocks[id(piece)], 9)),
        float(below_line[5] > 0 or below_line[6] > 0),
        float(second_line[5] > 0 or second_line[6] > 0),
        float(below_line[7] > 0),
        piece.height / view.largest[piece.page],
        float((piece.x0 + piece.x1) / 2 > page.reading.width / 2),
        float(min(9.0, (piece.y0 - upper.y1) / page.height)) if upper else 9.0,
        *own_line,
        *below_line,
        *view.line(upper),
    ]


def _address(view: _View, each: Candidate) -> list[float]:
    pieces = [piece for piece, _, _ in each.parts]
    upper = pieces[0].above[0][0] if pieces[0].above else None
    shapes = [view.shape(" ".join(piece.texts[first:last])) for piece, first, last in each.parts]
    first, last = view.line(pieces[0]), view.line(pieces[-1])
    return [
        each.facts["lines"],
        each.facts["begin_cut"],
        each.facts["end_cut"],
        float(len(each.value)),
        float(any(shape[6] for shape in shapes)),
        shapes[-1][6],
        sum(shape[5] for shape in shapes),
        view.line(upper)[4],
        sum(shape[4] for shape in shapes),
        sum(shape[7] for shape in shapes),
        sum(shape[9] for shape in shapes),
        float(min(view.order[id(pieces[0])], 60)),
        float(min(len(piece.text) for piece in pieces)),
        float(max(len(piece.text) for piece in pieces)),
        *shapes[0], *first[len(shapes[0]) :],
        *shapes[-1], *last[len(shapes[-1]) :],
        *view.line(upper),
        *view.line(view.under(pieces[-1])),
    ]  # fmt: skip
