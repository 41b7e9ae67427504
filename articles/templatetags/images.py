"""Pictures in templates: sizes for every screen, with their place reserved before they come."""

from __future__ import annotations

from typing import Any

from django import template

from sources.images.srcset import build_page_image
from sources.models import Source

register = template.Library()

#: How wide a picture is on the page, by the width of the window (HTML Standard, 4.8.4.2.2): the places in site.css.
IMAGE_SIZES = {
    "lead": "(min-width: 80rem) 49rem, (min-width: 62rem) 62vw, 92vw",
    "column": "(min-width: 44rem) 40rem, 92vw",
    "thumb": "7rem",
    "portrait": "11rem",
}


@register.inclusion_tag("includes/picture.html")
def picture_of(image: dict[str, Any], place: str, alt: str = "", eager: bool | str = False) -> dict[str, Any]:
    """A picture as ArticleQuerySet's `shown_images` has it, in one of PLACES. `eager`: it is on the first screen."""
    return {
        "shown": build_page_image(
            image["file"],
            image["width"],
            image["height"],
            image.get("focal_x", 0.5),
            image.get("focal_y", 0.5),
        ),
        "sizes": IMAGE_SIZES[place],
        "alt": alt,
        "eager": eager,
    }


@register.inclusion_tag("includes/picture.html")
def portrait_of(source: Source) -> dict[str, Any]:
    """A source's portrait. Its name stands beside it, so there is nothing for it to say."""
    return {
        "shown": build_page_image(source.picture.name or "", source.picture_width, source.picture_height),
        "sizes": IMAGE_SIZES["portrait"],
        "alt": "",
        "eager": True,
    }
