"""What a page says of itself to machines: JSON-LD in the words of schema.org.

A story is a NewsArticle; the words of a claim are a Quotation where they are the speaker's own; what they say is a
Claim, which the quotation or the story is interpreted as. A claim's author is whoever said it first, and those who
passed it on are its contributors. There is no ClaimReview: nobody here has judged whether a claim is true.
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
#: A path of this site -> its whole address.
UrlBuilder = Callable[[str], str]

CONTEXT = "https://schema.org"
#: What a source is, in schema.org's words. A document says something and is nobody: it is what a claim is based on.
SCHEMA_TYPES = {
    Source.Kind.PERSON: "Person",
    Source.Kind.ORGANISATION: "Organization",
    Source.Kind.AGENCY: "NewsMediaOrganization",
    Source.Kind.DOCUMENT: "CreativeWork",
    Source.Kind.GROUP: "Organization",
}
WIKIDATA_URL = "https://www.wikidata.org/entity/"
#: Characters that could end the script element, or that JavaScript once took for the end of a line.
SCRIPT_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def script_content(data: Json) -> SafeString:
    """A document as the content of a script element, whatever its texts are."""
    return mark_safe(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(SCRIPT_ESCAPES))  # noqa: S308


def article_json_ld(article: Article, claims: Sequence[Claim], absolute: UrlBuilder, picture: str = "") -> Json:
    """A story as ArticleQuerySet.for_page with_last_correction gives it, its claims as in_live does. No query.

    Of a retracted story (then without claims) it says that it is, and nothing of what stood in it.
    """
    address = absolute(article.get_absolute_url())
    retracted = article.status == Article.Status.RETRACTED
    story: Json = {
        "@type": "NewsArticle",
        "@id": _fragment_id(address, "story"),
        "url": address,
        "mainEntityOfPage": address,
        "headline": article.live.headline if article.live else "",
        "inLanguage": article.language,
        "datePublished": machine_time(article),
        "dateModified": article_updated_at(article).isoformat(),
        "publisher": _site(absolute),
        "author": [{"@type": "Person", "name": name} for name in writers(article) if not _is_outlet(name, article)],
        "sourceOrganization": _outlet_object(article.agency, absolute),
        "dateline": article.dateline,
        "isAccessibleForFree": True,
        "image": _images(article, absolute, picture),
        "correction": [_correction(note) for note in newest_first(article.shown_corrections)],  # type: ignore[attr-defined]
        "creativeWorkStatus": "Retracted" if retracted else "Published",
    }
    if not retracted and article.live is not None:
        topics = in_order(article.shown_topics)  # type: ignore[attr-defined]
        story |= {
            "description": article.live.summary,
            "articleSection": [topic["name"] for topic in topics],
            "wordCount": len(article.live.text.split()),
            "isBasedOn": _original(article, absolute),
            "hasPart": [_quotation(claim, article.live.text, absolute) for claim in claims if _is_quoted(claim)],
            "interpretedAsClaim": [_claim(claim, absolute) for claim in claims if not _is_quoted(claim)],
        }
    return {"@context": CONTEXT, **_without_empty(story)}


def claim_json_ld(claim: Claim, anchors: Iterable[Anchor], absolute: UrlBuilder) -> Json:
    """A claim as ClaimQuerySet.for_page gives it, with its content's anchors in the live revision. No query."""
    article = claim.article
    address = absolute(article.get_absolute_url())
    text = article.live.text if article.live else ""
    story = {
        "@type": "NewsArticle",
        "@id": _fragment_id(address, "story"),
        "url": address,
        "headline": article.live.headline if article.live else "",
        "datePublished": machine_time(article),
        "publisher": _site(absolute),
        "sourceOrganization": _outlet_object(article.agency, absolute),
    }
    made = _claim(claim, absolute)
    made |= {"appearance": story, "inLanguage": article.language, "dateModified": claim_updated_at(claim).isoformat()}
    if _is_quoted(claim):
        claim.standing = list(anchors)  # type: ignore[attr-defined]
        quotation = _quotation(claim, text, absolute)
        return {"@context": CONTEXT, **_without_empty(quotation | {"isPartOf": story, "interpretedAsClaim": made})}
    return {"@context": CONTEXT, **_without_empty(made)}


def source_json_ld(source: Source, names: Sequence[str], roles: Sequence[Json], absolute: UrlBuilder) -> Json:
    """A source's page: who it is about, with other names and the roles speaking.for_page gives. No query."""
    address = absolute(source.get_absolute_url())
    known = _source_object(source, absolute)
    person = source.kind == Source.Kind.PERSON
    known |= {
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
        **_without_empty({"@type": page, "@id": address, "url": address, "mainEntity": known}),
    }


# --- Parts ---


def _quotation(claim: Claim, text: str, absolute: UrlBuilder) -> Json:
    """The words themselves, attributed to whoever spoke to the outlet, as the story attributes them."""
    address = absolute(claim.get_absolute_url())
    anchors = [anchor for anchor in claim.standing if anchor.part == Anchor.Part.CONTENT]  # type: ignore[attr-defined]
    chain: list[Hop] = list(claim.chain)  # type: ignore[attr-defined]
    return {
        "@type": "Quotation",
        "@id": _fragment_id(address, "words"),
        "url": address,
        "text": " … ".join(text[anchor.start : anchor.end] for anchor in anchors),
        "spokenByCharacter": _speaker(chain[-1], absolute) if chain else None,
        "interpretedAsClaim": _claim(claim, absolute),
    }


def _claim(claim: Claim, absolute: UrlBuilder) -> Json:
    address = absolute(claim.get_absolute_url())
    chain: list[Hop] = list(claim.chain)  # type: ignore[attr-defined]
    origin = chain[0] if chain else None
    day = claim.stated_from if claim.stated_from == claim.stated_to else None
    return {
        "@type": "Claim",
        "@id": _fragment_id(address, "claim"),
        "url": address,
        "text": claim.statement,
        "dateCreated": day.isoformat() if day else None,
        "author": _speaker(origin, absolute) if origin else None,
        # Somebody unnamed is no thing that another page could speak of: only the words that copy has for them.
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
    address = absolute(source.get_absolute_url())
    return {
        "@type": SCHEMA_TYPES[Source.Kind(source.kind)],
        "@id": _fragment_id(address, "source"),
        "name": source.name,
        "url": address,
    }


def _outlet_object(source: Source | None, absolute: UrlBuilder) -> Json | None:
    """An agency or publisher: whatever kind it was filed as, it is an organisation here."""
    return _source_object(source, absolute) | {"@type": "NewsMediaOrganization"} if source else None


def _is_outlet(name: str, article: Article) -> bool:
    """Is a name of the byline the agency's or the publisher's own?"""
    return name in {outlet.name for outlet in (article.agency, article.publisher) if outlet}


def _original(article: Article, absolute: UrlBuilder) -> Json | None:
    if not article.original_url:
        return None
    return {
        "@type": "NewsArticle",
        "url": article.original_url,
        "publisher": _outlet_object(article.publisher, absolute),
    }


def _images(article: Article, absolute: UrlBuilder, picture: str) -> list[Json | str]:
    """The story's own pictures with their credits, or else the one that is drawn for sharing."""
    if article.status == Article.Status.RETRACTED:
        return [picture] if picture else []
    images = [image for image in in_order(article.shown_images) if image["file"]]  # type: ignore[attr-defined]
    made: list[Json | str] = [
        _image(choose_jpeg(image["file"], image["width"], image["height"]), image["credit"], absolute)
        | {"caption": image["caption"]}
        for image in images
    ]
    return made or ([picture] if picture else [])


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
    """A length in pixels: E37 in UN/CEFACT's Recommendation 20, which schema.org takes its codes of units from."""
    return {"@type": "QuantitativeValue", "value": count, "unitCode": "E37"} if count else None


def _correction(note: Json) -> Json:
    return {
        "@type": "CorrectionComment",
        "text": note["note"],
        "datePublished": str(note["created_at"])[:10],
    }


def _site(absolute: UrlBuilder) -> Json:
    address = absolute(reverse("home"))
    return {
        "@type": "NewsMediaOrganization",
        "@id": _fragment_id(address, "site"),
        "name": settings.SITE_NAME,
        "url": address,
    }


def _is_quoted(claim: Claim) -> bool:
    return claim.form != Claim.Form.INDIRECT


def _fragment_id(address: str, name: str) -> str:
    """An id for the thing that a page is about, which is not the page."""
    return f"{address}#{name}"


def _without_empty(value: Any) -> Any:
    """Without what nobody knows: None, empty text, empty lists, at any depth."""
    if isinstance(value, dict):
        kept = {name: _without_empty(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner is not None and inner not in ("", [])}
    if isinstance(value, list):
        return [_without_empty(inner) for inner in value]
    return value
