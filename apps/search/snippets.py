"""Snippets: a page's passage around the words that matched, marked by <mark>, everything else escaped."""

import re
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils.html import escape

from apps.search.matches import Match
from apps.search.terms import Query

START, STOP = "\x02", "\x03"  # stand for the marks until the text is escaped
OPTIONS: Final = f"StartSel={START}, StopSel={STOP}, MaxWords=38, MinWords=18, MaxFragments=2, FragmentDelimiter=' … '"
LONGEST_TEXT: Final = 40_000  # characters of a page looked at
LONGEST_PLAIN: Final = 280

# The passage is cut out first: ts_headline parses everything it is given.
HEADLINES: Final = """
    SELECT wanted.document_id,
           ts_headline('docintel', translate(substr(page.text, wanted.start + 1, wanted.size), %s, ''), %s::tsquery, %s)
    FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::int[]) AS wanted (document_id, number, start, size)
    JOIN documents_document AS document ON document.id = wanted.document_id
    JOIN documents_page AS page ON page.reading_id = document.current_reading_id AND page.number = wanted.number
"""


def snippets(*, matches: Sequence[Match], query: Query) -> dict[UUID, str]:
    """Return each match's snippet as HTML that is safe to show; documents without text have none."""
    sizes = [LONGEST_TEXT if match.start is None else (match.end or 0) - match.start for match in matches]
    values: list[Any] = [
        START + STOP,
        query.relaxed,
        OPTIONS,
        [match.document_id for match in matches],
        [match.page for match in matches],
        [match.start or 0 for match in matches],
        sizes,
    ]
    with connection.cursor() as cursor:
        cursor.execute(HEADLINES, values)
        return {identifier: _html(headline) for identifier, headline in cursor.fetchall()}


def _html(headline: str) -> str:
    """Escape the text and turn the stand-ins into marks; neighbouring marks become one."""
    text = re.sub(r"\s+", " ", headline).strip()
    text = text.replace(f"{STOP} {START}", " ")
    if START not in text and len(text) > LONGEST_PLAIN:
        text = text[:LONGEST_PLAIN].rsplit(" ", 1)[0] + " …"
    return str(escape(text)).replace(START, "<mark>").replace(STOP, "</mark>")
