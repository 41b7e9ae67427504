"""Check and clean an uploaded image, and make its renditions.

It uses Pillow and does not import Django.

No bytes of the upload are kept: the image is decoded and encoded again. This removes metadata (position, names,
thumbnails, comments) and data after the end of the image. A file that is also a valid web page or archive is only an
image afterwards.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from sources.images.renditions import RENDITION_FORMATS, rendition_widths

#: The largest JPEG files of cameras have about 20 MB.
MAX_UPLOAD_BYTES = 25_000_000
#: A pixel needs three or four bytes of memory.
MAX_UPLOAD_PIXELS = 50_000_000
#: The longest side of the kept image: more than any page shows, enough for print.
MAX_SIDE_PIXELS = 4096
#: Pillow's names. SVG is refused, because it can contain scripts.
ACCEPTED_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
#: Of the kept image. Renditions have a lower quality.
ORIGINAL_JPEG_QUALITY = 92
SAVE_OPTIONS: dict[str, dict[str, object]] = {
    "jpg": {"format": "JPEG", "quality": 80, "progressive": True, "optimize": True},
    "webp": {"format": "WEBP", "quality": 78, "method": 4},
}


def gettext_noop(text: str) -> str:
    """Mark a text for `makemessages`, which looks for this name."""
    return text


#: First bytes of other file types, for a helpful error.
_OTHER_FILE_SIGNATURES = (
    (b"GIF8", gettext_noop("a GIF")),
    (b"II*\0", gettext_noop("a TIFF")),
    (b"MM\0*", gettext_noop("a TIFF")),
    (b"%PDF", gettext_noop("a PDF document")),
    (b"PK\3\4", gettext_noop("an archive or office document")),
    (b"BM", gettext_noop("a BMP")),
    (b"8BPS", gettext_noop("a Photoshop file")),
)
#: Pillow's modes with pixel values that can be averaged: not palettes, and not the 16 bits of scanners.
_SHRINKABLE_MODES = ("L", "RGB", "RGBA", "CMYK")
#: What Pillow raises for truncated or damaged files.
_DAMAGED_FILE_ERRORS = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, RuntimeError),
    *(MemoryError, struct.error, zlib.error),
)
_EMPTY = gettext_noop("The file is empty. Choose a JPEG, PNG, WebP or AVIF file.")
_SVG = gettext_noop("SVG files can contain scripts and are not accepted. Choose a JPEG, PNG, WebP or AVIF file.")
_HEIC = gettext_noop("Browsers do not show HEIC images. Choose a JPEG, PNG, WebP or AVIF file.")
_OTHER = gettext_noop("The file is %(file_type)s. Choose a JPEG, PNG, WebP or AVIF file.")
_UNKNOWN = gettext_noop("The file is not an image. Choose a JPEG, PNG, WebP or AVIF file.")
_ANIMATED = gettext_noop("The image is animated. Save one frame as an image, and choose that file.")
_DAMAGED = gettext_noop("The image is damaged or incomplete. Save it again, or download it again.")
_TOO_MANY_BYTES = gettext_noop("The file is larger than %(most)s MB, which is the limit. Save a smaller version.")
_TOO_MANY_PIXELS = gettext_noop(
    "The image has %(size)s pixels. The limit is %(most)s million. Save a smaller version."
)
_FAR_TOO_MANY = gettext_noop(
    "The image has far more than %(most)s million pixels, which is the limit. Save a smaller version."
)


class InvalidImageError(ValueError):
    """A refused upload: a code for machines, and a message that says what to do.

    `message` and `values` are marked for translation. str() gives the message in English.
    """

    def __init__(self, code: str, message: str, **values: str) -> None:
        super().__init__(message % values)
        self.code = code
        self.message = message
        self.values = values


@dataclass(frozen=True, slots=True)
class ProcessedImage:
    data: bytes
    suffix: str  # jpg or png
    width: int
    height: int
    digest: str  # SHA-256 of the upload, in hexadecimal


def process_image(data: bytes) -> ProcessedImage:
    """Check, rotate, clean and encode an upload.

    Raise InvalidImageError if it is refused.
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise InvalidImageError("too-many-bytes", _TOO_MANY_BYTES, most=str(MAX_UPLOAD_BYTES // 1_000_000))
    image = _read_pixels(data)
    suffix = "jpg" if image.mode == "RGB" and not _is_drawing(data) else "png"
    output = io.BytesIO()
    if suffix == "jpg":
        image.save(output, "JPEG", quality=ORIGINAL_JPEG_QUALITY, subsampling=0, optimize=True)
    else:
        image.save(output, "PNG")
    return ProcessedImage(
        data=output.getvalue(),
        suffix=suffix,
        width=image.width,
        height=image.height,
        digest=hashlib.sha256(data).hexdigest(),
    )


def make_renditions(data: bytes) -> dict[tuple[int, str], bytes]:
    """Return the renditions of a processed image: (width in pixels, suffix) -> bytes.

    The same image always gives the same bytes. Raise InvalidImageError if it cannot be read.
    """
    renditions = {}
    image = resized = _read_pixels(data)
    for width in sorted(rendition_widths(image.width), reverse=True):
        if width < resized.width:  # from the next larger rendition, because that is faster
            height = max(1, round(image.height * width / image.width))
            resized = resized.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        for suffix in RENDITION_FORMATS:
            output = io.BytesIO()
            rendition = resized if suffix == "webp" else _flatten_on_white(resized)
            rendition.save(output, **SAVE_OPTIONS[suffix])  # type: ignore[arg-type]
            renditions[width, suffix] = output.getvalue()
    return renditions


def _read_pixels(data: bytes) -> Image.Image:
    """Return the image upright, in sRGB, as RGB or RGBA, without metadata."""
    try:
        with Image.open(io.BytesIO(data), formats=ACCEPTED_FORMATS) as opened:
            _check_before_reading(opened)
            if opened.mode in _SHRINKABLE_MODES:  # early, because each copy of a large image needs three bytes a pixel
                _shrink(opened)
            opened.load()
            upright = ImageOps.exif_transpose(opened)
    except InvalidImageError:
        raise
    except UnidentifiedImageError as error:
        raise _wrong_file_type_error(data) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:  # raised if warnings are errors
        raise InvalidImageError("too-many-pixels", _FAR_TOO_MANY, most=str(MAX_UPLOAD_PIXELS // 1_000_000)) from error
    except _DAMAGED_FILE_ERRORS as error:
        raise InvalidImageError("damaged", _DAMAGED) from error
    clean = _convert_to_srgb(upright)
    _shrink(clean)
    clean.info = {}  # Pillow would write comments and profiles again from here
    clean.getexif().clear()
    return clean


def _shrink(image: Image.Image) -> None:
    image.thumbnail((MAX_SIDE_PIXELS, MAX_SIDE_PIXELS), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _check_before_reading(opened: Image.Image) -> None:
    """Check the number of pixels and of frames before any pixel is decoded."""
    width, height = opened.size
    if width * height > MAX_UPLOAD_PIXELS:
        most = str(MAX_UPLOAD_PIXELS // 1_000_000)
        raise InvalidImageError("too-many-pixels", _TOO_MANY_PIXELS, size=f"{width} × {height}", most=most)
    # A JPEG of a phone may contain more images after the first (MPO). That is not an animation; they are removed.
    if opened.format != "MPO" and getattr(opened, "n_frames", 1) > 1:
        raise InvalidImageError("animated", _ANIMATED)


def _convert_to_srgb(image: Image.Image) -> Image.Image:
    """Return the image as RGB, or RGBA if it is transparent.

    A valid colour profile is applied.
    """
    profile = image.info.get("icc_profile")
    if image.mode.startswith(("I", "F")):  # 16 bits a pixel, from scanners: Pillow would clip them at 255
        image = image.point(lambda value: value / 256).convert("L")
    is_transparent = image.has_transparency_data
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode) or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # an invalid profile: treat the values as sRGB, as browsers do
    return image.convert("RGBA" if is_transparent else "RGB")


def _flatten_on_white(image: Image.Image) -> Image.Image:
    """Return the image on white. JPEG has no transparency."""
    if image.mode == "RGB":
        return image
    background = Image.new("RGB", image.size, "white")
    background.paste(image, mask=image.getchannel("A"))
    return background


def _is_drawing(data: bytes) -> bool:
    """Return whether to keep the image without loss.

    A PNG is a drawing, a screenshot or a scan.
    """
    return data.startswith(b"\x89PNG")


def _wrong_file_type_error(data: bytes) -> InvalidImageError:
    """Return an error that names the type of the file, by its first bytes."""
    code = "not-a-picture"
    if not data:
        return InvalidImageError(code, _EMPTY)
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml")) or b"<svg" in start:
        return InvalidImageError(code, _SVG)
    for head, name in _OTHER_FILE_SIGNATURES:
        if data.startswith(head):
            return InvalidImageError(code, _OTHER, file_type=name)
    return InvalidImageError(code, _HEIC if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1") else _UNKNOWN)
