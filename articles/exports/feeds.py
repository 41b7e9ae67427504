"""Feeds: what a reader can subscribe to, and how it is written as Atom, RSS 2.0 and JSON Feed 1.1.

RFC 4287, https://www.rssboard.org/rss-specification, https://www.jsonfeed.org/version/1.1/. Django writes the
first two; this file says what stands in them. An entry's id is a URN that no change of address or host touches.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from articles.display.formatting import bounds, hop_name, in_order, lede, writers
from articles.display.formatting import first_image as first_picture
from articles.display.last_changed import article_updated_at, claim_updated_at
from articles.display.marked_text import claim_key
from articles.models import Article, Claim, Correction
from sources.images.srcset import choose_jpeg

#: How many entries a feed has, the newest; enough for a reader that looks once a day at a busy newsroom.
MAX_ENTRIES = 50
#: A title longer than this, in characters, is cut: readers of feeds show one line.
MAX_TITLE_CHARS = 160
#: What a feed without entries says it was changed: never. A clock's time would be a change at every look.
EMPTY_FEED_DATE = datetime(1970, 1, 1, tzinfo=UTC)
#: What XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets).
INVALID_XML_CHARS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: https://www.rssboard.org/media-rss
MEDIA_RSS = {"xmlns:media": "http://search.yahoo.com/mrss/"}

#: A path of this site -> its whole address, as HttpRequest.build_absolute_uri gives it.
UrlBuilder = Callable[[str], str]


def strip_invalid_xml(words: str) -> str:
    """Text that an XML document can hold: without control characters, half surrogate pairs and non-characters."""
    return INVALID_XML_CHARS.sub("", words)


@dataclass(frozen=True, slots=True)
class FeedImage:
    """A story's picture, as a JPEG of a size for other pages."""

    url: str  # a whole address
    width: int | None
    height: int | None
    alt: str
    credit: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a feed. `text` is the plain words, `html` the same with links; all text is unescaped."""

    title: str
    link: str  # a whole address
    id: str  # an IRI that never changes
    published: datetime
    updated: datetime
    text: str
    html: str
    language: str
    authors: Sequence[str] = ()
    categories: Sequence[str] = ()
    image: FeedImage | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: what it is called, the page that shows the same, its own address, its entries, newest first."""

    title: str
    description: str
    page_url: str
    feed_url: str
    entries: Sequence[Entry]


def write_feed(channel: Channel, format: str) -> tuple[str, str]:
    """A feed in one of FORMATS: its text, in UTF-8 once it is encoded, and its media type."""
    writer = FORMATS[format](
        title=strip_invalid_xml(channel.title),
        link=channel.page_url,
        description=strip_invalid_xml(channel.description),
        subtitle=strip_invalid_xml(channel.description),
        language=settings.LANGUAGE_CODE,
        author_name=settings.SITE_NAME,
        feed_url=channel.feed_url,
        feed_guid=channel.feed_url,
    )
    for entry in channel.entries:
        writer.add_item(
            title=strip_invalid_xml(entry.title),
            link=entry.link,
            description=strip_invalid_xml(entry.html),
            unique_id=entry.id,
            unique_id_is_permalink=False,
            pubdate=entry.published,
            updateddate=entry.updated,
            categories=[strip_invalid_xml(category) for category in entry.categories],
            text=entry.text,
            authors=[strip_invalid_xml(author) for author in entry.authors],
            language=entry.language,
            picture=entry.image,
        )
    return writer.writeString("utf-8"), MEDIA_TYPES[format]


# --- What is an entry ---


def article_entry(article: Article, absolute: UrlBuilder) -> Entry:
    """A story as ArticleQuerySet.for_feed gives it."""
    words = lede(article)
    assert article.live is not None and article.published_at is not None  # noqa: S101, PT018 - it is public
    return Entry(
        title=article.live.headline,
        link=absolute(article.get_absolute_url()),
        id=article.public_id.urn,
        published=article.published_at,
        updated=article_updated_at(article),
        text=words,
        html=format_html("<p>{}</p>", words),
        language=article.language,
        authors=writers(article) or ([article.agency.name] if article.agency else []),
        categories=[topic["name"] for topic in in_order(article.shown_topics)],  # type: ignore[attr-defined]
        image=_entry_image(article, absolute),
    )


def _entry_image(article: Article, absolute: UrlBuilder) -> FeedImage | None:
    image = first_picture(article)
    if image is None:
        return None
    size = choose_jpeg(image["file"], image["width"], image["height"])
    return FeedImage(absolute(size.url), size.width, size.height, alt=image["alt"], credit=image["credit"])


def claim_entry(claim: Claim, absolute: UrlBuilder) -> Entry:
    """A claim as ClaimQuerySet.for_list gives it: who said it, through whom, and in which story it stands."""
    story = claim.article
    assert story.live is not None and story.published_at is not None  # noqa: S101, PT018 - it is public
    chain = " → ".join(hop_name(hop) for hop in claim.chain)  # type: ignore[attr-defined]
    figures = [(figure, bounds(figure)) for figure in claim.figures]  # type: ignore[attr-defined]
    html = format_html(
        '<blockquote>{}</blockquote><p>{}</p>{}<p>{} <a href="{}">{}</a></p>',
        claim.statement,
        chain,
        format_html_join("", "<p>{} {}</p>", ((figure, words and f"({words})") for figure, words in figures)),
        _("In:"),
        absolute(f"{story.get_absolute_url()}#{claim_key(claim)}"),
        story.live.headline,
    )
    return Entry(
        title=_shorten_title(f"{chain}: {claim.statement}" if chain else claim.statement),
        link=absolute(claim.get_absolute_url()),
        id=claim.public_id.urn,
        published=story.published_at,
        updated=claim_updated_at(claim),
        text=claim.statement,
        html=html,
        language=story.language,
        categories=[str(claim.get_form_display())],
    )


def correction_entry(correction: Correction, absolute: UrlBuilder) -> Entry:
    """A correction as CorrectionQuerySet.for_list gives it."""
    story = correction.article
    headline = story.live.headline if story.live else ""
    kind = str(correction.get_kind_display()).capitalize()
    return Entry(
        title=f"{kind}: {headline}",
        link=absolute(story.get_absolute_url()),
        # A correction has no public id of its own; what it belongs to and its moment say which it is.
        id=uuid.uuid5(story.public_id, f"correction {correction.created_at.astimezone(UTC).isoformat()}").urn,
        published=correction.created_at,
        updated=correction.created_at,
        text=correction.note,
        html=format_html("<p>{}</p>", correction.note),
        language=story.language,
        categories=[kind],
    )


def _shorten_title(title: str) -> str:
    if len(title) <= MAX_TITLE_CHARS:
        return title
    return title[:MAX_TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",;:—– ") + "…"


# --- How it is written ---


class AtomFeed(Atom1Feed):
    """With every author of an entry, the language of each, and links that say what type they lead to."""

    def latest_post_date(self) -> datetime:
        return _latest_update(self)

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
        _add_image(handler, item["picture"])


class RssFeed(Rss201rev2Feed):
    """With every author of an item (dc:creator: RSS's own author is an e-mail address)."""

    def latest_post_date(self) -> datetime:
        return _latest_update(self)

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:dc": "http://purl.org/dc/elements/1.1/", **MEDIA_RSS}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.addQuickElement("dc:creator", name)
        _add_image(handler, item["picture"])


class JsonFeed(SyndicationFeed):
    """JSON Feed 1.1, by the same interface as Django's own writers."""

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
        json.dump(document, outfile, ensure_ascii=False, indent=1)

    def _item_object(self, item: dict[str, Any]) -> dict[str, Any]:
        made = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "content_html": item["description"],
            "summary": item["text"],
            "date_published": item["pubdate"].isoformat(),
            "date_modified": item["updateddate"].isoformat(),
            "authors": [{"name": name} for name in item["authors"]],
            "tags": list(item["categories"]),
            "image": item["picture"].url if item["picture"] else None,
            "language": item["language"],
        }
        return {name: value for name, value in made.items() if value}


def _add_image(handler: Any, picture: FeedImage | None) -> None:
    """A story's picture as Media RSS has it, which readers of Atom take too."""
    if picture is None:
        return
    sized = {"width": picture.width, "height": picture.height}
    attributes = {
        "url": picture.url,
        "medium": "image",
        **{name: str(pixels) for name, pixels in sized.items() if pixels},
    }
    handler.startElement("media:content", attributes)
    if picture.alt:
        handler.addQuickElement("media:description", strip_invalid_xml(picture.alt), {"type": "plain"})
    if picture.credit:
        handler.addQuickElement("media:credit", strip_invalid_xml(picture.credit))
    handler.endElement("media:content")


def _latest_update(feed: SyndicationFeed) -> datetime:
    return max((item["updateddate"] for item in feed.items), default=EMPTY_FEED_DATE)


#: The end of a feed's address -> who writes it.
FORMATS: dict[str, type[SyndicationFeed]] = {"atom": AtomFeed, "rss": RssFeed, "json": JsonFeed}
#: The same -> its media type; and what people call it.
MEDIA_TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
FORMAT_NAMES = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}


@dataclass(frozen=True, slots=True)
class FeedLink:
    """Where a feed is: its address, its media type, the name of its format, and what it is a feed of."""

    url: str
    type: str
    format: str
    title: str


def feed_links(path: str, title: str, query: str = "") -> list[FeedLink]:
    """The feeds of the page at this path, one a format; they stand below it and take its query string."""
    after = f"?{query}" if query else ""
    return [FeedLink(f"{path}feed.{end}{after}", MEDIA_TYPES[end], FORMAT_NAMES[end], title) for end in FORMATS]
