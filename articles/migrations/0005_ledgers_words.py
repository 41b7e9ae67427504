"""What belongs under a ledger, in words."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0004_told_and_thought'),
    ]

    operations = [
        migrations.AddField(
            model_name='ledger',
            name='about',
            field=models.TextField(blank=True, help_text='Words of which the statement or the headline has one, one a line: North Korean.'),
        ),
        migrations.AddField(
            model_name='ledger',
            name='counts',
            field=models.TextField(blank=True, help_text="What its figures count, in the copy's words, one a line: killed, dead, fatalities."),
        ),
        migrations.AddField(
            model_name='ledger',
            name='files_itself',
            field=models.BooleanField(default=False, help_text='File what fits these words as it comes in. Otherwise it is suggested to you.'),
        ),
        migrations.AlterField(
            model_name='ledger',
            name='unit',
            field=models.CharField(blank=True, help_text='%, USD, km; empty for a plain count.', max_length=40),
        ),
    ]
