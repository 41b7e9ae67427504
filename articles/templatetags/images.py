"""Responsive images for templates."""

from __future__ import annotations

from typing import Any

from django import template

from sources.images.srcset import build_page_image
from sources.models import Source

register = template.Library()

#: The `sizes` attribute (HTML Standard, 4.8.4.2.2) for each place of an image in site.css.
IMAGE_SIZES = {
    "lead": "(min-width: 80rem) 49rem, (min-width: 62rem) 62vw, 92vw",
    "column": "(min-width: 44rem) 40rem, 92vw",
    "thumb": "7rem",
    "portrait": "11rem",
}


@register.inclusion_tag("includes/image.html")
def image_of(image: dict[str, Any], place: str, alt: str = "", eager: bool | str = False) -> dict[str, Any]:
    """Show an image of `shown_images` (ArticleQuerySet) at a place of IMAGE_SIZES.

    `eager`: the image is on the first screen, so the browser loads it at once.
    """
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


@register.inclusion_tag("includes/image.html")
def portrait_of(source: Source) -> dict[str, Any]:
    """Show the portrait of a source, without alternative text: its name is next to it."""
    return {
        "shown": build_page_image(source.picture.name or "", source.picture_width, source.picture_height),
        "sizes": IMAGE_SIZES["portrait"],
        "alt": "",
        "eager": True,
    }
