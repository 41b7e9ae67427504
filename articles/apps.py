"""What was published and what was said in it."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Articles"

    def ready(self) -> None:
        from articles.immutability import after_migrate

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="articles.immutability")
