"""User accounts."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    byline = models.CharField(
        _("byline"),
        max_length=200,
        blank=True,
        help_text=_("The name that readers see. Leave it empty to use the first and last name."),
    )
    # No `choices`: a migration would contain them, and the list of zones differs between machines.
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        help_text=_("The admin shows times in this zone. Leave it empty to use the site's zone."),
    )

    def clean(self) -> None:
        super().clean()
        if self.time_zone and self.time_zone not in available_timezones():
            raise ValidationError(
                {
                    "time_zone": ValidationError(
                        _("“%(zone)s” is not a time zone. Enter a name such as Europe/London."),
                        code="unknown-time-zone",
                        params={"zone": self.time_zone},
                    )
                }
            )

    @property
    def public_name(self) -> str:
        """Return the name for readers. Empty if there is none: never the username."""
        return self.byline or self.get_full_name()

    @property
    def zone_info(self) -> ZoneInfo | None:
        """Return the zone of this account, or None for the site's zone."""
        if not self.time_zone:
            return None
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return None  # not known on this machine
