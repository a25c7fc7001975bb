"""What a query asks for: its PostgreSQL form, its words, and how rare each is in a workspace."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.db import connection

LONGEST_QUERY: Final = 2_000
MOST_WORDS: Final = 40
COUNTED_UP_TO: Final = 20_000  # beyond this a word is frequent, and how frequent hardly moves its weight
STATISTICS_TTL_S: Final = 60

# querytree() leaves out what is negated; quotes inside a lexeme are doubled.
PARSE: Final = """
    SELECT asked::text, querytree(asked) FROM websearch_to_tsquery('docintel', %s) AS asked
"""
LEXEME: Final = re.compile(r"'((?:[^'\\]|''|\\.)+)'")
# Quotes, a leading minus and OR are an exact wish; then only exactly matching pages are shown.
OPERATORS: Final = re.compile(r"\"|(?:^|\s)-\w|\bor\b", re.IGNORECASE)
COUNT: Final = """
    SELECT word, (SELECT count(*) FROM (
        SELECT 1 FROM search_pageindex WHERE workspace_id = %s AND terms @@ word::tsquery LIMIT %s) AS found)
    FROM unnest(%s::text[]) AS word
"""
COUNT_PAGES: Final = "SELECT count(*) FROM search_pageindex WHERE workspace_id = %s"


@dataclass(frozen=True)
class Query:
    """A query in PostgreSQL's form; `words` are single-word queries (quoted lexemes), negated ones left out."""

    strict: str
    words: tuple[str, ...]
    is_plain: bool

    @property
    def relaxed(self) -> str:
        """The query that any of the words answers."""
        return " | ".join(self.words)


def parse(text: str) -> Query:
    """Read what a person typed: words, "a phrase", OR, -without. No error is possible; no words give no matches."""
    asked = text[:LONGEST_QUERY].replace("\x00", " ")
    with connection.cursor() as cursor:
        cursor.execute(PARSE, [asked])
        strict, positive = cursor.fetchone()
    words = dict.fromkeys(f"'{lexeme}'" for lexeme in LEXEME.findall(positive or ""))
    return Query(strict=strict, words=tuple(words)[:MOST_WORDS], is_plain=not OPERATORS.search(asked))


@dataclass(frozen=True)
class Statistics:
    """How many pages a workspace has, and how many of them hold each word."""

    pages: int
    holding: dict[str, int]


def statistics(*, workspace_id: UUID, words: Sequence[str]) -> Statistics:
    """Count a workspace's pages by word, remembered for a minute."""
    keys = {word: _key(workspace_id, word) for word in words}
    pages_key = _key(workspace_id, "")
    known = cache.get_many([pages_key, *keys.values()])
    missing = [word for word, key in keys.items() if key not in known]
    fresh: dict[str, int] = {}
    with connection.cursor() as cursor:
        if missing:
            cursor.execute(COUNT, [workspace_id, COUNTED_UP_TO, missing])
            fresh = {keys[word]: count for word, count in cursor.fetchall()}
        if pages_key not in known:
            cursor.execute(COUNT_PAGES, [workspace_id])
            fresh[pages_key] = cursor.fetchone()[0]
    if fresh:
        cache.set_many(fresh, timeout=STATISTICS_TTL_S)
    counts = known | fresh
    return Statistics(pages=counts[pages_key], holding={word: counts[key] for word, key in keys.items()})


def _key(workspace_id: UUID, word: str) -> str:
    return f"search-df:{workspace_id}:{hashlib.blake2s(word.encode(), digest_size=12).hexdigest()}"
