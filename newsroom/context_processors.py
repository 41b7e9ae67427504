"""Template variables of all pages."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """Add `site_name`. No query, no session."""
    return {"site_name": settings.SITE_NAME}
