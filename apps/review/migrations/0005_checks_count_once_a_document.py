"""Values of one document that were drawn together are known as such, and count once."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce


def fill(apps: Any, _: object) -> None:
    """Checks of documents that are gone stay by themselves: nobody knows any more which belonged together."""
    apps.get_model("review", "SpotCheck").objects.update(drawn_with=Coalesce(F("document_id"), F("id")))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("review", "0004_acceptance")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="spotcheck", name="drawn_with", field=models.UUIDField(null=True), preserve_default=False
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="spotcheck",
            name="drawn_with",
            field=models.UUIDField(help_text="Of what was drawn of one document together, and counts once."),
        ),
    ]
