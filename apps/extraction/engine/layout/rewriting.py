"""The text of a page that was laid out: what stands apart from the body is taken out, columns are put into order."""

from collections.abc import Sequence

from apps.extraction.engine.layout.blocks import Group
from apps.extraction.engine.layout.drafts import Draft
from apps.extraction.engine.text import tidy_blanks

_MOST_DROPPED = 0.4  # of a page's words: a page that is mostly edge has no body to set it off from


def rewritten(draft: Draft, groups: Sequence[Group]) -> str:
    """Return the page's text without headers, footers and page numbers; unchanged where there is nothing to do.

    `groups` are the lines of each block in reading order; they matter only where the order was wrong.
    """
    dropped = {line for line in draft.apart if line not in draft.kept}
    words = sum(draft.lines[line].word_count for line in dropped)
    if words > _MOST_DROPPED * len(draft.page.words):
        dropped = set()
    if draft.order is not None:
        return _composed(draft, groups, dropped)
    return _without(draft, dropped) if dropped else draft.page.text


def _composed(draft: Draft, groups: Sequence[Group], dropped: set[int]) -> str:
    """Return the text line by line, with an empty line between blocks."""
    blocks = ("\n".join(draft.text_of(line) for line in group.lines if line not in dropped) for group in groups)
    return "\n\n".join(block for block in blocks if block)


def _without(draft: Draft, dropped: set[int]) -> str:
    """Return the text without the words of some lines; words that another line shares with them stay."""
    tokens = draft.tokens
    gone = {token for line in dropped for token in _tokens(draft, line)}
    gone -= {token for line in range(len(draft.lines)) if line not in dropped for token in _tokens(draft, line)}
    gone.discard(-1)
    parts: list[str] = []
    place = 0
    for first, last in _runs(sorted(gone)):
        start, end = tokens.spans[first][0], tokens.spans[last][1]
        if tokens.text[end : end + 1] == "\n" and (start == 0 or tokens.text[start - 1] == "\n"):
            end += 1
        parts.append(tokens.text[place:start])
        place = end
    parts.append(tokens.text[place:])
    return tidy_blanks("".join(parts))


def _tokens(draft: Draft, line: int) -> list[int]:
    found = draft.lines[line]
    return draft.tokens.of_word[found.first : found.last]


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return runs of successive numbers."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs
