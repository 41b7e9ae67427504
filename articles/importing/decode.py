"""Bytes -> text: which encoding, by the bytes themselves and never by a name."""

from __future__ import annotations

import codecs
import re

from articles.importing.draft import Rejected, Warning

#: What files of other kinds begin with, and what to call them.
SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a RIFF file (WebP, WAV or AVI)"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3", "a database"),
)
UTF16_SAMPLE = 4096  # bytes looked at for the NULs of UTF-16
#: In UTF-16 of Latin text nearly every other byte is NUL.
UTF16_SHARE = 0.4
#: More control characters than this share, and it is no text.
BINARY_SHARE = 0.05
CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes) -> tuple[str, list[Warning]]:
    """The text of a file and what was odd about its encoding.

    Tried in order: a byte order mark; UTF-16 by its NULs; UTF-8; UTF-8 cut at the end; UTF-8 with
    single bad bytes where good multi-byte characters outnumber them; Windows-1252. Raises Rejected
    for bytes that are another kind of file or no text.
    """
    for signature, kind in SIGNATURES:
        if data.startswith(signature) and (signature != b"MZ" or b"\x00" in data[:64]):
            raise Rejected(
                "format-not-supported",
                f"The file is {kind}, whatever its name says. Only text can be imported: save the story as text.",
            )
    text, warnings = _decode(data)
    if len(CONTROLS.findall(text)) > BINARY_SHARE * len(text) + 1:
        raise Rejected("not-text", "The file is full of control characters: it is no text. Save the story as text.")
    return text, warnings


def _decode(data: bytes) -> tuple[str, list[Warning]]:
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf16(data, "utf-16")
    elif name := _utf16_by_nuls(data):
        return _utf16(data, name)
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        if error.end == len(data) and error.reason == "unexpected end of data":
            text = data[: error.start].decode("utf-8")
            detail = "The file ends in the middle of a character; it may have been cut. Compare it with the original."
            return text, [Warning("encoding-cut", detail)]
    return _damaged(data)


def _damaged(data: bytes) -> tuple[str, list[Warning]]:
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(1 for char in text if char > "\x7f" and char != "\ufffd")
    if good > bad:
        detail = f"{bad} bytes are no UTF-8 and stand as “\ufffd”; the rest of the file is."
        return text, [Warning("encoding-bad-bytes", detail)]
    text = data.decode("cp1252", errors="replace")
    return text, [Warning("encoding-cp1252", "The file is not UTF-8; it was read as Windows-1252.")]


def _utf16(data: bytes, name: str) -> tuple[str, list[Warning]]:
    text = data.decode(name, errors="replace")
    return text.removeprefix("\ufeff"), [Warning("encoding-utf-16", "The file is UTF-16; it was read as that.")]


def _utf16_by_nuls(data: bytes) -> str | None:
    """UTF-16 without a mark: Latin text in it has a NUL in every other byte, always the same one."""
    sample = data[:UTF16_SAMPLE]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > UTF16_SHARE * len(sample) and odd > 10 * even:
        return "utf-16-le"
    if even > UTF16_SHARE * len(sample) and even > 10 * odd:
        return "utf-16-be"
    return None
