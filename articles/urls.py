"""The readers' addresses."""

from django.urls import path

from articles.views import articles, claims, ledgers, sources

app_name = "articles"
urlpatterns = [
    path("articles/", articles.article_list, name="articles"),
    path("articles/<slug:slug>/", articles.article, name="article"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/<uuid:public_id>/", claims.claim, name="claim"),
    path("ledgers/", ledgers.ledger_list, name="ledgers"),
    path("ledgers/<slug:slug>.svg", ledgers.image, name="ledger-image"),
    path("ledgers/<slug:slug>/", ledgers.ledger, name="ledger"),
    path("sources/", sources.source_list, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
]
