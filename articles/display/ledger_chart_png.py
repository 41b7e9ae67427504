"""Draw a ledger's chart as a PNG, for places that do not show SVG.

It has the scale, bars and marks of articles.display.ledger_chart at twice the size, so that it is sharp at 760 pixels.
It is always light, because an image does not know the page around it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from articles.display.ledger_chart import RING_MARK_OFFSET, SHAPES, WIDE, Bar, Scale, build_scale, format_tick
from articles.display.share_image import INK, RULE, SHEET, SOFT, draw_text

#: Pixels for each unit of the SVG.
SCALE_FACTOR = 2
HEADER_HEIGHT, FOOTER_HEIGHT = 64, 44  # above the axis, for the title; below the rows, for the source
#: The colours of origins on light pages, in the order of ledger_chart.SHAPES.
ORIGIN_COLOURS = ("#8a1c16", "#1f5f8b", "#5b6b13", "#7a3f91", "#9a5b00", "#4b4b4b")


def draw_chart(bars: Sequence[Bar], *, title: str, source: str, unit: str = "") -> bytes:
    """Return the chart as PNG, with the URL of its page as `source`.

    Raise ValueError without bars.
    """
    if not bars:
        raise ValueError("A chart needs at least one figure.")
    margin, row_height = WIDE.margin * SCALE_FACTOR, WIDE.row_height * SCALE_FACTOR
    width, top = WIDE.width * SCALE_FACTOR, HEADER_HEIGHT + (WIDE.font_size + 14) * SCALE_FACTOR
    bottom = top + row_height * len(bars) + 8 * SCALE_FACTOR
    image = Image.new("RGB", (width, bottom + FOOTER_HEIGHT), SHEET)
    canvas = ImageDraw.Draw(image)
    scale = build_scale(bars, margin, width - margin)
    draw_text(canvas, title, margin, HEADER_HEIGHT / 2, 34, INK, right=width - margin)
    for value in scale.ticks():
        x = scale.position(value)
        canvas.line((x, top - 12, x, bottom), fill=SOFT if value == 0 else RULE, width=2)
        anchor = "lm" if x < margin + 40 else "rm" if x > width - margin - 40 else "mm"
        label = format_tick(round(value, 10)) + ("%" if unit == "%" else "")
        draw_text(canvas, label, x, HEADER_HEIGHT + WIDE.font_size, 24, SOFT, right=x + 300, anchor=anchor)
    for number, bar in enumerate(bars):
        y = top + row_height * number
        draw_text(canvas, bar.text, margin + 10, y + 26, 27, INK, right=width / 2)
        draw_text(canvas, bar.label, width / 2 + 20, y + 26, 23, SOFT, right=width - margin)
        _bar(canvas, bar, scale, y + row_height - 28)
    draw_text(canvas, source, margin, bottom + FOOTER_HEIGHT / 2, 22, SOFT, right=width - margin)
    png = io.BytesIO()
    image.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
    return png.getvalue()


def _bar(canvas: ImageDraw.ImageDraw, bar: Bar, scale: Scale, y: float) -> None:
    colour = ORIGIN_COLOURS[min(bar.origin, len(ORIGIN_COLOURS) - 1)]
    lower, upper = (None if bound is None else float(bound) for bound in (bar.lower, bar.upper))
    if lower is not None and lower == upper:
        _mark(canvas, bar.origin, scale.position(lower), y, colour)
        return
    if scale.is_logarithmic:  # no zero on such a scale: a bar from zero begins at the edge
        lower = None if lower is not None and lower < scale.low else lower
    x1 = scale.start if lower is None else scale.position(lower)
    x2 = max(scale.end if upper is None else scale.position(upper), x1 + 4)
    _span(canvas, x1, x2, y, colour, rough=bar.approximate)
    for x, bound, direction, inclusive in ((x1, lower, -1, bar.lower_inclusive), (x2, upper, 1, bar.upper_inclusive)):
        if bound is None:  # an arrow
            canvas.line(
                (x - direction * 18, y - 12, x, y, x - direction * 18, y + 12), fill=colour, width=5, joint="curve"
            )
        elif inclusive:
            canvas.line((x, y - 14, x, y + 14), fill=colour, width=5)
        else:
            canvas.ellipse((x - 10, y - 10, x + 10, y + 10), fill=SHEET, outline=colour, width=4)
    offset = RING_MARK_OFFSET * SCALE_FACTOR
    if lower is not None:
        _mark(canvas, bar.origin, x1 + (0 if bar.lower_inclusive else offset), y, colour)
    else:
        _mark(canvas, bar.origin, x2 - (0 if bar.upper_inclusive else offset), y, colour)


def _span(canvas: ImageDraw.ImageDraw, x1: float, x2: float, y: float, colour: str, *, rough: bool) -> None:
    """Draw a bar, dashed for an approximate figure."""
    if not rough:
        canvas.line((x1, y, x2, y), fill=colour, width=5)
        return
    x = x1
    while x < x2:
        canvas.line((x, y, min(x + 10, x2), y), fill=colour, width=5)
        x += 16


def _mark(canvas: ImageDraw.ImageDraw, origin: int, x: float, y: float, colour: str) -> None:
    kind = SHAPES[min(origin, len(SHAPES) - 1)]
    if kind == "circle":
        canvas.ellipse((x - 11, y - 11, x + 11, y + 11), fill=colour)
        return
    outline = {
        "square": ((-10, -10), (10, -10), (10, 10), (-10, 10)),
        "diamond": ((0, -14), (14, 0), (0, 14), (-14, 0)),
        "triangle": ((0, -12), (13, 10), (-13, 10)),
        "pillar": ((-6, -14), (6, -14), (6, 14), (-6, 14)),
        "cross": (
            (-12, -4), (-4, -4), (-4, -12), (4, -12), (4, -4), (12, -4), (12, 4), (4, 4), (4, 12), (-4, 12), (-4, 4), (-12, 4),
        ),
    }[kind]  # fmt: skip
    canvas.polygon([(x + dx, y + dy) for dx, dy in outline], fill=colour)
    if origin >= len(SHAPES):
        draw_text(canvas, str(origin + 1), x + 16, y - 14, 22, colour, right=x + 90)
