"""Text as it was decoded -> plain characters: newlines, mojibake, invisible characters, tags, entities."""

from __future__ import annotations

import html
import re
import unicodedata

import ftfy
from ftfy.badness import is_bad

from articles.importing.draft import Warning

NEWLINES = re.compile("\r\n|\r|\x85|\u2028|\x0b")
PAGE_BREAKS = re.compile("[ \t]*[\f\u2029][ \t]*")
#: Zero-width and bidirectional characters, byte order marks, soft hyphens, controls but tab and newline.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
#: Joiners that some scripts and emoji need; taken out only between Latin letters.
JOINERS = re.compile("(?<=[\x00-\u024f])[\u200c\u200d](?=[\x00-\u024f])")
ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
#: Inline markup left in the text, closed or not. Only names that HTML has: "<Ctrl>" and "a < b" stay.
INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|em|font|i|img|mark|q|s|small|span|strong|sub|sup|tt|u|strike)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
BLOCK_TAG = re.compile(
    r"</?(?:p|div|h[1-6]|li|ul|ol|blockquote|section|article|tr|td|table)(?:\s[^<>]{0,500})?>", re.IGNORECASE
)
LINK = re.compile(r"""<a\s[^<>]{0,500}?href\s*=\s*["']?(https?://[^"'\s<>]+)[^<>]{0,500}>""", re.IGNORECASE)

#: Encodings only: everything else that ftfy can do would change words or quotation marks, which are evidence.
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


def straighten(text: str) -> tuple[str, list[Warning]]:
    """Newlines of every kind to "\\n", page breaks to a blank line, mojibake mended, invisible characters out."""
    warnings = []
    text = NEWLINES.sub("\n", text)
    if PAGE_BREAKS.search(text):
        text = PAGE_BREAKS.sub("\n\n", text)
        warnings.append(Warning("page-break", "A form feed or paragraph separator was taken for a blank line."))
    if not text.isascii():
        mended = "\n".join(_mend(line) for line in text.split("\n"))
        if mended != text:
            warnings.append(Warning("mojibake", "Characters decoded wrongly before they came here were put right."))
        text = NEWLINES.sub("\n", mended)
    plain = ODD_SPACES.sub(" ", JOINERS.sub("", INVISIBLE.sub("", text)))
    if plain != text:
        warnings.append(
            Warning("odd-characters", "Invisible, control or no-break characters were taken out or made plain.")
        )
    return unicodedata.normalize("NFC", plain.expandtabs(1)), warnings


def untag(text: str) -> str:
    """Markup out, then entities to characters. Markup that an entity spells out is text, and stays."""
    if "<" in text:
        text = INLINE_TAG.sub("", text)
        text = BLOCK_TAG.sub("\n\n", BREAK_TAG.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
        text = ODD_SPACES.sub(" ", INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", text)


def first_link(text: str) -> str | None:
    """The address of the first link in markup, before it is taken out."""
    match = LINK.search(text)
    return html.unescape(match[1]) if match else None


def _mend(line: str) -> str:
    return ftfy.fix_text(line, ENCODINGS_ONLY) if is_bad(line) else line
