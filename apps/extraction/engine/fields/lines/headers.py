"""The heads of line tables: which columns a row of words names, by a lexicon of what stands over them."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from apps.extraction.engine.fields.lines.rows import Row

Role: TypeAlias = Literal[
    "position",
    "code",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "amount",
    "tax_rate",
    "discount",
    "date",
    "other",
]
_LEXICON: Final = Path(__file__).with_name("lexicon.toml")
_LONGEST: Final = 4  # words of a phrase
_FEWEST_ROLES: Final = 3
_NEIGHBOURS: Final = 4  # rows above and below that may belong to the same head
_NEAR: Final = 2.2  # of a row's height: the farthest that rows of one head are apart
_WITHIN: Final = 1.0  # of a row's height: the widest gap within a phrase
_VAGUE: Final = frozenset({"unit", "position", "date"})
_NET: Final = frozenset({"ht", "netto", "net", "excl", "hors", "untaxed", "nettobetrag", "nettowert", "nettopreis"})
_GROSS: Final = frozenset({"ttc", "brutto", "incl", "inkl", "gross", "bruttobetrag", "bruttopreis"})
_WORD: Final = re.compile(r"[^\W_]+")


class Lexicon(NamedTuple):
    """Roles of columns by their phrases, and the phrases that begin totals."""

    columns: Mapping[str, Role]
    totals: frozenset[str]


@dataclass(frozen=True)
class Column:
    """A column with the place of its name, in points; `words` are those of its name, plain."""

    role: Role
    x0: float
    x1: float
    words: frozenset[str]


@dataclass(frozen=True)
class Head:
    """The head of a line table: its columns from left to right, and which of the page's rows hold it."""

    columns: tuple[Column, ...]
    first: int
    last: int

    def column(self, role: Role) -> Column | None:
        """Return the column of a role."""
        return next((column for column in self.columns if column.role == role), None)


def find_head(rows: Sequence[Row], start: int, *, is_short: bool = False) -> Head | None:
    """Return the first head in rows from `start` on, None where there is none.

    A short one names nothing but descriptions and amounts, and says nothing else.
    """
    for place in range(start, len(rows)):
        head = _head_at(rows, place, is_short=is_short)
        if head is not None:
            return head
    return None


def begins_totals(row: Row) -> bool:
    """Whether a stretch of a row begins like rows that sum up the lines above."""
    return any(
        _sums_up(row, place)
        for place, (x0, _) in enumerate(row.spans)
        if not place or x0 - row.spans[place - 1][1] > _WITHIN * row.height
    )


def _sums_up(row: Row, place: int) -> bool:
    """Whether the words from a place on are a name of sums."""
    words = [plain for text in row.texts[place : place + _LONGEST] for plain in plain_words(text)]
    phrases = lexicon().totals
    return any(" ".join(words[:length]) in phrases for length in range(1, min(_LONGEST, len(words)) + 1))


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents and punctuation."""
    if text.isascii():
        return _WORD.findall(text.lower())
    folded = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(character for character in folded if not unicodedata.combining(character)))


@cache
def lexicon() -> Lexicon:
    """Return what the file beside this one lists."""
    found = tomllib.loads(_LEXICON.read_text(encoding="utf-8"))
    columns: dict[str, Role] = {}
    for role, text in found["columns"].items():
        for phrase in _phrases(text):
            columns.setdefault(phrase, role)
    return Lexicon(columns, frozenset(_phrases(found["totals"]["begin"])))


def _phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split("|") if phrase.strip()]


def _head_at(rows: Sequence[Row], place: int, *, is_short: bool) -> Head | None:
    """Return the head whose fullest row is at a place."""
    row = rows[place]
    if any(number.decimals for number in row.numbers) or _sums_up(row, 0):
        return None
    columns = _columns_in(row)
    if not (_is_short(row, columns) if is_short else _is_enough({column.role for column in columns})):
        return None
    first = last = place
    for step in (-1, 1):
        for distance in range(1, _NEIGHBOURS + 1):
            at = place + step * distance
            if not 0 <= at < len(rows) or not _is_near(rows[at], rows[at - step]) or rows[at].numbers:
                break
            more = _columns_in(rows[at])
            if step > 0 and len(more) * 2 < len(rows[at].words) and not more:
                break
            columns = _joined(columns, more)
            first, last = min(first, at), max(last, at if more else last)
    return Head(tuple(_resolved(sorted(columns, key=lambda column: column.x0))), first, last)


def _is_enough(roles: set[Role]) -> bool:
    prices = roles & {"unit_price", "amount"}
    return bool(prices) and len(roles) >= _FEWEST_ROLES and bool(roles & {"description", "quantity", "code"})


def _is_short(row: Row, columns: Sequence[Column]) -> bool:
    roles = [column.role for column in columns]
    named = sum(len(column.words) for column in columns)
    said = sum(len(plain_words(text)) for text in row.texts)
    return roles == ["description", "amount"] and named == said and columns[0].x1 < columns[1].x0


def _is_near(row: Row, other: Row) -> bool:
    distance = abs((row.y0 + row.y1) / 2 - (other.y0 + other.y1) / 2)
    return distance <= _NEAR * max(row.height, other.height)


def _columns_in(row: Row) -> list[Column]:
    """Return the columns that a row names: the longest phrases first, each a run of words without a wide gap."""
    columns: list[Column] = []
    phrases = lexicon().columns
    place = 0
    while place < len(row.words):
        run = _run(row, place)
        for length in range(min(_LONGEST, run), 0, -1):
            words = [plain for text in row.texts[place : place + length] for plain in plain_words(text)]
            role = phrases.get(" ".join(words))
            if role is not None:
                rest = [plain for text in row.texts[place : place + run] for plain in plain_words(text)]
                columns.append(Column(role, row.spans[place][0], row.spans[place + length - 1][1], frozenset(rest)))
                place += length
                break
        else:
            place += 1
    return columns


def _run(row: Row, place: int) -> int:
    """Return how many words from a place on stand together."""
    end = place + 1
    while end < len(row.words) and row.spans[end][0] - row.spans[end - 1][1] <= _WITHIN * row.height:
        end += 1
    return end - place


def _joined(columns: list[Column], more: Sequence[Column]) -> list[Column]:
    """Return the columns with those of another row of the head: new ones beside them, wider ones in their place."""
    found = list(columns)
    for new in more:
        over = [column for column in found if column.x0 <= new.x1 and new.x0 <= column.x1]
        if not over:
            found.append(new)
        elif len(over) == 1:
            old = over[0]
            role = new.role if old.role in _VAGUE and new.role not in _VAGUE else old.role
            wider = Column(role, min(old.x0, new.x0), max(old.x1, new.x1), old.words | new.words)
            found[found.index(old)] = wider
    return found


def _resolved(columns: list[Column]) -> list[Column]:
    """Return one column a role for prices and amounts; two of a kind are told apart by their words and order."""
    amounts = [column for column in columns if column.role == "amount"]
    prices = [column for column in columns if column.role == "unit_price"]
    if not amounts and len(prices) > 1:
        columns = [_as(column, "amount") if column is prices[-1] else column for column in columns]
    elif len(amounts) > 1 and not prices:
        net = [column for column in amounts if column.words & _NET] or amounts
        if len(net) > 1:
            columns = [_as(column, "unit_price") if column is amounts[0] else column for column in columns]
    return columns


def _as(column: Column, role: Role) -> Column:
    return Column(role, column.x0, column.x1, column.words)


def preferred(columns: Sequence[Column]) -> Column:
    """Return, of columns of one role, that without tax, else the last that does not include it."""
    net = [column for column in columns if column.words & _NET]
    plain = [column for column in columns if not column.words & _GROSS]
    return (net or plain or list(columns))[-1]
