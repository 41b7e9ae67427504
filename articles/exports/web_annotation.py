"""Export a claim as a W3C Web Annotation.

https://www.w3.org/TR/annotation-model/

Each content anchor is a target twice: on the article's page, by its words and the text around them, and in the
article's plain text, also by its position. Positions count Unicode code points, as the standard requires (section
4.2.5) and as our anchors do. The page has other text too, so positions would be wrong there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from articles.display.last_changed import claim_updated_at
from articles.models import Anchor, Claim, Hop

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE = f'application/ld+json; profile="{CONTEXT}"'
#: Code points of text before and after a quotation, which distinguish it from the same words elsewhere.
CONTEXT_CHARS = 32

Json = dict[str, Any]


def build_annotation(claim: Claim, anchors: Sequence[Anchor], absolute: Callable[[str], str]) -> Json:
    """Return the annotation of a claim of ClaimQuerySet.for_page. No query.

    `anchors` are its content anchors in the live revision.
    """
    article, live = claim.article, claim.article.live
    text = live.text if live else ""
    page = absolute(article.get_absolute_url())
    plain = absolute(reverse("articles:text", args=[article.slug]))
    return {
        "@context": CONTEXT,
        "id": absolute(reverse("articles:annotation", args=[claim.public_id])),
        "type": "Annotation",
        "motivation": "describing",
        "created": claim.created_at.isoformat(),
        "modified": max(claim.created_at, claim_updated_at(claim)).isoformat(),
        "generator": {"id": absolute(reverse("home")), "type": "Software", "name": settings.SITE_NAME},
        "body": [
            {
                "type": "TextualBody",
                "value": claim.statement,
                "format": "text/plain",
                "language": article.language,
                "purpose": "describing",
            },
            {
                "type": "SpecificResource",
                "source": absolute(claim.get_absolute_url()),
                "purpose": "linking",
            },
            *(_speaker_body(hop, absolute) for hop in claim.chain if hop.source),  # type: ignore[attr-defined]
        ],
        "target": [
            *({"type": "SpecificResource", "source": page, "selector": _quote_selector(text, a)} for a in anchors),
            *(
                {
                    "type": "SpecificResource",
                    "source": {"id": plain, "type": "Text", "format": "text/plain", "language": article.language},
                    "scope": page,
                    "selector": [_quote_selector(text, anchor), _position_selector(anchor)],
                }
                for anchor in anchors
            ),
        ],
    }


def _speaker_body(hop: Hop, absolute: Callable[[str], str]) -> Json:
    assert hop.source is not None  # noqa: S101 - the caller checked
    return {
        "type": "SpecificResource",
        "source": absolute(hop.source.get_absolute_url()),
        "purpose": "identifying",
    }


def _quote_selector(text: str, anchor: Anchor) -> Json:
    return {
        "type": "TextQuoteSelector",
        "exact": text[anchor.start : anchor.end],
        "prefix": text[max(0, anchor.start - CONTEXT_CHARS) : anchor.start],
        "suffix": text[anchor.end : anchor.end + CONTEXT_CHARS],
    }


def _position_selector(anchor: Anchor) -> Json:
    return {"type": "TextPositionSelector", "start": anchor.start, "end": anchor.end}
