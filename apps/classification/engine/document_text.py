"""A document as its type is read: what training, `analyze` and the workers all give to the encoder and the head."""

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple, Self

import msgspec

# Of a long document only the beginning is read, so that it costs no more than a short one.
READ_PAGES = 12
# Only the beginning says what a document is; the rest says what it is about.
READ_CHARACTERS = 6_000
# More than the chunks of a document's vector hold in any script: the encoder's chunks have 254 tokens, and a token has
# four characters in the mean.
READ_BODY_CHARACTERS = 40_000


class PageText(NamedTuple):
    """The text of a page's body, from which passages are cut, and the same with its header and footer."""

    body: str
    whole: str


class DocumentText(msgspec.Struct, frozen=True):
    """The leading pages' bodies, from which passages are cut, and the text in which words are counted.

    Passages serve search as well, so they hold no headers and footers; for the type a letterhead says much.
    """

    bodies: list[str]
    text: str

    @classmethod
    def of(cls, pages: Iterable[PageText]) -> Self:
        """Return the part that is read of a document's pages, given in order."""
        leading = list(islice(pages, READ_PAGES))
        text = "\n".join(page.whole for page in leading).lstrip()
        return cls(bodies=_cut(page.body for page in leading), text=text[:READ_CHARACTERS])


def _cut(bodies: Iterable[str]) -> list[str]:
    """Return the bodies, the last of them cut where the characters that are read end."""
    kept: list[str] = []
    left = READ_BODY_CHARACTERS
    for body in bodies:
        if left <= 0:
            break
        kept.append(body[:left])
        left -= len(body)
    return kept
