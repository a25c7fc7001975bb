"""Vectors are named by model and weights alone: those of two number formats may be compared."""

from typing import ClassVar

from django.db import migrations

# Where a passage has vectors in both formats, one stays.
ONE_OF_TWO = """
    DELETE FROM search_chunk WHERE model LIKE '%/fp32' AND EXISTS (
        SELECT 1 FROM search_chunk AS other
        WHERE other.model = regexp_replace(search_chunk.model, '/fp32$', '/bf16')
        AND other.reading_id = search_chunk.reading_id
        AND other.page_number = search_chunk.page_number
        AND other.start = search_chunk.start
    )
"""
WITHOUT_FORMAT = "UPDATE search_chunk SET model = regexp_replace(model, '/(bf16|fp32)$', '')"


class Migration(migrations.Migration):
    """Take the number format off the models' names."""

    dependencies: ClassVar = [("search", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL(ONE_OF_TWO, migrations.RunSQL.noop),
        migrations.RunSQL(WITHOUT_FORMAT, migrations.RunSQL.noop),
    ]
