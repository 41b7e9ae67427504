"""The picture that stands beside a link wherever somebody shares it: a headline, a kicker, the site's mark.

1200 by 630 pixels, as Open Graph and the rest take it. Drawn in the font that comes with the project (Source Serif,
SIL Open Font Licence: articles/fonts), which has Latin, Greek and Cyrillic; SHARE_FONTS names others for other scripts.
What no font here can write is left out: a picture with the site's name alone is better than one with empty boxes.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from PIL import Image, ImageDraw, ImageFont, features

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
#: Raised when a drawing changes: pictures that were kept are then drawn again.
DRAWING_VERSION = 1
#: How long a drawn picture is kept, in seconds; drawing takes a few hundredths of one.
CACHE_SECONDS = 7 * 24 * 3600
#: A headline's sizes in pixels, the largest that fits is taken; and how many lines there may be.
HEADLINE_SIZES = (84, 76, 68, 60, 54, 48, 44)
MAX_HEADLINE_LINES = 5
MAX_TEXT_CHARS = 400  # characters of a headline that can matter
PAPER, INK, SOFT, RULE, ACCENT, SHEET = "#fcfaf5", "#1b1815", "#5c554b", "#cfc7b8", "#8a1c16", "#fdfbf6"
DEFAULT_FONT = Path(__file__).resolve().parent / "fonts" / "SourceSerifPro-Bold.ttf"
#: No font has a glyph here, so that what it draws is the box for what it lacks.
MISSING_CHAR = "\U0010fffe"


@dataclass(frozen=True, slots=True)
class ImageText:
    """What a picture says: a line above, the headline, a line below, and the site's name."""

    headline: str
    kicker: str = ""
    footer: str = ""
    site_name: str = ""


def image_digest(words: ImageText) -> str:
    """What tells one picture from another: all that goes into it."""
    made_of = (DRAWING_VERSION, astuple(words), [str(path) for path in _font_paths()])
    return hashlib.sha256(repr(made_of).encode("utf-8", "replace")).hexdigest()[:20]


def cached_image(words: ImageText) -> bytes:
    """The picture as PNG, drawn once and kept by what it says."""
    key = f"share-picture:{image_digest(words)}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = draw_image(words)
        cache.set(key, kept, CACHE_SECONDS)
    return kept


def draw_image(words: ImageText) -> bytes:
    """Draw it, whatever the words are."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, WIDTH, 14), fill=ACCENT)
    _draw_logo(canvas, MARGIN, 60, 56)
    draw_text(canvas, words.site_name, MARGIN + 76, 88, 38, INK)
    canvas.line((MARGIN, 142, WIDTH - MARGIN, 142), fill=INK, width=2)
    canvas.line((MARGIN, 148, WIDTH - MARGIN, 148), fill=INK, width=2)
    draw_text(canvas, words.kicker, MARGIN, 194, 30, ACCENT)
    # A large name is better than an empty picture.
    _draw_headline(canvas, words.headline) or _draw_headline(canvas, words.site_name)
    canvas.line((MARGIN, HEIGHT - 88, WIDTH - MARGIN, HEIGHT - 88), fill=RULE, width=2)
    draw_text(canvas, words.footer, MARGIN, HEIGHT - 52, 27, SOFT)
    written = io.BytesIO()
    image.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


# --- The words ---


def _draw_headline(canvas: ImageDraw.ImageDraw, headline: str) -> bool:
    """In the largest size that fits between kicker and foot; cut with an ellipsis where none does.

    False where no font here can write it.
    """
    words = _drawable_text(headline)[:MAX_TEXT_CHARS]
    path = _font_for(words)
    if not words or path is None:
        return False
    top, room = (226, HEIGHT - 88 - 226 - 24)
    for size in HEADLINE_SIZES:
        font = _load_font(path, size)
        lines = _wrap_text(words, font, WIDTH - 2 * MARGIN)
        height = round(size * 1.14)
        fits = min(MAX_HEADLINE_LINES, room // height)
        if len(lines) <= fits:
            break
    if len(lines) > fits:
        lines = [*lines[: fits - 1], _shorten_to_width(lines[fits - 1] + " " + lines[fits], font, WIDTH - 2 * MARGIN)]
    top += (room - height * len(lines)) // 2
    for number, line in enumerate(lines):
        middle = top + number * height + height // 2
        if _is_right_to_left(words):
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
    """One line of small words, cut where it would go beyond `right`. Pixels; `anchor` is Pillow's."""
    words = _drawable_text(text)[:MAX_TEXT_CHARS]
    path = _font_for(words)
    if words and path is not None:
        font = _load_font(path, size)
        shown = _shorten_to_width(words, font, round(right - left), cut=False)
        canvas.text((left, middle), shown, font=font, fill=colour, anchor=anchor)


def _wrap_text(words: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines no wider than that. A word that is wider, or a script without spaces, is broken where it must."""
    lines, line = [], ""
    for word in words.split():
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


def _shorten_to_width(words: str, font: ImageFont.FreeTypeFont, width: int, *, cut: bool = True) -> str:
    """The beginning of the words that fits with an ellipsis; with `cut` off, all of them if they fit."""
    if not cut and font.getlength(words) <= width:
        return words
    end = _fitting_length(words, font, width - round(font.getlength("…")))
    kept = words[:end]
    if end < len(words) and " " in kept:
        kept = kept.rsplit(" ", 1)[0]
    return kept.rstrip(" ,;:—–-") + "…"


def _fitting_length(words: str, font: ImageFont.FreeTypeFont, width: int) -> int:
    """How many characters fit, at least one."""
    low, high = 1, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if font.getlength(words[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _drawable_text(text: str) -> str:
    """On one line, without pictographs and what cannot be seen: a font for words has none of them."""
    kept = (char if unicodedata.category(char)[0] in "LMNPSZ" else " " for char in unicodedata.normalize("NFC", text))
    return " ".join("".join(char for char in kept if unicodedata.category(char) not in ("So", "Sk")).split())


# --- Fonts ---


def _font_paths() -> list[Path]:
    return [DEFAULT_FONT, *(Path(path) for path in settings.SHARE_FONTS)]


def _font_for(words: str) -> Path | None:
    """The first font that has all of the characters and whose script this machine can lay out."""
    if not features.check("raqm") and any(_needs_shaping(char) for char in words):
        return None
    characters = {char for char in words if not char.isspace()}
    return next((path for path in _font_paths() if all(_has_glyph(path, char) for char in characters)), None)


@lru_cache(maxsize=64)
def _load_font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


@lru_cache(maxsize=4096)
def _has_glyph(path: Path, char: str) -> bool:
    """Has the font a glyph for it? Pillow does not say; but what it lacks looks like what no font has."""
    try:
        font = _load_font(path, 24)
    except OSError:
        return False  # a font that was named and is not there
    return unicodedata.category(char)[0] == "M" or bytes(font.getmask(char)) != bytes(font.getmask(MISSING_CHAR))


def _is_right_to_left(words: str) -> bool:
    """By the first letter that has a direction (https://www.unicode.org/reports/tr9/#P2)."""
    directions = (unicodedata.bidirectional(char) for char in words)
    return next((one in ("R", "AL") for one in directions if one in ("L", "R", "AL")), False)


def _needs_shaping(char: str) -> bool:
    """Written from right to left, or with marks that join: more than one glyph after another."""
    return unicodedata.bidirectional(char) in ("R", "AL", "AN") or unicodedata.category(char) in ("Mn", "Mc")


# --- The mark ---


def _draw_logo(canvas: ImageDraw.ImageDraw, left: int, top: int, size: int) -> None:
    """The site's mark (newsroom/static/newsroom/mark.svg), whose drawing is 32 units wide."""
    unit = size / 32

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(left + x * unit, top + y * unit) for x, y in points]

    canvas.rounded_rectangle(at((0, 0), (32, 32)), radius=5 * unit, fill=ACCENT)
    for x in (8, 17):
        curve = [(x, 20.0), (x, 16.5), (x + 0.8, 13.4), (x + 2.6, 11.0), (x + 6, 9.0), (x + 7, 11.0)]
        back = [(x + 5.2, 12.3), (x + 4.3, 13.6), (x + 4, 15.0), (x + 6, 15.0), (x + 6, 21.0), (x, 21.0)]
        canvas.polygon(at(*curve, *back), fill=SHEET)
    canvas.rectangle(at((8, 24), (24, 26)), fill=SHEET)
