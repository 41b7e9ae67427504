"""The site's addresses: the admin, then the readers' pages."""

from django.contrib import admin
from django.urls import include, path

from newsroom import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    path("", include("articles.urls")),
]
