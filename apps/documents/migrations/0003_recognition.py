from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_reading")]

    operations = [
        migrations.AddField(model_name="pagecontent", name="recognition", field=models.JSONField(null=True)),
    ]
