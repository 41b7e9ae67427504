"""The admin under the newspaper's own name."""

from django.conf import settings
from django.contrib.admin import AdminSite


class NewsroomAdminSite(AdminSite):
    site_header = f"{settings.SITE_NAME}: newsroom"
    site_title = settings.SITE_NAME
    index_title = "Newsroom"
