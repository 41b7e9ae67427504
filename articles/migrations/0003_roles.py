"""The newsroom's roles as groups, and the permissions that only some of them carry.

What a role may do is written out here once and frozen; a later migration adds what later tables need. A
newsroom may change its groups by hand: nothing is taken from them when this runs again.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

# Everybody at the desk reads everything but how copy came in.
SEEN = {
    "sources": "source sourcename affiliation likeness",
    "articles": (
        "topic publisherhost article revision byline image articleimage relatedlink correction "
        "claim hop anchor quantity ledger claimlink repeatcluster claimrepeat"
    ),
}
INTAKE_SEEN = {"articles": "original importrun importitem"}

VIEW, ADD, CHANGE, DELETE = "view", "add", "change", "delete"
ROLES = {
    # Writes, and sends for review.
    "reporter": [
        (SEEN, (VIEW,)),
        ({"articles": "article"}, (ADD, CHANGE)),
        ({"articles": "byline articleimage relatedlink"}, (ADD, CHANGE, DELETE)),
        ({"articles": "image"}, (ADD,)),
    ],
    # Also reviews, publishes and corrects.
    "editor": [
        (SEEN, (VIEW,)),
        (INTAKE_SEEN, (VIEW,)),
        ({"articles": "article topic publisherhost correction claim ledger image"}, (ADD, CHANGE)),
        ({"articles": "byline articleimage relatedlink"}, (ADD, CHANGE, DELETE)),
        ({"articles": "hop anchor quantity claimlink repeatcluster claimrepeat"}, (ADD, CHANGE, DELETE)),
        ({"sources": "source"}, (ADD, CHANGE)),
        ({"sources": "sourcename affiliation"}, (ADD, CHANGE, DELETE)),
        ({"sources": "likeness"}, (CHANGE,)),
    ],
    # Also retracts, merges sources, undoes imports and looks after people.
    "chief": [
        (SEEN, (VIEW,)),
        (INTAKE_SEEN, (VIEW,)),
        ({"articles": "article topic publisherhost correction claim ledger image"}, (ADD, CHANGE, DELETE)),
        ({"articles": "byline articleimage relatedlink"}, (ADD, CHANGE, DELETE)),
        ({"articles": "hop anchor quantity claimlink repeatcluster claimrepeat"}, (ADD, CHANGE, DELETE)),
        ({"sources": "source"}, (ADD, CHANGE)),
        ({"sources": "sourcename affiliation"}, (ADD, CHANGE, DELETE)),
        ({"sources": "likeness"}, (CHANGE,)),
        ({"auth": "user"}, (VIEW, ADD, CHANGE)),
        ({"auth": "group"}, (VIEW,)),
    ],
    # Brings copy in, and undoes what was brought in.
    "loader": [
        (INTAKE_SEEN, (VIEW,)),
        ({"articles": "article claim topic", "sources": "source"}, (VIEW,)),
        ({"articles": "publisherhost"}, (VIEW, ADD, CHANGE)),
    ],
}
SPECIAL = {
    "editor": ("articles.publish_article", "articles.review_claim"),
    "chief": (
        "articles.publish_article",
        "articles.review_claim",
        "articles.retract_article",
        "articles.run_import",
        "sources.merge_source",
    ),
    "loader": ("articles.run_import",),
}


def make_roles(apps, schema_editor):
    alias = schema_editor.connection.alias
    for label in ("auth", "sources", "articles"):
        # Django makes permissions after all migrations; the groups need them now. It passes over apps
        # without a models module, as those of a migration's state are.
        config = apps.get_app_config(label)
        module, config.models_module = getattr(config, "models_module", None), True
        create_permissions(config, verbosity=0, using=alias, apps=apps)
        config.models_module = module
    rows = apps.get_model("auth", "Permission").objects.using(alias).select_related("content_type")
    permissions = {f"{row.content_type.app_label}.{row.codename}": row for row in rows}
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for role, grants in ROLES.items():
        wanted = {
            f"{label}.{action}_{model}"
            for tables, actions in grants
            for label, models in tables.items()
            for model in models.split()
            for action in actions
        }
        group, _ = groups.get_or_create(name=role)
        group.permissions.add(*(permissions[name] for name in sorted({*wanted, *SPECIAL.get(role, ())})))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_known_hosts"),
        ("sources", "0002_permissions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.AlterModelOptions(
            name="article",
            options={
                "ordering": ("-published_at", "-id"),
                "permissions": [
                    ("publish_article", "Can publish, schedule, correct and send back articles"),
                    ("retract_article", "Can retract articles"),
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="claim",
            options={
                "ordering": ("article", "order", "id"),
                "permissions": [("review_claim", "Can accept, reject and edit claims")],
            },
        ),
        migrations.AlterModelOptions(
            name="importrun",
            options={
                "ordering": ("-id",),
                "permissions": [("run_import", "Can import copy, and undo an import")],
            },
        ),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
