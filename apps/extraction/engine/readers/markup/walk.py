"""A walk through a tree of HTML without recursion: hostile pages nest hundreds of thousands of elements."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

_DROPPED = frozenset(
    {"script", "style", "template", "noscript", "head", "iframe", "object", "svg", "math", "canvas", "audio", "video"}
    | {"select", "textarea"}
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)
_DEEPEST = 2_000
_NESTING_TAG = re.compile(
    r"<(/?)(?:div|span|section|article|table|blockquote|ul|ol|dl|b|i|u|em|strong|font|a|center|form|details)\b",
    re.IGNORECASE,
)


def nests_too_deeply(markup: str) -> bool:
    """Whether elements nest so deeply that building the tree, which is quadratic in the depth, would take minutes."""
    if markup.count("<") <= _DEEPEST:
        return False
    depth = 0
    for tag in _NESTING_TAG.finditer(markup):
        depth = max(0, depth + (-1 if tag[1] else 1))
        if depth > _DEEPEST:
            return True
    return False


def walk(root: LexborNode) -> Iterator[tuple[bool, LexborNode]]:
    """Give (True, node) where a visible node begins and (False, node) where an element ends."""
    node: LexborNode | None = root
    depth = 0
    while node is not None:
        if not _is_hidden(node):
            yield True, node
            first = node.first_child
            if first is not None:
                node, depth = first, depth + 1
                continue
            yield False, node
        while node is not None:
            if depth == 0:
                return
            if node.next is not None:
                node = node.next
                break
            node, depth = node.parent, depth - 1
            if node is not None:
                yield False, node


def _is_hidden(node: LexborNode) -> bool:
    tag = node.tag
    if tag is None or tag == "-text":
        return False
    if tag in _DROPPED or tag.startswith(("-", "!", "_")):
        return True
    attributes = node.attributes
    return bool(attributes) and ("hidden" in attributes or bool(_HIDDEN_STYLE.search(attributes.get("style") or "")))
