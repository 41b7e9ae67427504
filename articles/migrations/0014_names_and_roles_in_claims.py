"""Names and roles that claims give sources; those of older claims are looked for in their texts.

What no text gives is an editor's, if one has worked on the source by hand. All else stays learned from copy: readers
see it once a public claim gives it.
"""

from collections import defaultdict

import django.db.models.deletion
from django.db import migrations, models

from sources.naming import fold

#: Rows written at once.
BATCH = 1_000


def look_in_texts(apps, schema_editor):
    alias = schema_editor.connection.alias

    def rows(label):
        return apps.get_model(label).objects.using(alias)

    names, roles = defaultdict(list), defaultdict(list)
    for name in rows("sources.SourceName").order_by().iterator():
        names[name.source_id].append((name.pk, name.folded, name.name.casefold()))
    for role in rows("sources.Affiliation").order_by().select_related("organisation").iterator():
        body = role.organisation.name.casefold() if role.organisation else ""
        roles[role.person_id].append((role.pk, role.role, role.role.casefold(), role.organisation_id, body))
    given_names, given_roles = set(), set()
    ClaimName, ClaimRole = apps.get_model("articles.ClaimName"), apps.get_model("articles.ClaimRole")
    new_names, new_roles = [], []

    def save(least):
        for model, made in ((ClaimName, new_names), (ClaimRole, new_roles)):
            if len(made) >= least:
                model.objects.using(alias).bulk_create(made, batch_size=BATCH)
                made.clear()

    stories = rows("articles.Article").filter(claims__isnull=False).distinct()
    for story in stories.select_related("latest", "live").iterator(chunk_size=100):
        said = rows("articles.Hop").filter(claim__article=story.pk, source__isnull=False)
        pairs = sorted(set(said.order_by().values_list("claim_id", "source_id")))
        for revision in {row.pk: row for row in (story.latest, story.live) if row is not None}.values():
            text = revision.text.casefold()
            for claim, source in pairs:
                to = {"claim_id": claim, "revision_id": revision.pk, "source_id": source}
                for pk, folded, words in names[source]:
                    if words in text:
                        given_names.add(pk)
                        new_names.append(ClaimName(**to, folded=folded))
                for pk, role, words, organisation, body in roles[source]:
                    if words in text and body in text:
                        given_roles.add(pk)
                        new_roles.append(ClaimRole(**to, role=role, organisation_id=organisation))
        save(BATCH)
    save(1)
    acts = rows("record.Act").filter(kind="sources.source", verb__in=("added", "changed"))
    by_hand = set(acts.order_by().values_list("row", flat=True))
    _are_editors(
        rows("sources.SourceName"),
        (pk for source in by_hand for pk, *_ in names[source] if pk not in given_names),
    )
    dated = rows("sources.Affiliation").exclude(since=None, until=None)
    _are_editors(
        rows("sources.Affiliation"),
        [
            *(pk for source in by_hand for pk, *_ in roles[source] if pk not in given_roles),
            *dated.order_by().values_list("pk", flat=True),
        ],
    )
    for made in rows("sources.Merge").filter(undone_at=None).select_related("gone"):
        merged = rows("sources.SourceName").filter(source=made.kept_id, folded=fold(made.gone.name)[:200])
        merged.update(learned=False)


def _are_editors(rows, keys):
    keys = list(keys)
    for start in range(0, len(keys), BATCH):
        rows.filter(pk__in=keys[start : start + BATCH]).update(learned=False)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0013_indexes_of_lists"),
        ("sources", "0005_learned_names_and_roles"),
        ("record", "0002_act_of_kind"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("folded", models.CharField(max_length=200)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="names", to="articles.claim"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.revision"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claim_names",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "names in claims",
                "ordering": ("id",),
                "default_permissions": (),
                "indexes": [models.Index(models.F("source"), models.F("folded"), name="claim_name_of_source")],
            },
        ),
        migrations.CreateModel(
            name="ClaimRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(blank=True, max_length=200)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="articles.claim"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claim_roles_of_members",
                        to="sources.source",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.revision"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claim_roles",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "roles in claims",
                "ordering": ("id",),
                "default_permissions": (),
                "indexes": [models.Index(models.F("source"), models.F("role"), name="claim_role_of_source")],
            },
        ),
        migrations.RunPython(look_in_texts, migrations.RunPython.noop),
    ]
