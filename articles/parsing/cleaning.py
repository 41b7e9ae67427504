"""Normalise decoded text: newlines, mojibake, odd characters, tags, entities."""

from __future__ import annotations

import html
import re
import unicodedata

import ftfy
from ftfy.badness import is_bad

from articles.parsing.draft import DraftWarning

CARRIAGE_RETURNS = re.compile("\r\n?")
#: Other newlines: vertical tab, NEL, and the line separator.
NEWLINES = re.compile("[\x0b\x85\u2028]")
PAGE_BREAKS = re.compile("[\f\u2029]")
BLANK_LINES = re.compile("\n{3,}")
#: C1 controls except NEL: Windows-1252 text that was decoded as Latin-1.
C1_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
#: A soft hyphen at the end of a line: the word continues on the next line.
SOFT_HYPHEN_AT_LINE_END = re.compile("\u00ad[ \t]*\n[ \t]*(?=\\w)")
#: Zero-width and bidirectional characters, byte order marks, soft hyphens, tag characters, and control characters
#: except tab and newline.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
#: Joiners are needed by some scripts and emoji. They are removed only next to Latin letters.
JOINERS = re.compile("(?<=[\x00-\u024f])[\u200c\u200d]|[\u200c\u200d](?=[\x00-\u024f])")
ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
ODD_HYPHENS = re.compile("[\u2010\u2011]")
#: Inline markup, closed or not. Only HTML's own tag names: "<Ctrl>" and "a < b" stay.
INLINE_TAG = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|center|cite|code|del|dfn|em|font|i|img|ins|kbd|label|mark|o:p|q|s|samp|small|"
    r"span|strike|strong|sub|sup|time|tt|u|var|wbr)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
#: Markup for a quotation. Browsers add the quotation marks, so they are added here.
QUOTE_TAG = re.compile(r"<(/?)q(?:\s[^<>]{0,500})?>", re.IGNORECASE)
BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
BLOCK_TAG = re.compile(
    r"</?(?:article|aside|blockquote|body|caption|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|html|li|main|"
    r"nav|ol|p|pre|section|table|tbody|td|th|thead|tr|ul)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
HTML_COMMENT = re.compile(r"<!--[^<>]{0,2000}-->")
#: A tag with a line break inside.
TAG_ACROSS_LINES = re.compile(r"<(/?[a-zA-Z][^<>\n]{0,200})\n([^<>\n]{0,200})>")
LINK_TAG = re.compile(r"""<a\s[^<>]{0,500}?href\s*=\s*["']?(https?://[^"'\s<>]+)[^<>]{0,500}>""", re.IGNORECASE)

#: Let ftfy fix encodings only. Its other fixes would change words or quotation marks, which are evidence.
ENCODINGS_ONLY = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=True,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)
#: ftfy gets at most this many code points of a line at once; a longer line is fixed in parts.
MAX_FTFY_CHARS = 20_000


def clean_text(text: str) -> tuple[str, list[DraftWarning]]:
    """Return the text with plain characters, and warnings about what was repaired.

    All newlines become "\\n" and page breaks a blank line. Mojibake is repaired and invisible characters are
    removed. Block markup becomes line breaks. Inline markup stays for `strip_inline_tags`, because links are read
    first.
    """
    warnings = []
    text = CARRIAGE_RETURNS.sub("\n", text)
    if not text.isascii():
        if not C1_CONTROLS.search(text):
            text = text.replace("\x85", "\n")  # next to other C1 controls it is an ellipsis, which ftfy fixes
        repaired = "\n".join(_fix_encoding(line) for line in text.split("\n"))
        if repaired != text:
            text = repaired
            warnings.append(
                DraftWarning("mojibake", "Some characters had been decoded wrongly earlier. They were repaired.")
            )
    text = NEWLINES.sub("\n", text)
    if PAGE_BREAKS.search(text):
        text = PAGE_BREAKS.sub("\n\n", text)
        warnings.append(DraftWarning("page-break", "A form feed or paragraph separator was read as a blank line."))
    plain = replace_odd_characters(text)
    if plain != text:
        detail = "Invisible, control or no-break characters were removed or replaced."
        warnings.append(DraftWarning("odd-characters", detail))
    if "<" in plain:
        plain = TAG_ACROSS_LINES.sub(r"<\1 \2>", plain)
        plain = BLOCK_TAG.sub("\n\n", BREAK_TAG.sub("\n", plain))
    return BLANK_LINES.sub("\n\n", unicodedata.normalize("NFC", plain).expandtabs(1)), warnings


def replace_odd_characters(text: str) -> str:
    """Remove invisible characters; replace unusual spaces and hyphens by plain ones."""
    text = INVISIBLE.sub("", JOINERS.sub("", SOFT_HYPHEN_AT_LINE_END.sub("", text)))
    return ODD_HYPHENS.sub("-", ODD_SPACES.sub(" ", text))


def strip_inline_tags(text: str) -> str:
    """Remove inline markup, then decode entities. The result is NFC.

    Markup written as entities is text and stays.
    """
    if "<" not in text and "&" not in text:
        return text
    text = QUOTE_TAG.sub(lambda tag: "”" if tag[1] else "“", HTML_COMMENT.sub("", text))
    text = INLINE_TAG.sub("", text)
    if "&" in text:
        text = replace_odd_characters(re.sub("[\r\f\v\u2028\u2029]", "\n", html.unescape(text))).expandtabs(1)
    return unicodedata.normalize("NFC", text)


def find_first_link_url(text: str) -> str | None:
    """Return the URL of the first link in markup, or None."""
    match = LINK_TAG.search(text)
    return html.unescape(match[1]) if match else None


def collapse_whitespace(text: str) -> str:
    """Replace every run of white space by one space; strip both ends."""
    return " ".join(text.split())


def _fix_encoding(line: str) -> str:
    if line.isascii() or not is_bad(line):
        return line
    if len(line) > MAX_FTFY_CHARS:
        return "".join(
            _fix_encoding(line[start : start + MAX_FTFY_CHARS]) for start in range(0, len(line), MAX_FTFY_CHARS)
        )
    return ftfy.fix_text(line, ENCODINGS_ONLY)
