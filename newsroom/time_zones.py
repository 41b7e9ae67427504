"""Show times in the admin in the time zone of the user account."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import available_timezones

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from newsroom.models import User


def time_zone_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Activate the time zone of the user for admin pages.

    Public pages and the API keep the site's zone.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        # Public pages must not read the session: they are the same for everybody, so that caches can keep them.
        if not request.path.startswith(reverse("admin:index")):
            return get_response(request)
        user = request.user
        if not isinstance(user, User) or not user.is_staff or user.zone_info is None:
            return get_response(request)
        with timezone.override(user.zone_info):
            return get_response(request)

    return middleware


def time_zone_names() -> list[str]:
    """Return the zones to choose from: places, and UTC."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return ["UTC", *sorted(places)]
