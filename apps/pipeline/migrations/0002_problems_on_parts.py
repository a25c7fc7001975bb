"""What goes wrong is noted on the part it happened in; a run gathers it when it ends."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def note_on_parts(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Copy the problems of single pages from each run to the part that read the page: a retry gathers them anew."""
    for run in apps.get_model("pipeline", "PipelineRun").objects.exclude(errors=[]).iterator():
        for part in run.steps.filter(state="SUCCEEDED").order_by("part"):
            pages = range(part.input.get("first", 0), part.input.get("last", -1) + 1)
            part.problems = [
                {name: error[name] for name in ("code", "message", "page")}
                for error in run.errors
                if error.get("step") == part.step and error.get("page") in pages
            ]
            if part.problems:
                part.save(update_fields=["problems"])


class Migration(migrations.Migration):
    """Adds `problems` to the parts of steps."""

    dependencies = [("pipeline", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="steprun",
            name="problems",
            field=models.JSONField(
                default=list, help_text="[{code, message, page?}] of a part that succeeded in spite."
            ),
        ),
        migrations.AlterField(
            model_name="pipelinerun",
            name="errors",
            field=models.JSONField(
                default=list,
                help_text="[{code, message, page?, step}]; gathered from the parts when the run ends.",
            ),
        ),
        migrations.RunPython(note_on_parts, migrations.RunPython.noop),
    ]
