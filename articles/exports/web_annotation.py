"""A claim as a W3C Web Annotation (https://www.w3.org/TR/annotation-model/): what it states, and which words say it.

Each piece of the words is a target twice: on the story's page, found by the quotation and what stands around it, and
in the story's plain text, found by its position too. Positions count Unicode code points, as the model demands
(section 4.2.5) and as our anchors do; the page has other text around the story's, so they would mean nothing there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from articles.display.last_changed import claim_updated_at
from articles.models import Anchor, Claim, Hop

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE = f'application/ld+json; profile="{CONTEXT}"'
#: How much of the text before and after a quotation tells it from the same words elsewhere, in code points.
CONTEXT_CHARS = 32

Json = dict[str, Any]


def build_annotation(claim: Claim, anchors: Iterable[Anchor], absolute: Callable[[str], str]) -> Json:
    """A claim as ClaimQuerySet.for_page gives it, with its content's anchors in the live revision. No query."""
    article, live = claim.article, claim.article.live
    text = live.text if live else ""
    page = absolute(article.get_absolute_url())
    plain = absolute(reverse("articles:text", args=[article.slug]))
    pieces = list(anchors)
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
            *({"type": "SpecificResource", "source": page, "selector": _quote_selector(text, one)} for one in pieces),
            *(
                {
                    "type": "SpecificResource",
                    "source": {"id": plain, "type": "Text", "format": "text/plain", "language": article.language},
                    "scope": page,
                    "selector": [_quote_selector(text, one), _position_selector(one)],
                }
                for one in pieces
            ),
        ],
    }


def _speaker_body(hop: Hop, absolute: Callable[[str], str]) -> Json:
    """Somebody in the chain who has a page."""
    assert hop.source is not None  # noqa: S101 - the caller asked
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
