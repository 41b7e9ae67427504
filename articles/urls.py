"""The readers' addresses, and beside each page those of the same for machines."""

from django.urls import path, register_converter

from articles.exports.feeds import FORMATS
from articles.views import (
    articles,
    claims,
    corrections,
    downloads,
    feeds,
    follow,
    ledgers,
    list_view,
    machine_readable,
    search,
    sitemaps,
    sources,
    topics,
)


class OneOf:
    """A path converter for one of some words."""

    regex: str

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class FeedFormat(OneOf):
    regex = "|".join(FORMATS)


class TableFormat(OneOf):
    regex = "|".join(downloads.TYPES)


register_converter(FeedFormat, "feed")
register_converter(TableFormat, "table")

app_name = "articles"
urlpatterns = [
    path("articles/", articles.article_list, name="articles"),
    path("articles/feed.<feed:format>", feeds.article_feed, name="article_feed"),
    path("articles/export.<table:format>", downloads.article_download, name="article_download"),
    path("articles/<slug:slug>/", articles.article, name="article"),
    path("articles/<slug:slug>/ninjs.json", machine_readable.ninjs, name="ninjs"),
    path("articles/<slug:slug>/text.txt", machine_readable.text, name="text"),
    path("articles/<slug:slug>/share.png", machine_readable.article_picture, name="article_picture"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/feed.<feed:format>", feeds.claim_feed, name="claim_feed"),
    path("claims/export.<table:format>", downloads.claim_download, name="claim_download"),
    path("claims/<uuid:public_id>/", claims.claim, name="claim"),
    path("source-names/", list_view.names, name="names"),
    path("claims/<uuid:public_id>/annotation.json", machine_readable.claim_annotation, name="annotation"),
    path("claims/<uuid:public_id>/share.png", machine_readable.claim_picture, name="claim_picture"),
    path("ledgers/", ledgers.ledger_list, name="ledgers"),
    path("ledgers/<slug:slug>.svg", ledgers.image, name="ledger-image"),
    path("ledgers/<slug:slug>.png", ledgers.picture, name="ledger-picture"),
    path("ledgers/<slug:slug>/", ledgers.ledger, name="ledger"),
    path("ledgers/<slug:slug>/feed.<feed:format>", feeds.ledger_feed, name="ledger_feed"),
    path("search/", search.search_page, name="search"),
    path("sources/", sources.source_list, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("sources/<slug:slug>/feed.<feed:format>", feeds.source_feed, name="source_feed"),
    path("sources/<slug:slug>/share.png", machine_readable.source_picture, name="source_picture"),
    path("topics/", topics.topic_list, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("topics/<slug:slug>/feed.<feed:format>", feeds.topic_feed, name="topic_feed"),
    path("corrections/", corrections.correction_list, name="corrections"),
    path("corrections/feed.<feed:format>", feeds.correction_feed, name="correction_feed"),
    path("follow/", follow.following, name="follow"),
    path("share.png", machine_readable.site_picture, name="site_picture"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemaps/<slug:section>-<int:number>.xml", sitemaps.chunk, name="sitemap"),
    path("news-sitemap.xml", sitemaps.news_sitemap, name="news_sitemap"),
]
