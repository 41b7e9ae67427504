"""Image files for tests: valid ones, and those of attackers and broken cameras."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

#: EXIF tags.
ORIENTATION_TAG, GPS_TAG = 0x0112, 0x8825


def make_image(width: int = 800, height: int = 600, format: str = "JPEG", **options: Any) -> bytes:
    """Return an image whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    output = io.BytesIO()
    image.save(output, format, **options)
    return output.getvalue()


def make_camera_jpeg(orientation: int = 6) -> bytes:
    """Return a rotated JPEG with metadata: position, photographer, comment."""
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    exif[0x013B] = "Secret Photographer"
    exif[GPS_TAG] = {1: "N", 2: (59.0, 26.0, 13.0), 3: "E", 4: (24.0, 45.0, 12.0)}
    return make_image(exif=exif.tobytes(), comment=b"secret comment")


def make_png_with_text() -> bytes:
    metadata = PngInfo()
    metadata.add_text("Author", "Secret Photographer")
    return make_image(format="PNG", pnginfo=metadata)


def make_animation(format: str = "WEBP") -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    output = io.BytesIO()
    frames[0].save(output, format, save_all=True, append_images=frames[1:], duration=100)
    return output.getvalue()


def make_decompression_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """Return a PNG of a few bytes whose header gives billions of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 9999)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML_WITH_SCRIPT = b"<html><script>alert(document.domain)</script></html>"
