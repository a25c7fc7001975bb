"""A page of HTML: its visible text, and the same as blocks with tables and links."""

import re
from dataclasses import dataclass, field
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from apps.extraction.engine.readers.markup.blocks import BlocksInTheMaking
from apps.extraction.engine.readers.markup.lines import Lines
from apps.extraction.engine.readers.markup.lists import Lists
from apps.extraction.engine.readers.markup.tables import CELLS, layout_tables
from apps.extraction.engine.readers.markup.tags import BLOCKS, SPACED
from apps.extraction.engine.readers.markup.walk import TEXT, nests_too_deeply, walk
from apps.extraction.engine.text import clean, tidy_blanks
from apps.extraction.engine.types import Block, TableReading

_DROPPED_START = re.compile(r"<(script|style)\b", re.IGNORECASE)
_DROPPED_END = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style")}
_MOST_TAGS = 600_000  # some fifteen seconds
_LINE_TAG = re.compile(r"<(?:br|/(?:p|div|li|tr|h[1-6]|table|ul|ol|pre))\b[^<>]*>", re.IGNORECASE)
_CELL_TAG = re.compile(r"</t[dh]\b[^<>]*>", re.IGNORECASE)
_MANY_BLANKS = re.compile(r" {2,}")  # first, because looking for blanks before a break in long runs is quadratic
_BLANKS_BESIDE = re.compile(r" ?([\t\n]) ?")
_ANY_TAG = re.compile(r"<[^<>]*>")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Markup:
    """What a page says. A link is the place of its block among the blocks, and its address."""

    text: str
    blocks: list[Block]
    tables: list[TableReading] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)
    metadata: dict[str, object] = field(default_factory=dict)


def read_markup(markup: str) -> Markup:
    """Return the visible content of an HTML page; title and language, where given, are its metadata."""
    if markup.count("<") > _MOST_TAGS or nests_too_deeply(markup):
        text = _without_tags(markup)
        return Markup(text, [Block(kind="paragraph", text=text)])
    tree = LexborHTMLParser(markup)
    body = tree.body or tree.root
    if body is None:
        return Markup("", [])
    making = BlocksInTheMaking(layout_tables(body))
    lines, lists = Lines(), Lists()
    for begins, tag, node in walk(body):
        _write(lines, tag, node, begins=begins)
        if begins:
            marker = lists.begin(tag, node)
            making.begin(tag, node, marker, lists.depth)
            if marker.endswith("."):  # bullets say nothing in a running text
                lines.write(f"{marker} ")
        else:
            making.end(tag)
            lists.end(tag)
    making.finish()
    return Markup(lines.text(), making.blocks, making.tables, making.links, _metadata(tree))


def _without_tags(markup: str) -> str:
    """Return the text of a page whose tree would cost too much."""
    text = _ANY_TAG.sub(" ", _CELL_TAG.sub("\t", _LINE_TAG.sub("\n", _without_scripts(markup))))
    text = _BLANKS_BESIDE.sub(r"\1", _MANY_BLANKS.sub(" ", text))
    return tidy_blanks(clean(unescape(text)))


def _without_scripts(markup: str) -> str:
    """Return the page without scripts and styles; one without an end reaches to the end of the page."""
    parts = []
    at = 0
    while start := _DROPPED_START.search(markup, at):
        parts.append(markup[at : start.start()])
        end = _DROPPED_END[start[1].lower()].search(markup, start.end())
        at = end.end() if end else len(markup)
    return " ".join([*parts, markup[at:]])


def _metadata(tree: LexborHTMLParser) -> dict[str, object]:
    metadata: dict[str, object] = {}
    title = tree.css_first("head title")
    if title is not None and (words := " ".join(clean(title.text()).split())):
        metadata["title"] = words
    language = tree.root.attributes.get("lang") if tree.root is not None else None
    if language and _LANGUAGE.fullmatch(language):
        metadata["language"] = language
    return metadata


def _write(out: Lines, tag: str, node: LexborNode, *, begins: bool) -> None:
    """Write what a node adds to the running text."""
    if tag == TEXT:
        out.write(node.text_content or "")
        return
    if tag in BLOCKS and (begins or tag != "br"):
        out.line_break(spaced=tag in SPACED)
    if tag == "pre":
        out.preformatted += 1 if begins else -1
    elif tag in CELLS and not begins:
        out.gap("\t")
