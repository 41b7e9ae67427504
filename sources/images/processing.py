"""The bytes of an upload -> a clean picture, and that picture in other sizes. Pure: Pillow and nothing else.

Nothing of the upload's own bytes is kept: the pixels are read and written anew. What a camera or a program put
beside them (position, names, thumbnails, comments, a second file behind the end) so stays behind, and a file that
is a picture to one program and a page or an archive to another is only a picture afterwards.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from sources.images.renditions import RENDITION_FORMATS, rendition_widths

#: Bytes of an upload. A camera's largest JPEG has some 20 million.
MAX_UPLOAD_BYTES = 25_000_000
#: Pixels of an upload: three or four bytes each while it is worked on.
MAX_UPLOAD_PIXELS = 50_000_000
#: Pixels of the longest side of what is kept: more than any page shows, enough for a reprint.
MAX_SIDE_PIXELS = 4096
#: What is read, as Pillow calls it. Others (SVG can hold scripts) are refused whatever their name.
ACCEPTED_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
#: How the picture that is kept is written; the sizes for pages bear more loss.
ORIGINAL_JPEG_QUALITY = 92
SAVE_OPTIONS: dict[str, dict[str, object]] = {
    "jpg": {"format": "JPEG", "quality": 80, "progressive": True, "optimize": True},
    "webp": {"format": "WEBP", "quality": 78, "method": 4},
}


def gettext_noop(words: str) -> str:
    """Marks words for `makemessages`, which goes by this name; they are translated where they are shown."""
    return words


#: How other files begin, for a sentence that says what came instead of a picture.
_OTHER_FILE_SIGNATURES = (
    (b"GIF8", gettext_noop("a GIF")),
    (b"II*\0", gettext_noop("a TIFF")),
    (b"MM\0*", gettext_noop("a TIFF")),
    (b"%PDF", gettext_noop("a PDF document")),
    (b"PK\3\4", gettext_noop("an archive or office document")),
    (b"BM", gettext_noop("a BMP")),
    (b"8BPS", gettext_noop("a Photoshop file")),
)
#: Ways to write colours whose numbers can be averaged: not those of a palette, or of a scanner's 16 bits.
_SHRINKABLE_MODES = ("L", "RGB", "RGBA", "CMYK")
#: What Pillow's readers raise for files that are cut off or damaged.
_DAMAGED_FILE_ERRORS = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, RuntimeError),
    *(MemoryError, struct.error, zlib.error),
)
_EMPTY = gettext_noop("The file is empty. Give a JPEG, PNG, WebP or AVIF.")
_SVG = gettext_noop("This is an SVG drawing, which can hold scripts. Give a JPEG, PNG, WebP or AVIF.")
_HEIC = gettext_noop("This is a HEIC picture, which browsers do not show. Give a JPEG, PNG, WebP or AVIF.")
_OTHER = gettext_noop("This is %(what)s, whatever its name ends in. Give a JPEG, PNG, WebP or AVIF.")
_UNKNOWN = gettext_noop(
    "This is no picture that can be read, whatever its name ends in. Give a JPEG, PNG, WebP or AVIF."
)
_ANIMATED = gettext_noop("The picture moves. Save one frame of it as a still picture, and give that.")
_DAMAGED = gettext_noop("The picture is damaged or cut off and cannot be read to its end. Save or fetch it again.")
_TOO_MANY_BYTES = gettext_noop(
    "The file is larger than %(most)s MB, which is the most that can be kept. Save it smaller."
)
_TOO_MANY_PIXELS = gettext_noop(
    "The picture has %(count)s pixels; at most %(most)s million can be read. Save it smaller."
)
_FAR_TOO_MANY = gettext_noop(
    "The picture has far more than %(most)s million pixels, the most that can be read. Save it smaller."
)


class InvalidImageError(ValueError):
    """An upload that cannot be kept: a code for machines, and a sentence that says what to do.

    `sentence` and the words in `values` are marked for translation; str() is both in English.
    """

    def __init__(self, code: str, sentence: str, **values: str) -> None:
        super().__init__(sentence % values)
        self.code = code
        self.message = sentence
        self.values = values


@dataclass(frozen=True, slots=True)
class ProcessedImage:
    """A clean picture."""

    data: bytes
    suffix: str  # jpg or png
    width: int
    height: int
    digest: str  # SHA-256 of the upload, in hexadecimal


def process_image(data: bytes) -> ProcessedImage:
    """Check, turn upright, clean, and write anew. UnfitError says why an upload is refused."""
    if len(data) > MAX_UPLOAD_BYTES:
        raise InvalidImageError("too-many-bytes", _TOO_MANY_BYTES, most=str(MAX_UPLOAD_BYTES // 1_000_000))
    image = _read_pixels(data)
    suffix = "jpg" if image.mode == "RGB" and not _is_drawing(data) else "png"
    written = io.BytesIO()
    if suffix == "jpg":
        image.save(written, "JPEG", quality=ORIGINAL_JPEG_QUALITY, subsampling=0, optimize=True)
    else:
        image.save(written, "PNG")
    return ProcessedImage(
        data=written.getvalue(),
        suffix=suffix,
        width=image.width,
        height=image.height,
        digest=hashlib.sha256(data).hexdigest(),
    )


def make_renditions(data: bytes) -> dict[tuple[int, str], bytes]:
    """A developed picture at each width that pages ask for, in each format: (width in pixels, suffix) -> bytes.

    The same picture gives the same bytes. UnfitError where it can no longer be read.
    """
    made = {}
    image = shrunk = _read_pixels(data)
    for width in sorted(rendition_widths(image.width), reverse=True):
        if width < shrunk.width:  # from the next larger one, which has all that is needed
            height = max(1, round(image.height * width / image.width))
            shrunk = shrunk.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        for suffix in RENDITION_FORMATS:
            written = io.BytesIO()
            ready = shrunk if suffix == "webp" else _flatten_on_white(shrunk)
            ready.save(written, **SAVE_OPTIONS[suffix])  # type: ignore[arg-type]
            made[width, suffix] = written.getvalue()
    return made


def _read_pixels(data: bytes) -> Image.Image:
    """The pixels, upright, in sRGB, as RGB or RGBA, with nothing beside them."""
    try:
        with Image.open(io.BytesIO(data), formats=ACCEPTED_FORMATS) as opened:
            _check_before_reading(opened)
            if opened.mode in _SHRINKABLE_MODES:  # at once: each copy of a large picture takes its three bytes a pixel
                _shrink(opened)
            opened.load()
            upright = ImageOps.exif_transpose(opened)
    except InvalidImageError:
        raise
    except UnidentifiedImageError as error:
        raise _wrong_file_type_error(data) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:  # the latter where warnings raise
        raise InvalidImageError("too-many-pixels", _FAR_TOO_MANY, most=str(MAX_UPLOAD_PIXELS // 1_000_000)) from error
    except _DAMAGED_FILE_ERRORS as error:
        raise InvalidImageError("damaged", _DAMAGED) from error
    plain = _convert_to_srgb(upright)
    _shrink(plain)
    plain.info = {}  # comments and profiles would be written again from here
    plain.getexif().clear()
    return plain


def _shrink(image: Image.Image) -> None:
    image.thumbnail((MAX_SIDE_PIXELS, MAX_SIDE_PIXELS), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _check_before_reading(opened: Image.Image) -> None:
    """Before a pixel is read: how many there are, and whether they move."""
    width, height = opened.size
    if width * height > MAX_UPLOAD_PIXELS:
        most = str(MAX_UPLOAD_PIXELS // 1_000_000)
        raise InvalidImageError("too-many-pixels", _TOO_MANY_PIXELS, count=f"{width} × {height}", most=most)
    # A phone's JPEG may carry further pictures behind the first (MPO): they are no animation, and stay behind.
    if opened.format != "MPO" and getattr(opened, "n_frames", 1) > 1:
        raise InvalidImageError("animated", _ANIMATED)


def _convert_to_srgb(image: Image.Image) -> Image.Image:
    """As RGB, or RGBA where something shows through; colours by the picture's own profile, if that can be read."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith(("I", "F")):  # 16 bits a pixel, of a scanner: Pillow would cut them off at 255
        image = image.point(lambda value: value / 256).convert("L")
    seen_through = image.has_transparency_data
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            image = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode=mode) or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile: the numbers are taken for sRGB, as browsers do
    return image.convert("RGBA" if seen_through else "RGB")


def _flatten_on_white(image: Image.Image) -> Image.Image:
    """JPEG knows nothing that shows through."""
    if image.mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _is_drawing(data: bytes) -> bool:
    """A PNG is a drawing, a screenshot or a scan, and is kept without loss."""
    return data.startswith(b"\x89PNG")


def _wrong_file_type_error(data: bytes) -> InvalidImageError:
    """What came instead of a picture, by how it begins."""
    code = "not-a-picture"
    if not data:
        return InvalidImageError(code, _EMPTY)
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml")) or b"<svg" in start:
        return InvalidImageError(code, _SVG)
    for head, name in _OTHER_FILE_SIGNATURES:
        if data.startswith(head):
            return InvalidImageError(code, _OTHER, what=name)
    return InvalidImageError(code, _HEIC if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1") else _UNKNOWN)
