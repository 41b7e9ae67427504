"""URLs of the site: the admin, media files, the API and the public pages."""

from django.contrib import admin
from django.urls import include, path

from newsroom import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    # A web server in front of the site can serve these files faster.
    path("media/<path:path>", views.media),
    path("api/", include("articles.api.urls")),
    path("developers/", views.developers, name="developers"),
    path("", include("articles.urls")),
]
