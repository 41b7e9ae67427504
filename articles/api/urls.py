"""URLs of the API."""

from django.urls import path, re_path

from articles.api import (
    schema,  # noqa: F401 - registers what the OpenAPI document needs
    views,
)

app_name = "api"
urlpatterns = [
    path("", views.Index.as_view(), name="try"),
    path("schema/", views.SchemaView.as_view(), name="schema"),
    path("articles/", views.Articles.as_view(), name="articles"),
    path("articles/<slug:slug>/", views.OneArticle.as_view(), name="article"),
    path("articles/<slug:slug>/claims/", views.Proposals.as_view(), name="propose"),
    path("articles/<slug:slug>/step/", views.Publish.as_view(), name="publish"),
    path("claims/", views.Claims.as_view(), name="claims"),
    path("claims/<uuid:public_id>/", views.OneClaim.as_view(), name="claim"),
    path("claims/<uuid:public_id>/review/", views.Review.as_view(), name="review"),
    path("sources/", views.Sources.as_view(), name="sources"),
    path("sources/<slug:slug>/", views.OneSource.as_view(), name="source"),
    path("ledgers/", views.Ledgers.as_view(), name="ledgers"),
    path("ledgers/<slug:slug>/", views.OneLedger.as_view(), name="ledger"),
    path("search/", views.Search.as_view(), name="search"),
    re_path(r"^[\s\S]+/\Z", views.NotFound.as_view()),  # a path without a final slash is still redirected
]
