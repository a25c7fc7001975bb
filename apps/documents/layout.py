"""Changing pages that were laid out: their texts and languages, their blocks, the order of their words."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection

from apps.documents.models import Page, PageContent

# One statement for all pages of a part, and none for pages that stay as they are.
_DESCRIBE = """
    UPDATE documents_page AS page SET text = given.text, language = given.language
    FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS given (id, text, language)
    WHERE page.id = given.id AND (page.text, page.language) IS DISTINCT FROM (given.text, given.language)
"""
_DESCRIBE_BLOCKS = """
    UPDATE documents_pagecontent AS content SET blocks = given.blocks
    FROM unnest(%s::uuid[], %s::bytea[]) AS given (id, blocks)
    WHERE content.page_id = given.id AND content.blocks IS DISTINCT FROM given.blocks
"""


def pages_describe(*, pages: Sequence[Page]) -> None:
    """Store the pages' texts and languages anew."""
    ids, texts = [page.pk for page in pages], [page.text for page in pages]
    with connection.cursor() as cursor:
        cursor.execute(_DESCRIBE, [ids, texts, [page.language for page in pages]])


def contents_describe(*, blocks: Mapping[UUID, bytes], words: Mapping[UUID, bytes]) -> None:
    """Store the packed blocks of pages, and their packed words where these are in another order now."""
    with connection.cursor() as cursor:
        cursor.execute(_DESCRIBE_BLOCKS, [list(blocks), list(blocks.values())])
    for page_id, packed in words.items():
        PageContent.objects.filter(page_id=page_id).update(words=packed)
