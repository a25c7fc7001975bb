"""Tags that are there were put by people, except on parts, which have those of what they are a part of."""

from itertools import islice
from typing import Any

from django.db import migrations


def note_decisions(apps: Any, schema_editor: Any) -> None:
    """Note a decision for every tag on a document that came in by itself, at the time when that came in."""
    decisions = apps.get_model("documents", "TagDecision")
    there = apps.get_model("documents", "Document").tags.through.objects.filter(document__parent__isnull=True)
    rows = there.values_list("document_id", "tag_id", "document__workspace_id", "document__received_at")
    found = rows.iterator()
    while some := list(islice(found, 1000)):
        decisions.objects.bulk_create(
            decisions(document_id=document, tag_id=tag, workspace_id=workspace, is_wanted=True, decided_at=at)
            for document, tag, workspace, at in some
        )


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_tag_decisions")]
    operations = [migrations.RunPython(note_decisions, migrations.RunPython.noop)]
