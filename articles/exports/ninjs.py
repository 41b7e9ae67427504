"""Export an article in ninjs 3.1 (https://iptc.org/std/ninjs/)."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse

from articles.display.formatting import in_order, newest_first, writers
from articles.display.last_changed import article_updated_at
from articles.models import Article, Claim, Hop
from sources.images.srcset import list_jpegs
from sources.models import Source

STANDARD = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json",
}
#: Kinds of sources that ninjs lists under people and under organisations. Documents are in neither.
PERSON_KINDS = (Source.Kind.PERSON,)
ORGANISATION_KINDS = (Source.Kind.ORGANISATION, Source.Kind.AGENCY, Source.Kind.GROUP)
#: The relation of an article to its sources.
QUOTES_RELATION = "quotes"

Json = dict[str, Any]
UrlBuilder = Callable[[str], str]


def ninjs_item(article: Article, claims: list[Claim], absolute: UrlBuilder) -> Json:
    """Return an article in ninjs. No query.

    It is of ArticleQuerySet.for_page().with_last_correction().

    `claims` are of ClaimQuerySet.in_live. For a retracted article only the cancellation and its notes are returned.
    """
    assert article.live is not None and article.published_at is not None  # noqa: S101, PT018 - it is public
    live = article.live
    item: Json = {
        "standard": STANDARD,
        "uri": article.public_id.urn,
        "type": "text",
        "version": str(live.number),
        "firstCreated": article.published_at.isoformat(),
        "versionCreated": article_updated_at(article).isoformat(),
        "language": article.language,
        "slugline": article.slug,
        "headlines": [{"role": "main", "contentType": "text/plain", "value": live.headline}],
        "infoSources": list(_outlets(article, absolute)),
        "altIds": [{"role": "address", "value": absolute(article.get_absolute_url())}],
    }
    notes = " ".join(note["note"] for note in newest_first(article.shown_corrections))  # type: ignore[attr-defined]
    if article.status == Article.Status.RETRACTED:
        item |= {"pubStatus": "canceled", "representationType": "partial", "edNote": notes}
    else:
        item |= {
            "pubStatus": "usable",
            "representationType": "full",
            "edNote": notes,
            "by": ", ".join(writers(article)),
            "located": article.dateline,
            "descriptions": [{"role": "summary", "contentType": "text/plain", "value": live.summary}]
            if live.summary
            else [],
            "bodies": [
                {"role": "main", "contentType": "text/html", "value": live.body, "wordCount": len(live.text.split())},
                {"role": "plain", "contentType": "text/plain", "value": live.text},
            ],
            "subjects": [
                {"name": topic["name"], "uri": absolute(reverse("articles:topic", args=[topic["slug"]]))}
                for topic in in_order(article.shown_topics)  # type: ignore[attr-defined]
            ],
            "people": list(_quoted_sources(claims, PERSON_KINDS, absolute)),
            "organisations": list(_quoted_sources(claims, ORGANISATION_KINDS, absolute)),
            "associations": list(_image_items(article, absolute)),
        }
    return {name: value for name, value in item.items() if value}


def _outlets(article: Article, absolute: UrlBuilder) -> Iterator[Json]:
    for role, outlet in (("agency", article.agency), ("publisher", article.publisher)):
        if outlet is not None:
            yield {"name": outlet.name, "role": role, "uri": absolute(outlet.get_absolute_url())}
    yield {"name": settings.SITE_NAME, "role": "distributor", "uri": absolute(reverse("home"))}


def _quoted_sources(claims: list[Claim], kinds: tuple[Source.Kind, ...], absolute: UrlBuilder) -> Iterator[Json]:
    """Yield the claims' sources of these kinds, each once, in the order of the text."""
    hops: Iterator[Hop] = (hop for claim in claims for hop in claim.chain)  # type: ignore[attr-defined]
    sources = {hop.source.pk: hop.source for hop in hops if hop.source and hop.source.kind in kinds}
    for source in sources.values():
        yield {"name": source.name, "rel": QUOTES_RELATION, "uri": absolute(source.get_absolute_url())}


def _image_items(article: Article, absolute: UrlBuilder) -> Iterator[Json]:
    """Yield the images that have a file, with their JPEG renditions."""
    images = [image for image in in_order(article.shown_images) if image["file"]]  # type: ignore[attr-defined]
    for number, image in enumerate(images, start=1):
        jpegs = list_jpegs(image["file"], image["width"], image["height"])
        renditions = [
            {
                "name": f"{size.width} pixels wide" if len(jpegs) > 1 else "main",
                "href": absolute(size.url),
                "contentType": mimetypes.guess_type(size.url)[0] or "application/octet-stream",
                "width": size.width,
                "height": size.height,
            }
            for size in jpegs
        ]
        texts = (("caption", image["caption"]), ("alternative text", image["alt"]))
        yield {
            "uri": renditions[-1]["href"],
            "type": "picture",
            "name": f"picture {number}",
            "by": image["credit"],
            "descriptions": [{"role": role, "value": text} for role, text in texts if text],
            "renditions": [{name: value for name, value in rendition.items() if value} for rendition in renditions],
        }
