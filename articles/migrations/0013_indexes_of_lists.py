from django.db import migrations, models


class Migration(migrations.Migration):
    """What lists are read by: stories from the newest, and where a claim's words stand."""

    dependencies = [("articles", "0012_names_and_disuse_of_pictures")]

    operations = [
        migrations.RenameIndex("article", new_name="article_by_status", old_name="article_public_list"),
        migrations.AddIndex(
            "article",
            models.Index(
                models.F("published_at").desc(), models.F("id").desc(), name="article_newest"
            ),
        ),
        migrations.AddIndex(
            "anchor",
            models.Index("claim", "revision", "part", "state", name="anchor_of_claim"),
        ),
    ]
