import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('extraction', '0004_fields'),
    ]

    operations = [
        migrations.AlterField(
            model_name='fieldvalue',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='field_values', to='documents.document'),
        ),
        migrations.AlterField(
            model_name='fieldvalue',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='documents.documentversion'),
        ),
        migrations.AddConstraint(
            model_name='fieldvalue',
            constraint=models.UniqueConstraint(condition=models.Q(('reading__isnull', False)), fields=('reading', 'key', 'position'), name='field_position_once'),
        ),
        migrations.AddConstraint(
            model_name='fieldvalue',
            constraint=models.CheckConstraint(condition=models.Q(('confidence__isnull', True), ('confidence__range', (0, 1)), _connector='OR'), name='field_confidence_share'),
        ),
        migrations.AddConstraint(
            model_name='fieldvalue',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['PROPOSED', 'ACCEPTED', 'CORRECTED', 'REJECTED'])), name='field_state_known'),
        ),
        migrations.AddConstraint(
            model_name='fieldvalue',
            constraint=models.CheckConstraint(condition=models.Q(('method__in', ['EMBEDDED', 'RULE', 'MODEL', 'HUMAN'])), name='field_method_known'),
        ),
        migrations.AddConstraint(
            model_name='fieldvalue',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confidence__isnull', True), ('method', 'HUMAN'), ('reading__isnull', True)), models.Q(models.Q(('method', 'HUMAN'), _negated=True), ('reading__isnull', False)), _connector='OR'), name='field_person_has_no_reading'),
        ),
        migrations.AddConstraint(
            model_name='fieldvalue',
            constraint=models.CheckConstraint(condition=models.Q(('is_supported', False), ('reading__isnull', False), ('state', 'ACCEPTED'), _negated=True), name='field_unsupported_not_accepted'),
        ),
        migrations.AddConstraint(
            model_name='fieldvalue',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('value_table__isnull', False), ('value_type', 'table')), models.Q(models.Q(('value_type', 'table'), _negated=True), ('value_table__isnull', True)), _connector='OR'), name='field_table_has_rows'),
        ),
        migrations.AddConstraint(
            model_name='fieldvalue',
            constraint=models.CheckConstraint(condition=models.Q(('value_date__isnull', True), ('value_type', 'date'), _connector='OR'), name='field_date_is_date'),
        ),
    ]
