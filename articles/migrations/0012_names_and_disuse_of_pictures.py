"""Pictures get a name by which editors find them again, and a time since when no story uses them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0011_words_not_saved_yet'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='image',
            options={'ordering': ('-added_at', '-id'), 'verbose_name': 'picture'},
        ),
        migrations.AddField(
            model_name='image',
            name='name',
            field=models.CharField(blank=True, db_default='', help_text='By which editors find it again. Readers do not see it.', max_length=200),
        ),
        migrations.AddField(
            model_name='image',
            name='unused_since',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
