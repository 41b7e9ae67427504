"""Portraits get a credit and their size in pixels, so that pages can reserve their place."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0003_merges'),
    ]

    operations = [
        migrations.AddField(
            model_name='source',
            name='picture_credit',
            field=models.CharField(blank=True, db_default='', help_text='Who took the picture, for readers.', max_length=200),
        ),
        migrations.AddField(
            model_name='source',
            name='picture_height',
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='picture_width',
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
    ]
