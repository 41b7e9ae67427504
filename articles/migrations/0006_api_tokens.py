"""Keys with which programs speak for an account."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def let_everybody_have_some(apps, schema_editor):
    """Every role may have keys of its own: a key may do no more than its account."""
    alias = schema_editor.connection.alias
    content_type = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    kind, _ = content_type.get_or_create(app_label="articles", model="token")
    permission = apps.get_model("auth", "Permission").objects.using(alias)
    for action, name in (("view", "Can view access token"), ("add", "Can add access token")):
        may, _ = permission.get_or_create(
            content_type=kind, codename=f"{action}_token", defaults={"name": name}
        )
        for group in apps.get_model("auth", "Group").objects.using(alias).filter(
            name__in=("reporter", "editor", "chief", "loader")
        ):
            group.permissions.add(may)


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0005_ledgers_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text="What uses it: “wire desk's script”.", max_length=100)),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('hint', models.CharField(editable=False, help_text='Its first letters, to tell it by.', max_length=12)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('used_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'access token',
                'ordering': ('-created_at',),
            },
        ),
        migrations.RunPython(let_everybody_have_some, migrations.RunPython.noop),
    ]
