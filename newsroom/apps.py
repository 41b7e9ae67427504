"""The site and its admin as Django apps."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        from newsroom import cache_purge
        from newsroom.checks import check_for_old_database
        from record import log

        log.add_observer(cache_purge.schedule_purge)
        checks.register(check_for_old_database, checks.Tags.database)


class NewsroomAdminConfig(AdminConfig):
    default_site = "newsroom.admin_site.NewsroomAdminSite"
