"""Describe pages as JSON-LD in the vocabulary of schema.org.

An article is a NewsArticle. What a claim states is a Claim. Where a claim has the speaker's own words, they are a
Quotation, which is interpreted as the Claim. The author of a Claim is its origin; the other hops are its contributors.
There is no ClaimReview, because editors do not review whether a claim is true.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from articles.display.formatting import in_order, machine_time, newest_first, writers
from articles.display.last_changed import article_updated_at, claim_updated_at
from articles.models import Anchor, Article, Claim, Hop
from sources.images.srcset import ImageFile, choose_jpeg
from sources.models import Source

Json = dict[str, Any]
#: A path of this site -> its absolute URL.
UrlBuilder = Callable[[str], str]

CONTEXT = "https://schema.org"
#: The type of each kind of source. A document is not an author: a claim is based on it.
SCHEMA_TYPES = {
    Source.Kind.PERSON: "Person",
    Source.Kind.ORGANISATION: "Organization",
    Source.Kind.AGENCY: "NewsMediaOrganization",
    Source.Kind.DOCUMENT: "CreativeWork",
    Source.Kind.GROUP: "Organization",
}
WIKIDATA_URL = "https://www.wikidata.org/entity/"
#: Characters that could end the script element, or that old JavaScript reads as the end of a line.
SCRIPT_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def script_content(data: Json) -> SafeString:
    """Return JSON that is safe in a script element."""
    return mark_safe(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(SCRIPT_ESCAPES))  # noqa: S308


def article_json_ld(article: Article, claims: Sequence[Claim], absolute: UrlBuilder, image_url: str = "") -> Json:
    """Return an article as JSON-LD. No query.

    It is of ArticleQuerySet.for_page().with_last_correction().

    `claims` are of ClaimQuerySet.in_live; `image_url` is the image for sharing. For a retracted article only the
    headline, the retraction and its corrections are returned.
    """
    url = absolute(article.get_absolute_url())
    retracted = article.status == Article.Status.RETRACTED
    data: Json = {
        "@type": "NewsArticle",
        "@id": _fragment_id(url, "story"),
        "url": url,
        "mainEntityOfPage": url,
        "headline": article.live.headline if article.live else "",
        "inLanguage": article.language,
        "datePublished": machine_time(article),
        "dateModified": article_updated_at(article).isoformat(),
        "publisher": _site(absolute),
        "author": [{"@type": "Person", "name": name} for name in writers(article) if not _is_outlet(name, article)],
        "sourceOrganization": _outlet_object(article.agency, absolute),
        "dateline": article.dateline,
        "isAccessibleForFree": True,
        "image": _images(article, absolute, image_url),
        "correction": [_correction(row) for row in newest_first(article.shown_corrections)],  # type: ignore[attr-defined]
        "creativeWorkStatus": "Retracted" if retracted else "Published",
    }
    if not retracted and article.live is not None:
        topics = in_order(article.shown_topics)  # type: ignore[attr-defined]
        data |= {
            "description": article.live.summary,
            "articleSection": [topic["name"] for topic in topics],
            "wordCount": len(article.live.text.split()),
            "isBasedOn": _original(article, absolute),
            "hasPart": [_quotation(claim, article.live.text, absolute) for claim in claims if _is_quoted(claim)],
            "interpretedAsClaim": [_claim(claim, absolute) for claim in claims if not _is_quoted(claim)],
        }
    return {"@context": CONTEXT, **_without_empty(data)}


def claim_json_ld(claim: Claim, anchors: Iterable[Anchor], absolute: UrlBuilder) -> Json:
    """Return a claim of ClaimQuerySet.for_page. No query.

    `anchors` are its content anchors in the live revision.
    """
    article = claim.article
    url = absolute(article.get_absolute_url())
    text = article.live.text if article.live else ""
    article_data = {
        "@type": "NewsArticle",
        "@id": _fragment_id(url, "story"),
        "url": url,
        "headline": article.live.headline if article.live else "",
        "datePublished": machine_time(article),
        "publisher": _site(absolute),
        "sourceOrganization": _outlet_object(article.agency, absolute),
    }
    claim_data = _claim(claim, absolute)
    claim_data |= {
        "appearance": article_data,
        "inLanguage": article.language,
        "dateModified": claim_updated_at(claim).isoformat(),
    }
    if _is_quoted(claim):
        claim.standing = list(anchors)  # type: ignore[attr-defined]
        quotation = _quotation(claim, text, absolute)
        return {
            "@context": CONTEXT,
            **_without_empty(quotation | {"isPartOf": article_data, "interpretedAsClaim": claim_data}),
        }
    return {"@context": CONTEXT, **_without_empty(claim_data)}


def source_json_ld(source: Source, names: Sequence[str], roles: Sequence[Json], absolute: UrlBuilder) -> Json:
    """Return a source with its other names and its roles. No query.

    `names` and `roles` are of queries.sources.sources_for_page.
    """
    url = absolute(source.get_absolute_url())
    entity = _source_object(source, absolute)
    person = source.kind == Source.Kind.PERSON
    entity |= {
        "alternateName": list(names),
        "description": source.description,
        "sameAs": f"{WIKIDATA_URL}{source.wikidata_id}" if source.wikidata_id else None,
        "image": _portrait(source, absolute),
        "jobTitle": [role["role"] for role in roles if person and role["role"] and not role["until"]],
        "affiliation": [
            {
                "@type": "Organization",
                "name": role["organisation"],
                "url": absolute(reverse("articles:source", args=[role["slug"]])) if role["slug"] else None,
            }
            for role in roles
            if person and role["organisation"]
        ],
    }
    page = "ProfilePage" if SCHEMA_TYPES[Source.Kind(source.kind)] != "CreativeWork" else "WebPage"
    return {
        "@context": CONTEXT,
        **_without_empty({"@type": page, "@id": url, "url": url, "mainEntity": entity}),
    }


# --- Parts ---


def _quotation(claim: Claim, text: str, absolute: UrlBuilder) -> Json:
    """Return the words of a claim, attributed to the last hop, as the article does."""
    url = absolute(claim.get_absolute_url())
    anchors = [anchor for anchor in claim.standing if anchor.part == Anchor.Part.CONTENT]  # type: ignore[attr-defined]
    chain: list[Hop] = list(claim.chain)  # type: ignore[attr-defined]
    return {
        "@type": "Quotation",
        "@id": _fragment_id(url, "words"),
        "url": url,
        "text": " … ".join(text[anchor.start : anchor.end] for anchor in anchors),
        "spokenByCharacter": _speaker(chain[-1], absolute) if chain else None,
        "interpretedAsClaim": _claim(claim, absolute),
    }


def _claim(claim: Claim, absolute: UrlBuilder) -> Json:
    url = absolute(claim.get_absolute_url())
    chain: list[Hop] = list(claim.chain)  # type: ignore[attr-defined]
    origin = chain[0] if chain else None
    day = claim.stated_from if claim.stated_from == claim.stated_to else None
    return {
        "@type": "Claim",
        "@id": _fragment_id(url, "claim"),
        "url": url,
        "text": claim.statement,
        "dateCreated": day.isoformat() if day else None,
        "author": _speaker(origin, absolute) if origin else None,
        # An unnamed speaker has no page and no identity, only the words of the text.
        "creditText": origin.mention if origin and not origin.source else None,
        "isBasedOn": _document(origin, absolute) if origin else None,
        "contributor": [_speaker(hop, absolute) for hop in chain[1:] if _speaker(hop, absolute)],
        "claimInterpreter": _site(absolute),
    }


def _speaker(hop: Hop, absolute: UrlBuilder) -> Json | None:
    if hop.source is None or hop.source.kind == Source.Kind.DOCUMENT:
        return None
    return _source_object(hop.source, absolute)


def _document(hop: Hop, absolute: UrlBuilder) -> Json | None:
    if hop.source is None or hop.source.kind != Source.Kind.DOCUMENT:
        return None
    return _source_object(hop.source, absolute)


def _source_object(source: Source, absolute: UrlBuilder) -> Json:
    url = absolute(source.get_absolute_url())
    return {
        "@type": SCHEMA_TYPES[Source.Kind(source.kind)],
        "@id": _fragment_id(url, "source"),
        "name": source.name,
        "url": url,
    }


def _outlet_object(source: Source | None, absolute: UrlBuilder) -> Json | None:
    """Return an agency or publisher, always as an organisation."""
    return _source_object(source, absolute) | {"@type": "NewsMediaOrganization"} if source else None


def _is_outlet(name: str, article: Article) -> bool:
    """Return whether a name in the byline is the agency's or the publisher's."""
    return name in {outlet.name for outlet in (article.agency, article.publisher) if outlet}


def _original(article: Article, absolute: UrlBuilder) -> Json | None:
    if not article.original_url:
        return None
    return {
        "@type": "NewsArticle",
        "url": article.original_url,
        "publisher": _outlet_object(article.publisher, absolute),
    }


def _images(article: Article, absolute: UrlBuilder, image_url: str) -> list[Json | str]:
    """Return the article's images with their credits, or else the image for sharing."""
    if article.status == Article.Status.RETRACTED:
        return [image_url] if image_url else []
    images = [image for image in in_order(article.shown_images) if image["file"]]  # type: ignore[attr-defined]
    objects: list[Json | str] = [
        _image(choose_jpeg(image["file"], image["width"], image["height"]), image["credit"], absolute)
        | {"caption": image["caption"]}
        for image in images
    ]
    return objects or ([image_url] if image_url else [])


def _portrait(source: Source, absolute: UrlBuilder) -> Json | None:
    if not source.picture.name:
        return None
    size = choose_jpeg(source.picture.name, source.picture_width, source.picture_height)
    return _image(size, source.picture_credit, absolute)


def _image(size: ImageFile, credit: str, absolute: UrlBuilder) -> Json:
    return {
        "@type": "ImageObject",
        "url": absolute(size.url),
        "width": _pixels(size.width),
        "height": _pixels(size.height),
        "creditText": credit,
    }


def _pixels(count: int | None) -> Json | None:
    """Return a length in pixels. E37 is their code in UN/CEFACT's Recommendation 20."""
    return {"@type": "QuantitativeValue", "value": count, "unitCode": "E37"} if count else None


def _correction(row: Json) -> Json:
    return {
        "@type": "CorrectionComment",
        "text": row["note"],
        "datePublished": str(row["created_at"])[:10],
    }


def _site(absolute: UrlBuilder) -> Json:
    url = absolute(reverse("home"))
    return {
        "@type": "NewsMediaOrganization",
        "@id": _fragment_id(url, "site"),
        "name": settings.SITE_NAME,
        "url": url,
    }


def _is_quoted(claim: Claim) -> bool:
    return claim.form != Claim.Form.INDIRECT


def _fragment_id(url: str, name: str) -> str:
    """Return an id for the subject of a page: the page itself is another thing."""
    return f"{url}#{name}"


def _without_empty(value: Any) -> Any:
    """Remove None, empty text and empty lists at any depth."""
    if isinstance(value, dict):
        cleaned = {name: _without_empty(inner) for name, inner in value.items()}
        return {name: inner for name, inner in cleaned.items() if inner is not None and inner not in ("", [])}
    if isinstance(value, list):
        return [_without_empty(inner) for inner in value]
    return value
