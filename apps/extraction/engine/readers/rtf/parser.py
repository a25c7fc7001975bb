"""The state machine that reads RTF: groups and their destinations, character properties, paragraphs, notes."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from apps.extraction.engine.readers.base import text_of
from apps.extraction.engine.readers.rtf import code_pages, words
from apps.extraction.engine.readers.rtf.flows import Flow
from apps.extraction.engine.readers.rtf.header import Header
from apps.extraction.engine.readers.rtf.tables import CellPlan
from apps.extraction.engine.readers.rtf.tokens import Token, Tokens, checked_depth
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block

_NOTE_PLACE: Final = "\0"


@dataclass(slots=True)
class State:
    """What a group hands on to those inside it. `fold` is the destination that its end closes."""

    destination: bytes = b"body"
    encoding: str | None = None
    unicode_skip: int = 1
    is_hidden: bool = False
    is_deleted: bool = False
    is_inserted: bool = False
    is_other_form: bool = False  # text that is repeated in Unicode
    fold: bytes = b""


@dataclass
class Content:
    """What a file holds: the body, headers and footers, comments' places, notes, and where objects' data lie."""

    header: Header = field(default_factory=Header)
    body: Flow = field(default_factory=lambda: Flow({}))
    margins: list[Block] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)
    objects: list[tuple[int, int]] = field(default_factory=list)  # first byte and end


class Parser:
    """Reads a file once, from front to back."""

    def __init__(self, data: bytes) -> None:
        self._tokens = Tokens(data)
        self._content = Content()
        self._content.body = Flow(self._content.header.headings)
        self._flows = [self._content.body]
        self._state = State()
        self._stack: list[State] = []
        self._bytes = bytearray()
        self._skip = 0  # how many characters after a \u stand for it in older programs
        self._was_open = self._is_fresh = False  # whether this token, and the one before, opens a group
        self._is_optional = False  # whether \* began the group
        self._plan = CellPlan()
        self._author: list[str] = []
        self._actions: dict[bytes, Callable[[int | None], None]] = {
            b"par": lambda _: self._flow.end_paragraph(),
            b"sect": lambda _: self._flow.end_paragraph(),
            b"page": lambda _: self._flow.end_paragraph(),
            b"cell": lambda _: self._flow.end_cell(),
            b"row": lambda _: self._flow.end_row(),
            b"trowd": lambda _: self._flow.begin_row(),
            b"cellx": self._announce_cell,
            b"f": self._set_font,
            b"u": self._unicode,
            b"chftn": lambda _: self._write(_NOTE_PLACE),
            b"upr": lambda _: setattr(self._state, "is_other_form", True),
            b"ud": lambda _: setattr(self._state, "is_other_form", False),
            b"pard": lambda _: self._flow.paragraph.reset(),
            b"plain": lambda _: self._reset_characters(),
        }

    @property
    def _flow(self) -> Flow:
        return self._flows[-1]

    def read(self) -> Content:
        """Return what the file holds; a file that ends early is read as far as it goes."""
        for token in self._tokens:
            self._is_fresh, self._was_open = self._was_open, token.kind == "open"
            if token.kind == "text":
                self._text(token.value)
            elif token.kind == "byte":
                self._byte(int(token.value, 16))
            elif token.kind == "word":
                self._word(token)
            elif token.kind == "symbol":
                self._symbol(token.value)
            elif token.kind == "open":
                self._open()
            else:
                self._close()
        self._flush()
        while len(self._flows) > 1:
            self._fold(self._flows.pop(), b"")
        self._content.body.end()
        return self._content

    def _open(self) -> None:
        self._flush()
        self._is_optional = False
        self._stack.append(self._state)
        checked_depth(len(self._stack))
        self._state = copy.copy(self._state)
        self._state.fold = b""
        self._skip = 0

    def _close(self) -> None:
        self._flush()
        self._skip = 0
        fold = self._state.fold
        if fold in words.FLOWS and len(self._flows) > 1:
            self._fold(self._flows.pop(), fold)
        elif fold:
            self._content.header.end(fold)
        if self._stack:
            self._state = self._stack.pop()

    def _word(self, token: Token) -> None:
        self._flush()
        word, number = token.value, token.number
        optional, self._is_optional = self._is_optional, False
        if word in words.SKIPPED or (optional and word not in words.KNOWN_OPTIONAL):
            self._leave_out(word, token.end)
        elif word in words.FLOWS:
            self._state.destination = self._state.fold = word
            self._flows.append(Flow(self._content.header.headings))
        elif word in words.HEADER_PARTS:
            self._state.destination = self._state.fold = word
        elif word in words.MARKERS:
            self._state.destination = b"marker"
        elif word == b"atnauthor":
            self._author = []
            self._state.destination = word
        elif word in self._actions:
            self._actions[word](number)
        elif word in words.CHARACTERS:
            self._write(words.CHARACTERS[word])
        else:
            self._property(word, number)

    def _leave_out(self, word: bytes, start: int) -> None:
        end = self._tokens.skip_group()
        if word == b"objdata":
            self._content.objects.append((start, end))

    def _property(self, word: bytes, number: int | None) -> None:
        """Take in a property of characters, paragraphs, rows or of the file."""
        state, paragraph = self._state, self._flow.paragraph
        if word in words.SWITCHES:
            setattr(state, words.SWITCHES[word], number != 0)
        elif word in words.OF_PARAGRAPHS and state.destination != b"stylesheet":
            setattr(paragraph, words.OF_PARAGRAPHS[word], number or 0)
        elif word == b"uc":
            state.unicode_skip = min(max(number or 0, 0), 8)
        elif word == b"intbl":
            paragraph.is_in_table = True
        elif word == b"trhdr":
            self._flow.row.is_header = True
        elif word in words.MERGES:
            setattr(self._plan, words.MERGES[word], True)
        else:
            self._content.header.set(state.destination, word, number)

    def _announce_cell(self, number: int | None) -> None:
        self._plan.edge = number or 0
        self._flow.plan_cell(self._plan)
        self._plan = CellPlan()

    def _set_font(self, number: int | None) -> None:
        if self._state.destination == b"fonttbl":
            self._content.header.set(b"fonttbl", b"f", number)
        else:
            self._state.encoding = self._content.header.encoding_of(number or 0)

    def _reset_characters(self) -> None:
        self._state.is_hidden = self._state.is_deleted = self._state.is_inserted = False

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._is_optional = self._is_fresh
        elif symbol in {b"\n", b"\r"}:
            self._flush()
            self._flow.end_paragraph()
        elif symbol in words.SYMBOLS:
            if symbol in b"\\{}":
                self._text(symbol)
            else:
                self._flush()
                self._write(words.SYMBOLS[symbol])

    def _unicode(self, number: int | None) -> None:
        self._write(chr((number or 0) & 0xFFFF))
        self._skip = self._state.unicode_skip

    def _text(self, data: bytes) -> None:
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        self._bytes += data

    def _byte(self, value: int) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self._bytes.append(value)

    def _flush(self) -> None:
        """Decode the bytes that came one after another."""
        if self._bytes:
            text = code_pages.decoded(bytes(self._bytes), self._state.encoding or self._content.header.encoding)
            self._bytes.clear()
            self._write(text)

    def _write(self, text: str) -> None:
        """Put text where the group's destination wants it."""
        state = self._state
        if state.is_hidden or state.is_deleted or state.is_other_form:
            return
        if state.destination in words.HEADER_PARTS:
            self._content.header.write(state.destination, text)
        elif state.destination == b"marker":
            self._flow.paragraph.marker.append(text)
        elif state.destination == b"atnauthor":
            self._author.append(text)
        else:
            self._flow.paragraph.parts.append(text)
            if state.is_inserted and text.strip():
                self._flow.paragraph.is_inserted = True

    def _fold(self, flow: Flow, kind: bytes) -> None:
        """Put what a note, a margin, a comment or a box held where it belongs."""
        flow.end()
        if kind in words.BOXES:
            self._flow.waiting.extend(block for block in flow.blocks if block.table is None)
            self._flow.waiting.extend(
                Block(kind="paragraph", text=block.text) for block in flow.blocks if block.table is not None
            )
            return
        text = text_of(flow.blocks).replace(_NOTE_PLACE, "").strip()
        if not text:
            return
        if kind == b"footnote":
            label = f"[{len(self._content.notes) + 1}]"
            self._flow.paragraph.parts.append(label)
            self._content.notes.append(Block(kind="paragraph", text=text, marker=label))
        elif kind == b"annotation":
            author = clean("".join(self._author)).strip()
            shown = f"{author}: {text}" if author else text
            self._flow.waiting.append(Block(kind="paragraph", text=shown, note="comment"))
        else:
            self._content.margins.append(Block(kind="header" if kind.startswith(b"header") else "footer", text=text))
