"""HTML: the visible text with its block structure as line breaks."""

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from apps.extraction.engine.readers.base import Source, TextDocument
from apps.extraction.engine.readers.decoding import decode
from apps.extraction.engine.readers.plain_text import in_parts
from apps.extraction.engine.text import clean, tidy_blanks

_DROPPED = frozenset(
    {"script", "style", "template", "noscript", "head", "iframe", "object", "svg", "math", "canvas", "audio", "video"}
    | {"select", "textarea"}
)
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"}
    | {"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li"}
    | {"legend", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul"}
    | {"caption", "option", "br"}
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl", "blockquote", "pre"})
_CELLS = frozenset({"td", "th"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)
_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]+?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{3,20})""", re.IGNORECASE)
_DEEPEST = 2_000
_NESTING_TAG = re.compile(
    r"<(/?)(?:div|span|section|article|table|blockquote|ul|ol|dl|b|i|u|em|strong|font|a|center|form|details)\b",
    re.IGNORECASE,
)
_DROPPED_CONTENT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_ANY_TAG = re.compile(r"<[^<>]*>")
_BLANKS = re.compile(r"[ \t\n\r\f]+")


def open_document(source: Source) -> TextDocument:
    """Read the page's visible text; the title and language become metadata."""
    data = source.path.read_bytes()
    found = _CHARSET.search(data[:4_096])
    text, metadata = read_html(decode(data, found[1].decode("ascii") if found else None))
    return TextDocument(source, in_parts(text), metadata)


def read_html(markup: str) -> tuple[str, dict[str, object]]:
    """Return the visible text of an HTML page, and its title and language where given."""
    if _nests_too_deeply(markup):
        return tidy_blanks(clean(unescape(_ANY_TAG.sub(" ", _DROPPED_CONTENT.sub(" ", markup))))), {}
    tree = LexborHTMLParser(markup)
    metadata: dict[str, object] = {}
    title = tree.css_first("head title")
    if title is not None and (words := " ".join(clean(title.text()).split())):
        metadata["title"] = words
    language = tree.root.attributes.get("lang") if tree.root is not None else None
    if language and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", language):
        metadata["language"] = language
    body = tree.body or tree.root
    return (_visible_text(body) if body is not None else "", metadata)


def _nests_too_deeply(markup: str) -> bool:
    """Whether elements nest so deeply that building the tree, which is quadratic in the depth, would take minutes."""
    if markup.count("<") <= _DEEPEST:
        return False
    depth = 0
    for tag in _NESTING_TAG.finditer(markup):
        depth = max(0, depth + (-1 if tag[1] else 1))
        if depth > _DEEPEST:
            return True
    return False


def _visible_text(root: LexborNode) -> str:
    """Walk without recursion, because hostile pages nest hundreds of thousands of elements."""
    out = _Lines()
    node: LexborNode | None = root
    depth = 0
    while node is not None:
        first = None if _is_hidden(node) else _enter(node, out)
        if first is not None:
            node, depth = first, depth + 1
            continue
        while node is not None:
            _leave(node, out)
            if depth == 0:
                node = None
            elif node.next is not None:
                node = node.next
                break
            else:
                node, depth = node.parent, depth - 1
    return out.text()


def _enter(node: LexborNode, out: "_Lines") -> LexborNode | None:
    """Write what a node begins with; the first child, if the walk is to go on inside."""
    tag = node.tag
    if tag == "-text":
        out.write(node.text_content or "")
        return None
    if tag in _BLOCKS:
        out.line_break(spaced=tag in _SPACED)
    if tag == "pre":
        out.preformatted += 1
    return node.first_child


def _leave(node: LexborNode, out: "_Lines") -> None:
    tag = node.tag
    if tag == "pre":
        out.preformatted -= 1
    if tag in _CELLS:
        out.gap("\t")
    elif tag in _BLOCKS and tag != "br":
        out.line_break(spaced=tag in _SPACED)


def _is_hidden(node: LexborNode) -> bool:
    tag = node.tag
    if tag is None or tag == "-text":
        return False
    if tag in _DROPPED or tag.startswith(("-", "!", "_")):
        return True
    attributes = node.attributes
    return bool(attributes) and ("hidden" in attributes or bool(_HIDDEN_STYLE.search(attributes.get("style") or "")))


class _Lines:
    """Collects text so that blanks collapse as a browser's do."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._pending = ""  # what separates the next word from the last
        self.preformatted = 0

    def write(self, text: str) -> None:
        if self.preformatted > 0:
            self._flush()
            self._parts.append(text)
            return
        words = _BLANKS.sub(" ", text)
        if words.startswith(" "):
            self.gap(" ")
        if words.strip(" "):
            self._flush()
            self._parts.append(words.strip(" "))
            if words.endswith(" "):
                self.gap(" ")

    def gap(self, blank: str) -> None:
        if "\n" not in self._pending and self._pending != "\t":
            self._pending = blank

    def line_break(self, *, spaced: bool) -> None:
        if self._pending != "\n\n":
            self._pending = "\n\n" if spaced else "\n"

    def _flush(self) -> None:
        if self._parts:
            self._parts.append(self._pending)
        self._pending = ""

    def text(self) -> str:
        return tidy_blanks(clean("".join(self._parts)))
