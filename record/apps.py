"""The app of the audit log: who did what, and when."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordConfig(AppConfig):
    name = "record"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        from record.triggers import after_migrate

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="record.triggers")
