"""A walk through a tree of HTML without recursion: hostile pages nest hundreds of thousands of elements."""

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

TEXT: Final = "-text"
_DROPPED = frozenset(
    {"script", "style", "template", "noscript", "head", "iframe", "object", "svg", "math", "canvas", "audio", "video"}
    | {"select", "textarea"}
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)
_DEEPEST = 2_000  # a bound of caution: pages for people nest some dozens deep
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


def walk(root: LexborNode) -> Iterator[tuple[bool, str, LexborNode]]:
    """Give (True, tag, node) where a visible node begins and (False, tag, node) where it ends; texts only begin."""
    node: LexborNode | None = root
    above: list[str] = []
    while node is not None:
        tag = node.tag or ""
        if tag == TEXT:
            yield True, tag, node
        elif not _is_hidden(tag, node):
            yield True, tag, node
            first = node.first_child
            if first is not None:
                node = first
                above.append(tag)
                continue
            yield False, tag, node
        while node is not None:
            if not above:
                return
            following = node.next
            if following is not None:
                node = following
                break
            node = node.parent
            if node is not None:
                yield False, above.pop(), node


def _is_hidden(tag: str, node: LexborNode) -> bool:
    if tag in _DROPPED or tag.startswith(("-", "!", "_")):
        return True
    attributes = node.attributes
    return bool(attributes) and ("hidden" in attributes or bool(_HIDDEN_STYLE.search(attributes.get("style") or "")))
