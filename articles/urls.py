"""The readers' addresses."""

from django.urls import path

from articles.views import articles, claims, lists, sources

app_name = "articles"
urlpatterns = [
    path("articles/", articles.article_list, name="articles"),
    path("articles/<slug:slug>/", articles.article, name="article"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/<uuid:public_id>/", claims.claim, name="claim"),
    path("source-names/", lists.names, name="names"),
    path("sources/", sources.source_list, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
]
