"""The part of a document that its type is read from, so that long documents cost no more than short ones."""

from collections.abc import Sequence

# More than the chunks of a document's vector hold in any script: the encoder's chunks have 254 tokens, and a token has
# four characters in the mean.
_READ_CHARACTERS = 40_000


def leading_pages(page_texts: Sequence[str]) -> list[str]:
    """Return the first pages, the last of them cut where the characters that are read end."""
    pages: list[str] = []
    left = _READ_CHARACTERS
    for text in page_texts:
        if left <= 0:
            break
        pages.append(text[:left])
        left -= len(text)
    return pages
