"""The site's addresses: the admin, then the readers' pages."""

from django.contrib import admin
from django.urls import include, path

from newsroom import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    # Pictures. A server in front of this one, or a store of its own, answers for them sooner.
    path("media/<path:path>", views.media),
    path("api/", include("articles.api.urls")),
    path("developers/", views.developers, name="developers"),
    path("", include("articles.urls")),
]
