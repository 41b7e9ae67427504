"""What was done at the desk, with what it takes to take it back."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0006_api_tokens'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeskAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, help_text='Made by the browser: the same action sent twice is done once.', unique=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(max_length=20)),
                ('sentence', models.CharField(help_text='What was done, in words: “Accepted “…””.', max_length=300)),
                ('before', models.JSONField(blank=True, default=dict, help_text='Claim id -> articles.desk.snapshots.snapshot, or null for a claim that this made.')),
                ('after', models.JSONField(blank=True, default=dict, help_text='Claim id -> its version once this was done.')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='desk_actions', to='articles.article')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='desk_actions', to=settings.AUTH_USER_MODEL)),
                ('claims', models.ManyToManyField(blank=True, related_name='desk_actions', to='articles.claim')),
                ('undone_by', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='undid', to='articles.deskaction')),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(models.F('article'), models.F('by'), models.OrderBy(models.F('id'), descending=True), name='desk_actions_to_undo')],
            },
        ),
    ]
