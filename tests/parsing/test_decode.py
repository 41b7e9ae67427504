"""Test the detection of encodings."""

from __future__ import annotations

import codecs

import pytest

from articles.parsing.decode import convert_to_utf8, decode_text
from articles.parsing.draft import RejectedError

TEXT = "The “old” bridge — built in 1903 — will close, Ann Frith said. “Nobody crosses.” Café owners agree.\n" * 3


def read(data: bytes) -> tuple[str, list[str]]:
    text, warnings = decode_text(data)
    return text, [warning.code for warning in warnings]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (TEXT.encode(), []),
        (codecs.BOM_UTF8 + TEXT.encode(), []),
        (TEXT.encode("utf-16"), ["encoding-utf-16"]),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), ["encoding-utf-16"]),
        (TEXT.encode("utf-16-le"), ["encoding-utf-16"]),
        (TEXT.encode("utf-16-be"), ["encoding-utf-16"]),
        (TEXT.encode("utf-32"), ["encoding-utf-16"]),
        (TEXT.encode("cp1252"), ["encoding-cp1252"]),
        (TEXT.encode("utf-16") + b"\x0a", ["encoding-utf-16", "encoding-cut"]),
        (TEXT.encode() + "—".encode()[:2], ["encoding-cut"]),
    ],
    ids=["UTF-8", "mark", "UTF-16", "big end", "no mark", "no mark, big end", "UTF-32", "cp1252", "cut UTF-16", "cut"],
)
def test_text_is_decoded_from_each_encoding(data: bytes, expected: list[str]) -> None:
    assert read(data) == (TEXT, expected)


def test_bad_byte_among_valid_utf_8_is_replaced() -> None:
    text, codes = read(TEXT.encode().replace(b"1903", b"19\x9303", 1))

    assert codes == ["encoding-bad-bytes"]
    assert text == TEXT.replace("1903", "19\ufffd03", 1)


def test_byte_outside_cp1252_gives_second_warning() -> None:
    text, codes = read("A café and a café.".encode("cp1252") + b" \x81\x8d")

    assert codes == ["encoding-cp1252", "encoding-bad-bytes"]
    assert text == "A café and a café. \ufffd\ufffd"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04\x14\x00", "Unpack"),
        (b"\x1f\x8b\x08\x00", "Unpack"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image"),
        (b"\x7fELF\x02\x01\x01\x00", "program"),
        (b"MZ\x90\x00\x03\x00", "program"),
        (b"{\\rtf1\\ansi", "RTF"),
    ],
)
def test_other_file_type_is_rejected_by_name(data: bytes, word: str) -> None:
    with pytest.raises(RejectedError, match=word) as refused:
        decode_text(data)
    assert refused.value.code == "format-not-supported"


@pytest.mark.parametrize("text", ["MZ is a band from Port Ellery.", "Rar! cried the mayor.", "RIFFS and Raffs"])
def test_text_that_begins_like_a_signature_is_read(text: str) -> None:
    assert read(text.encode()) == (text, [])


def test_control_characters_are_rejected() -> None:
    with pytest.raises(RejectedError) as refused:
        decode_text(bytes(range(1, 32)) * 20)
    assert refused.value.code == "not-text"


def test_convert_to_utf8_handles_each_encoding() -> None:
    assert convert_to_utf8('{"a": "é"}'.encode("utf-16")) == '{"a": "é"}'.encode()
    assert convert_to_utf8(codecs.BOM_UTF8 + b"{}") == b"{}"
    assert convert_to_utf8(b"\xff plain") == b"\xff plain"
