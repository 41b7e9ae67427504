"""Since when readers could see each revision; for those that they see now, since they were stored."""

from django.db import migrations, models


def those_seen_now(apps, schema_editor):
    alias = schema_editor.connection.alias
    live = apps.get_model("articles", "Article").objects.using(alias).exclude(live=None).values("live")
    revisions = apps.get_model("articles", "Revision").objects.using(alias)
    revisions.filter(pk__in=live, live_from=None).update(live_from=models.F("created_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0009_settled_imports'),
    ]

    operations = [
        migrations.AddField(
            model_name='revision',
            name='live_from',
            field=models.DateTimeField(blank=True, editable=False, help_text='Since when readers could see it; empty: they never could.', null=True),
        ),
        migrations.RunPython(those_seen_now, migrations.RunPython.noop),
    ]
