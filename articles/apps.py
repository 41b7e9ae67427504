"""The app of articles and claims."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        from articles import default_roles
        from articles.db import statistics, triggers
        from articles.fulltext import index
        from articles.fulltext.checks import check_full_text
        from articles.queries.shared_articles import describe_shared_articles
        from sources import duplicates

        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="articles.db.triggers")
        post_migrate.connect(default_roles.after_migrate, sender=self, dispatch_uid="articles.default_roles")
        post_migrate.connect(index.after_migrate, sender=self, dispatch_uid="articles.fulltext")
        post_migrate.connect(statistics.after_migrate, sender=self, dispatch_uid="articles.statistics")
        duplicates.add_evidence_provider(describe_shared_articles)
        checks.register(check_full_text, checks.Tags.database)
