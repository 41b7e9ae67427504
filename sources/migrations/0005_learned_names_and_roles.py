"""Say which names and affiliations were learned from copy: all there are, until articles.0014 knows better."""

from django.db import migrations, models

NAME = "Not checked: readers see it only while a public claim uses it. Untick it to show it always."
ROLE = "Not checked: readers see it only while a public claim gives it. Untick it to show it always."


def learned(default, text):
    return models.BooleanField("from copy", default=default, help_text=text)


class Migration(migrations.Migration):
    dependencies = [("sources", "0004_portraits")]
    operations = [
        migrations.AddField("sourcename", "learned", learned(True, NAME)),
        migrations.AddField("affiliation", "learned", learned(True, ROLE)),
        migrations.AlterField("sourcename", "learned", learned(False, NAME)),
        migrations.AlterField("affiliation", "learned", learned(False, ROLE)),
    ]
