"""Changing pages that were laid out: their texts and languages, their blocks, the order of their words."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from apps.documents.models import PageContent

# One statement for all pages of a part, and none for pages that stay as they are.
_DESCRIBE = """
    UPDATE documents_page AS page SET text = given.text, language = given.language
    FROM unnest(%s::int[], %s::text[], %s::text[]) AS given (number, text, language)
    WHERE page.reading_id = %s AND page.number = given.number
          AND (page.text, page.language) IS DISTINCT FROM (given.text, given.language)
"""
_DESCRIBE_BLOCKS = """
    UPDATE documents_pagecontent AS content SET blocks = given.blocks
    FROM unnest(%s::int[], %s::bytea[]) AS given (number, blocks)
    JOIN documents_page AS page ON page.reading_id = %s AND page.number = given.number
    WHERE content.page_id = page.id AND content.blocks IS DISTINCT FROM given.blocks
"""


class PageText(NamedTuple):
    """What a page says; a blank language cannot be told."""

    number: int
    text: str
    language: str


def pages_describe(*, reading_id: UUID, pages: Sequence[PageText]) -> None:
    """Store the texts and languages of pages anew."""
    numbers, texts = [page.number for page in pages], [page.text for page in pages]
    with connection.cursor() as cursor:
        cursor.execute(_DESCRIBE, [numbers, texts, [page.language for page in pages], reading_id])


def contents_describe(*, reading_id: UUID, blocks: Mapping[int, bytes], words: Mapping[int, bytes]) -> None:
    """Store the packed blocks of pages by number, and their packed words where these are in another order now."""
    with connection.cursor() as cursor:
        cursor.execute(_DESCRIBE_BLOCKS, [list(blocks), list(blocks.values()), reading_id])
    for number, packed in words.items():
        PageContent.objects.filter(page__reading_id=reading_id, page__number=number).update(words=packed)
