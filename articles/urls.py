"""URLs of the public site: pages, and their feeds, exports and images."""

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


class ChoiceConverter:
    """Path converter for one of several words."""

    regex: str

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class FeedFormatConverter(ChoiceConverter):
    regex = "|".join(FORMATS)


class TableFormatConverter(ChoiceConverter):
    regex = "|".join(downloads.CONTENT_TYPES)


register_converter(FeedFormatConverter, "feed")
register_converter(TableFormatConverter, "table")

app_name = "articles"
urlpatterns = [
    path("articles/", articles.article_list, name="articles"),
    path("articles/feed.<feed:format>", feeds.article_feed, name="article_feed"),
    path("articles/export.<table:format>", downloads.article_download, name="article_download"),
    path("articles/<slug:slug>/", articles.article_detail, name="article"),
    path("articles/<slug:slug>/ninjs.json", machine_readable.article_ninjs, name="ninjs"),
    path("articles/<slug:slug>/text.txt", machine_readable.article_text, name="text"),
    path("articles/<slug:slug>/share.png", machine_readable.article_image, name="article_picture"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/feed.<feed:format>", feeds.claim_feed, name="claim_feed"),
    path("claims/export.<table:format>", downloads.claim_download, name="claim_download"),
    path("claims/<uuid:public_id>/", claims.claim_detail, name="claim"),
    path("source-names/", list_view.source_names, name="names"),
    path("claims/<uuid:public_id>/annotation.json", machine_readable.claim_annotation, name="annotation"),
    path("claims/<uuid:public_id>/share.png", machine_readable.claim_image, name="claim_picture"),
    path("ledgers/", ledgers.ledger_list, name="ledgers"),
    path("ledgers/<slug:slug>.svg", ledgers.ledger_svg, name="ledger-image"),
    path("ledgers/<slug:slug>.png", ledgers.ledger_png, name="ledger-picture"),
    path("ledgers/<slug:slug>/", ledgers.ledger_detail, name="ledger"),
    path("ledgers/<slug:slug>/feed.<feed:format>", feeds.ledger_feed, name="ledger_feed"),
    path("search/", search.search_page, name="search"),
    path("sources/", sources.source_list, name="sources"),
    path("sources/<slug:slug>/", sources.source_detail, name="source"),
    path("sources/<slug:slug>/feed.<feed:format>", feeds.source_feed, name="source_feed"),
    path("sources/<slug:slug>/share.png", machine_readable.source_image, name="source_picture"),
    path("topics/", topics.topic_list, name="topics"),
    path("topics/<slug:slug>/", topics.topic_detail, name="topic"),
    path("topics/<slug:slug>/feed.<feed:format>", feeds.topic_feed, name="topic_feed"),
    path("corrections/", corrections.correction_list, name="corrections"),
    path("corrections/feed.<feed:format>", feeds.correction_feed, name="correction_feed"),
    path("follow/", follow.follow_page, name="follow"),
    path("share.png", machine_readable.site_image, name="site_picture"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap_index"),
    path("sitemaps/<slug:section>-<int:number>.xml", sitemaps.sitemap_chunk, name="sitemap"),
    path("news-sitemap.xml", sitemaps.news_sitemap, name="news_sitemap"),
]
