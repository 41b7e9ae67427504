"""Who did what, and when: the newsroom's record, which is only ever added to."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordConfig(AppConfig):
    name = "record"
    verbose_name = "Record"

    def ready(self) -> None:
        from record.triggers import after_migrate

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="record.triggers")
