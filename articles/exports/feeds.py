"""Feeds of articles, claims and corrections: Atom, RSS 2.0, JSON Feed 1.1.

Standards: RFC 4287, https://www.rssboard.org/rss-specification, https://www.jsonfeed.org/version/1.1/. Each base class
below says what an entry contains. `articles.views.feeds` adds the query, the title and the URL of each feed.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.display.formatting import bounds, chain_text, first_image, in_order, lede, writers
from articles.display.last_changed import article_updated_at, claim_updated_at
from articles.display.marked_text import claim_key
from articles.models import Article, Claim, Correction
from sources.images.srcset import choose_jpeg

#: Entries of a feed, the newest. Enough for a reader that looks once a day at a busy newsroom.
MAX_ENTRIES = 50
#: Longer titles are cut: feed readers show one line.
MAX_TITLE_CHARS = 160
#: The date of a feed without entries.
EMPTY_FEED_DATE = datetime(1970, 1, 1, tzinfo=UTC)
#: What XML 1.0 cannot contain (https://www.w3.org/TR/xml/#charsets).
INVALID_XML_CHARS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: https://www.rssboard.org/media-rss
MEDIA_RSS = {"xmlns:media": "http://search.yahoo.com/mrss/"}


def strip_invalid_xml(text: str) -> str:
    """Remove characters that XML cannot contain: controls, surrogates, non-characters."""
    return INVALID_XML_CHARS.sub("", text)


# --- Formats ---


class StableFeed(SyndicationFeed):
    """Make the same bytes for the same entries, from any text.

    Django dates an empty feed with the current time, so its ETag would never match. It raises an error for control
    characters, and lets other characters pass that XML does not allow.
    """

    content_type: str

    def __init__(self, title: str, link: str, description: str, **kwargs: Any) -> None:
        kwargs["subtitle"] = strip_invalid_xml(kwargs["subtitle"])
        super().__init__(strip_invalid_xml(title), link, strip_invalid_xml(description), **kwargs)

    def add_item(self, *args: Any, **kwargs: Any) -> None:
        super().add_item(*args, **{name: _strip(value) for name, value in kwargs.items()})

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=EMPTY_FEED_DATE)


def _strip(value: Any) -> Any:
    if isinstance(value, str):
        return strip_invalid_xml(value)
    return [_strip(part) for part in value] if isinstance(value, list) else value


class AtomFeed(StableFeed, Atom1Feed):
    """Atom with all authors, the language and the image of an entry.

    Django writes one author only.
    """

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), **MEDIA_RSS}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        _add_image(handler, item["image"])


class RssFeed(StableFeed, Rss201rev2Feed):
    """RSS with all authors of an item, as dc:creator, and its image.

    RSS's own `author` is an e-mail address.
    """

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:dc": "http://purl.org/dc/elements/1.1/", **MEDIA_RSS}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.addQuickElement("dc:creator", name)
        _add_image(handler, item["image"])


class JsonFeed(StableFeed):
    """JSON Feed 1.1. Django has no generator for it."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        feed = self.feed
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed["title"],
            "home_page_url": feed["link"],
            "feed_url": feed["feed_url"],
            "description": feed["description"],
            "language": feed["language"],
            "authors": [{"name": feed["author_name"]}],
            "items": [self._item_object(item) for item in self.items],
        }
        outfile.write(json.dumps(document, ensure_ascii=False, indent=1))

    def _item_object(self, item: dict[str, Any]) -> dict[str, Any]:
        fields = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "content_html": item["description"],
            "summary": item["summary"],
            "date_published": item["pubdate"].isoformat(),
            "date_modified": item["updateddate"].isoformat(),
            "authors": [{"name": name} for name in item["authors"]],
            "tags": list(item["categories"]),
            "image": item["image"].url if item["image"] else None,
            "language": item["language"],
        }
        return {name: value for name, value in fields.items() if value}


@dataclass(frozen=True, slots=True)
class FeedImage:
    """The image of an entry, as a JPEG of a size for other pages."""

    url: str  # absolute
    width: int | None
    height: int | None
    alt: str
    credit: str


def _add_image(handler: Any, image: FeedImage | None) -> None:
    """Write an image in Media RSS, which readers of Atom also understand."""
    if image is None:
        return
    size = {"width": image.width, "height": image.height}
    attributes = {
        "url": image.url,
        "medium": "image",
        **{name: str(pixels) for name, pixels in size.items() if pixels},
    }
    handler.startElement("media:content", attributes)
    if image.alt:
        handler.addQuickElement("media:description", strip_invalid_xml(image.alt), {"type": "plain"})
    if image.credit:
        handler.addQuickElement("media:credit", strip_invalid_xml(image.credit))
    handler.endElement("media:content")


#: The ending of a feed's URL -> its generator.
FORMATS: dict[str, type[StableFeed]] = {"atom": AtomFeed, "rss": RssFeed, "json": JsonFeed}
FORMAT_NAMES = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}


# --- Entries ---


class BaseFeed(Feed):  # type: ignore[type-arg]
    """A feed in one of FORMATS, for one request.

    Subclasses give `name`, `description`, `link` and `items`. The response has no Last-Modified, unlike Django's: a
    retracted story leaves its feed, and no date becomes newer. The ETag tells two versions apart.
    """

    item_guid_is_permalink = False

    def __init__(self, request: HttpRequest, format: str) -> None:
        self.request = request
        self.absolute = request.build_absolute_uri
        self.format = format
        self.feed_type = FORMATS[format]
        self.language = settings.LANGUAGE_CODE

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        del response.headers["Last-Modified"]
        return response

    def name(self, obj: Any) -> str:
        raise NotImplementedError

    def description(self, obj: Any) -> str:
        raise NotImplementedError

    def title(self, obj: Any) -> str:
        return f"{self.name(obj)} · {settings.SITE_NAME}"

    def subtitle(self, obj: Any) -> str:
        return self.description(obj)

    def author_name(self) -> str:
        return str(settings.SITE_NAME)

    def link(self, obj: Any) -> str:
        return str(obj.get_absolute_url())

    def feed_url(self, obj: Any) -> str:
        return self.request.path

    def feed_guid(self, obj: Any) -> str:
        return self.absolute(self.feed_url(obj))

    def item_guid(self, item: Any) -> str:
        return str(item.public_id.urn)

    def item_extra_kwargs(self, item: Any) -> dict[str, Any]:
        return {
            "summary": self.item_summary(item),
            "authors": self.item_authors(item),
            "language": self.item_language(item),
            "image": self.item_image(item),
        }

    def item_summary(self, item: Any) -> str:
        """Return the entry as plain text."""
        raise NotImplementedError

    def item_language(self, item: Any) -> str:
        return str(item.article.language)

    def item_authors(self, item: Any) -> Sequence[str]:
        return []

    def item_image(self, item: Any) -> FeedImage | None:
        return None


class BaseArticleFeed(BaseFeed):
    """Entries for articles of ArticleQuerySet.for_feed."""

    def item_title(self, item: Article) -> str:
        return item.live.headline if item.live else ""

    def item_description(self, item: Article) -> SafeString:
        return format_html("<p>{}</p>", lede(item))

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime:
        return article_updated_at(item)

    def item_categories(self, item: Article) -> list[str]:
        return [topic["name"] for topic in in_order(item.shown_topics)]  # type: ignore[attr-defined]

    def item_summary(self, item: Article) -> str:
        return lede(item)

    def item_language(self, item: Article) -> str:
        return item.language

    def item_authors(self, item: Article) -> list[str]:
        return writers(item) or ([item.agency.name] if item.agency else [])

    def item_image(self, item: Article) -> FeedImage | None:
        image = first_image(item)
        if image is None:
            return None
        size = choose_jpeg(image["file"], image["width"], image["height"])
        return FeedImage(self.absolute(size.url), size.width, size.height, alt=image["alt"], credit=image["credit"])


class BaseClaimFeed(BaseFeed):
    """Entries for claims of ClaimQuerySet.for_list, with chain, figures and article."""

    def item_title(self, item: Claim) -> str:
        chain = chain_text(item.chain)  # type: ignore[attr-defined]
        return _shorten_title(f"{chain}: {item.statement}" if chain else item.statement)

    def item_description(self, item: Claim) -> SafeString:
        article = item.article
        figures = [(figure, bounds(figure)) for figure in item.figures]  # type: ignore[attr-defined]
        return format_html(
            '<blockquote>{}</blockquote><p>{}</p>{}<p>{} <a href="{}">{}</a></p>',
            item.statement,
            chain_text(item.chain),  # type: ignore[attr-defined]
            format_html_join("", "<p>{} {}</p>", ((figure, text and f"({text})") for figure, text in figures)),
            _("In:"),
            self.absolute(f"{article.get_absolute_url()}#{claim_key(item)}"),
            article.live.headline if article.live else "",
        )

    def item_pubdate(self, item: Claim) -> datetime | None:
        return item.article.published_at

    def item_updateddate(self, item: Claim) -> datetime:
        return claim_updated_at(item)

    def item_categories(self, item: Claim) -> list[str]:
        return [str(item.get_form_display())]

    def item_summary(self, item: Claim) -> str:
        return item.statement


class BaseCorrectionFeed(BaseFeed):
    """Entries for corrections of CorrectionQuerySet.for_list."""

    def item_title(self, item: Correction) -> str:
        return f"{self._kind(item)}: {item.article.live.headline if item.article.live else ''}"

    def item_description(self, item: Correction) -> SafeString:
        return format_html("<p>{}</p>", item.note)

    def item_link(self, item: Correction) -> str:
        return item.article.get_absolute_url()

    def item_guid(self, item: Correction) -> str:
        # A correction has no public id. Its article and its time identify it.
        time = item.created_at.astimezone(UTC).isoformat()
        return uuid.uuid5(item.article.public_id, f"correction {time}").urn

    def item_pubdate(self, item: Correction) -> datetime:
        return item.created_at

    def item_updateddate(self, item: Correction) -> datetime:
        return item.created_at

    def item_categories(self, item: Correction) -> list[str]:
        return [self._kind(item)]

    def item_summary(self, item: Correction) -> str:
        return item.note

    def _kind(self, item: Correction) -> str:
        return str(item.get_kind_display()).capitalize()


def _shorten_title(title: str) -> str:
    if len(title) <= MAX_TITLE_CHARS:
        return title
    return title[:MAX_TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",;:—– ") + "…"


# --- Links to feeds ---


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A link to a feed: URL, media type, name of the format, title."""

    url: str
    type: str
    format: str
    title: str


def feed_links(path: str, title: str, query: str = "") -> list[FeedLink]:
    """Return links to the feeds of the page at `path`, with its query string."""
    suffix = f"?{query}" if query else ""
    return [
        FeedLink(f"{path}feed.{format}{suffix}", generator.content_type.partition(";")[0], FORMAT_NAMES[format], title)
        for format, generator in FORMATS.items()
    ]
