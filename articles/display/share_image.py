"""Draw the image that other sites show with a link.

It has 1200 by 630 pixels, as Open Graph recommends. The project's font (Source Serif, SIL Open Font Licence) has
Latin, Greek and Cyrillic; the setting SHARE_FONTS adds fonts for other scripts. Text that no font can write is left out:
an image with the name of the site is better than one with empty boxes.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from django.conf import settings
from django.core.cache import cache
from PIL import Image, ImageDraw, ImageFont, features

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
#: Increase it when the drawing changes: cached images are then drawn again.
DRAWING_VERSION = 1
#: How long an image is cached. Drawing takes a few hundredths of a second.
CACHE_SECONDS = 7 * 24 * 3600
#: Font sizes of a headline in pixels; the largest that fits is used.
HEADLINE_SIZES = (84, 76, 68, 60, 54, 48, 44)
MAX_HEADLINE_LINES = 5
MAX_TEXT_CHARS = 400  # longer text cannot fit
PAPER, INK, SOFT, RULE, ACCENT, SHEET = "#fcfaf5", "#1b1815", "#5c554b", "#cfc7b8", "#8a1c16", "#fdfbf6"
DEFAULT_FONT = Path(__file__).resolve().parent / "fonts" / "SourceSerifPro-Bold.ttf"
#: A character that no font has: it is drawn as the box for missing glyphs.
MISSING_CHAR = "\U0010fffe"


@dataclass(frozen=True, slots=True)
class ImageText:
    """The text of an image. `kicker` is above the headline, `footer` below."""

    headline: str
    kicker: str = ""
    footer: str = ""
    site_name: str = ""


def image_digest(text: ImageText) -> str:
    """Return a digest of all that the image depends on."""
    parts = (DRAWING_VERSION, astuple(text), [str(path) for path in _font_paths()])
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:20]


def cached_image(text: ImageText) -> bytes:
    """Return the image as PNG, from the cache if it is there."""
    key = f"share-image:{image_digest(text)}"
    return cast("bytes", cache.get_or_set(key, lambda: draw_image(text), CACHE_SECONDS))


def draw_image(text: ImageText) -> bytes:
    """Return the image as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, WIDTH, 14), fill=ACCENT)
    _draw_logo(canvas, MARGIN, 60, 56)
    draw_text(canvas, text.site_name, MARGIN + 76, 88, 38, INK)
    canvas.line((MARGIN, 142, WIDTH - MARGIN, 142), fill=INK, width=2)
    canvas.line((MARGIN, 148, WIDTH - MARGIN, 148), fill=INK, width=2)
    draw_text(canvas, text.kicker, MARGIN, 194, 30, ACCENT)
    # If no font can write the headline, the site's name is drawn large instead.
    _draw_headline(canvas, text.headline) or _draw_headline(canvas, text.site_name)
    canvas.line((MARGIN, HEIGHT - 88, WIDTH - MARGIN, HEIGHT - 88), fill=RULE, width=2)
    draw_text(canvas, text.footer, MARGIN, HEIGHT - 52, 27, SOFT)
    png = io.BytesIO()
    image.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
    return png.getvalue()


# --- Text ---


def _draw_headline(canvas: ImageDraw.ImageDraw, headline: str) -> bool:
    """Draw the headline in the largest size that fits, shortened if none does.

    Return False if no font can write it.
    """
    text = _drawable_text(headline)[:MAX_TEXT_CHARS]
    path = _font_for(text)
    if not text or path is None:
        return False
    top, available = (226, HEIGHT - 88 - 226 - 24)
    for size in HEADLINE_SIZES:
        font = _load_font(path, size)
        lines = _wrap_text(text, font, WIDTH - 2 * MARGIN)
        height = round(size * 1.14)
        max_lines = min(MAX_HEADLINE_LINES, available // height)
        if len(lines) <= max_lines:
            break
    if len(lines) > max_lines:
        last_line = f"{lines[max_lines - 1]} {lines[max_lines]}"
        lines = [*lines[: max_lines - 1], _shorten_to_width(last_line, font, WIDTH - 2 * MARGIN)]
    top += (available - height * len(lines)) // 2
    for number, line in enumerate(lines):
        middle = top + number * height + height // 2
        if _is_right_to_left(text):
            canvas.text((WIDTH - MARGIN, middle), line, font=font, fill=INK, anchor="rm", direction="rtl")
        else:
            canvas.text((MARGIN, middle), line, font=font, fill=INK, anchor="lm")
    return True


def draw_text(
    canvas: ImageDraw.ImageDraw,
    text: str,
    left: float,
    middle: float,
    size: int,
    colour: str,
    *,
    right: float = WIDTH - MARGIN,
    anchor: str = "lm",
) -> None:
    """Draw one line of text, shortened at `right`. In pixels; `anchor` is Pillow's."""
    text = _drawable_text(text)[:MAX_TEXT_CHARS]
    path = _font_for(text)
    if text and path is not None:
        font = _load_font(path, size)
        line = _shorten_to_width(text, font, round(right - left), always=False)
        canvas.text((left, middle), line, font=font, fill=colour, anchor=anchor)


def _wrap_text(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break text into lines. Cut words that are too wide, and scripts without spaces."""
    lines, line = [], ""
    for word in text.split():
        joined = f"{line} {word}".strip()
        if font.getlength(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        while font.getlength(line) > width:
            end = _fitting_length(line, font, width)
            lines.append(line[:end])
            line = line[end:]
    return [*lines, line] if line else lines


def _shorten_to_width(text: str, font: ImageFont.FreeTypeFont, width: int, *, always: bool = True) -> str:
    """Shorten text to a width, with an ellipsis; without `always` only if too wide."""
    if not always and font.getlength(text) <= width:
        return text
    end = _fitting_length(text, font, width - round(font.getlength("…")))
    start = text[:end]
    if end < len(text) and " " in start:
        start = start.rsplit(" ", 1)[0]
    return start.rstrip(" ,;:—–-") + "…"


def _fitting_length(text: str, font: ImageFont.FreeTypeFont, width: int) -> int:
    """Return how many characters fit, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if font.getlength(text[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _drawable_text(text: str) -> str:
    """Return text on one line, without symbols and invisible characters."""
    visible = (
        char if unicodedata.category(char)[0] in "LMNPSZ" else " " for char in unicodedata.normalize("NFC", text)
    )
    return " ".join("".join(char for char in visible if unicodedata.category(char) not in ("So", "Sk")).split())


# --- Fonts ---


def _font_paths() -> list[Path]:
    return [DEFAULT_FONT, *(Path(path) for path in settings.SHARE_FONTS)]


def _font_for(text: str) -> Path | None:
    """Return the first font that has all characters; None if none has.

    Also None for text that needs shaping if Pillow has no Raqm.
    """
    if not features.check("raqm") and any(_needs_shaping(char) for char in text):
        return None
    characters = {char for char in text if not char.isspace()}
    return next((path for path in _font_paths() if all(_has_glyph(path, char) for char in characters)), None)


@lru_cache(maxsize=64)
def _load_font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


@lru_cache(maxsize=4096)
def _has_glyph(path: Path, char: str) -> bool:
    """Return whether a font has a glyph for a character.

    Pillow has no function for it, so the drawing is compared with that of a missing character.
    """
    try:
        font = _load_font(path, 24)
    except OSError:
        return False  # a font in SHARE_FONTS that does not exist
    return unicodedata.category(char)[0] == "M" or bytes(font.getmask(char)) != bytes(font.getmask(MISSING_CHAR))


def _is_right_to_left(text: str) -> bool:
    """Return whether the first strong letter is right to left.

    https://www.unicode.org/reports/tr9/#P2
    """
    directions = (unicodedata.bidirectional(char) for char in text)
    strong = (direction for direction in directions if direction in ("L", "R", "AL"))
    return next(strong, "L") != "L"


def _needs_shaping(char: str) -> bool:
    """Return whether a character is written right to left, or combines with others."""
    return unicodedata.bidirectional(char) in ("R", "AL", "AN") or unicodedata.category(char) in ("Mn", "Mc")


# --- Logo ---


def _draw_logo(canvas: ImageDraw.ImageDraw, left: int, top: int, size: int) -> None:
    """Draw the logo (newsroom/static/newsroom/mark.svg), which is 32 units wide."""
    unit = size / 32

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(left + x * unit, top + y * unit) for x, y in points]

    canvas.rounded_rectangle(at((0, 0), (32, 32)), radius=5 * unit, fill=ACCENT)
    for x in (8, 17):
        curve = [(x, 20.0), (x, 16.5), (x + 0.8, 13.4), (x + 2.6, 11.0), (x + 6, 9.0), (x + 7, 11.0)]
        lower_curve = [(x + 5.2, 12.3), (x + 4.3, 13.6), (x + 4, 15.0), (x + 6, 15.0), (x + 6, 21.0), (x, 21.0)]
        canvas.polygon(at(*curve, *lower_curve), fill=SHEET)
    canvas.rectangle(at((8, 24), (24, 26)), fill=SHEET)
