"""A story can be under embargo, and a chief may publish over warnings."""

from django.contrib.auth.management import create_permissions
from django.db import migrations, models


def let_chiefs_overrule(apps, schema_editor):
    alias = schema_editor.connection.alias
    # Django makes permissions after all migrations; the group needs this one now (see 0003_roles).
    config = apps.get_app_config("articles")
    module, config.models_module = getattr(config, "models_module", None), True
    create_permissions(config, verbosity=0, using=alias, apps=apps)
    config.models_module = module
    permission = apps.get_model("auth", "Permission").objects.using(alias).get(
        content_type__app_label="articles", codename="overrule_warnings"
    )
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name="chief"):
        group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0007_desk_actions'),
        ('sources', '0002_permissions'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='article',
            options={'ordering': ('-published_at', '-id'), 'permissions': [('publish_article', 'Can publish, schedule, correct and send back articles'), ('retract_article', 'Can retract articles'), ('overrule_warnings', 'Can publish articles over warnings')]},
        ),
        migrations.AddField(
            model_name='article',
            name='embargo_until',
            field=models.DateTimeField(blank=True, editable=False, help_text='Before this moment readers see nothing of it, whatever is done.', null=True),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['scheduled', 'published', 'retracted']), _negated=True), ('embargo_until__isnull', True), ('published_at__gte', models.F('embargo_until')), _connector='OR'), name='public_article_keeps_its_embargo', violation_error_message='The story is under embargo until after that time.'),
        ),
        migrations.RunPython(let_chiefs_overrule, migrations.RunPython.noop),
    ]
