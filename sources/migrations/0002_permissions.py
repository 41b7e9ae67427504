"""Merging sources is a permission of its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_foundation")]
    operations = [
        migrations.AlterModelOptions(
            name="source",
            options={
                "ordering": ("name", "id"),
                "permissions": [("merge_source", "Can merge two sources into one")],
            },
        ),
    ]
