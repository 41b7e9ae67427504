"""Decode bytes to text. The bytes tell the encoding, never the file name."""

from __future__ import annotations

import codecs
import re

from articles.parsing.draft import DraftWarning, RejectedError

#: First bytes of other file types, and their names in messages.
FILE_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"RIFF", "a RIFF file (WebP, WAV or AVI)"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"SQLite format 3", "a database"),
)
ARCHIVE_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
)
#: Signatures that an article could begin with. They count only with a NUL among the first bytes.
TEXTLIKE_SIGNATURES = (b"MZ", b"ID3", b"BZh", b"RIFF", b"OggS", b"fLaC", b"Rar!", b"GIF8")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16's mark, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: UTF-16 without a mark is recognised by the NULs among this many first bytes.
SAMPLE_BYTES = 4096
#: In UTF-16, nearly every other byte of Latin text is NUL.
MIN_NUL_SHARE = 0.4
#: With a larger share of control characters, the file is not text.
MAX_CONTROL_SHARE = 0.05
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode_text(data: bytes) -> tuple[str, list[DraftWarning]]:
    """Return the text of a file, and warnings about its encoding.

    Tried in order: a byte order mark; UTF-16 recognised by its NULs; UTF-8; UTF-8 cut at the end; UTF-8 with bad
    bytes, if valid multi-byte characters outnumber them; Windows-1252. Raise RejectedError for another file type or
    for bytes that are not text.
    """
    _reject_other_file_types(data)
    text, warnings = _decode(data)
    if len(CONTROL_CHARACTERS.findall(text)) > MAX_CONTROL_SHARE * len(text) + 1:
        raise RejectedError(
            "not-text", "The file has too many control characters to be text. Save the story as plain text."
        )
    return text, warnings


def detect_wide_encoding(data: bytes) -> str | None:
    """Return Python's name of a UTF-16 or UTF-32 encoding; None for other bytes.

    It is recognised by its byte order mark or by its NULs.
    """
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name
    # Latin text has a NUL in every other byte, always the same one.
    sample = data[:SAMPLE_BYTES]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > MIN_NUL_SHARE * len(sample) and odd > 10 * even:
        return "utf-16-le"
    if even > MIN_NUL_SHARE * len(sample) and even > 10 * odd:
        return "utf-16-be"
    return None


def convert_to_utf8(data: bytes) -> bytes:
    """Return UTF-16 or UTF-32 text as UTF-8 without a mark.

    Other bytes are returned unchanged, except for a UTF-8 mark.
    """
    if name := detect_wide_encoding(data):
        return data.decode(name, errors="replace").removeprefix("\ufeff").encode("utf-8", errors="replace")
    return data.removeprefix(codecs.BOM_UTF8)


def _reject_other_file_types(data: bytes) -> None:
    for signatures, advice in (
        (FILE_SIGNATURES, "Only text can be imported. Save the story as plain text."),
        (ARCHIVE_SIGNATURES, "Unpack it, or import it by itself. An archive inside another file is not opened."),
    ):
        for signature, kind in signatures:
            if data.startswith(signature) and (signature not in TEXTLIKE_SIGNATURES or b"\x00" in data[:512]):
                raise RejectedError("format-not-supported", f"By its content, the file is {kind}. {advice}")


def _decode(data: bytes) -> tuple[str, list[DraftWarning]]:
    if name := detect_wide_encoding(data):
        return _decode_wide(data, name)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        if error.end == len(data) and error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8"), [_cut_warning()]
    return _decode_damaged(data)


def _decode_wide(data: bytes, name: str) -> tuple[str, list[DraftWarning]]:
    label = name[:6].upper()
    warnings = [DraftWarning("encoding-utf-16", f"The file is not UTF-8. It was read as {label}.")]
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        if error.end >= len(data):
            text = data[: error.start].decode(name, errors="replace")
            warnings.append(_cut_warning())
        else:
            text = data.decode(name, errors="replace")
            detail = (
                f"Some bytes are not valid {label} and were replaced by “\ufffd”. Compare the story with the original."
            )
            warnings.append(DraftWarning("encoding-bad-bytes", detail))
    return text.removeprefix("\ufeff"), warnings


def _decode_damaged(data: bytes) -> tuple[str, list[DraftWarning]]:
    text = data.decode("utf-8", errors="replace")
    bad_count = text.count("\ufffd")
    good_count = len(re.findall("[^\x00-\x7f\ufffd]", text))
    if good_count > bad_count:
        return text, [_bad_bytes_warning(bad_count, "UTF-8")]
    text = data.decode("cp1252", errors="replace")
    warnings = [DraftWarning("encoding-cp1252", "The file is not UTF-8. It was read as Windows-1252.")]
    if replaced_count := text.count("\ufffd"):
        warnings.append(_bad_bytes_warning(replaced_count, "Windows-1252"))
    return text, warnings


def _bad_bytes_warning(count: int, encoding: str) -> DraftWarning:
    subject = (
        f"One byte is not valid {encoding} and was"
        if count == 1
        else f"{count} bytes are not valid {encoding} and were"
    )
    detail = f"{subject} replaced by “\ufffd”. Compare the story with the original."
    return DraftWarning("encoding-bad-bytes", detail)


def _cut_warning() -> DraftWarning:
    return DraftWarning(
        "encoding-cut",
        "The file ends in the middle of a character and may be incomplete. Compare it with the original.",
    )
