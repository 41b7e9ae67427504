"""The foot of a seed file, its original URL; and the related lines that stand among the paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from articles.parsing.cleaning import collapse_whitespace, find_first_link_url, strip_inline_tags
from articles.parsing.draft import DraftLink

URL_LABEL = re.compile(r"(?:original|source|canonical)\s+(?:url|link)\s*(?::\s*(?P<rest>.*))?", re.IGNORECASE)
#: Labels that copy uses for other things too, and count only with a URL on their line or the next.
LOOSE_URL_LABEL = re.compile(
    r"(?:url|link|source|(?:original|source) article|article (?:url|link)|(?:originally|first) published at)"
    r"\s*:\s*(?P<rest>\S*)",
    re.IGNORECASE,
)
URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
#: A wrapped URL's next line: no spaces, only what URLs are made of.
URL_CONTINUATION = re.compile(r"[\w\-./~%?=&#+:;,@!$'()*]+")
#: A URL longer than this may have been wrapped anywhere, not only after a hyphen or a stroke.
MIN_WRAPPED_URL_CHARS = 60
MAX_URL_CHARS = 2000
RELATED_LABEL = re.compile(
    r"(?:[•▪*-]\s*)?(?:related(?:\s+(?:articles?|stor(?:y|ies)|links?|reading|news|coverage|content))?|"
    r"read\s+(?:more|also|next|on)|see\s+also|also\s+read|more\s+on\s+this(?:\s+story)?|more\s+(?:news|stories)|"
    r"recommended(?:\s+reading)?|further\s+reading|don[’']t\s+miss)\s*(?::|\s[|–—-]\s|$)\s*(?P<rest>.*)",
    re.IGNORECASE,
)
#: A related title goes on over lines that are shorter than this and do not end a sentence, and over so many.
MAX_TITLE_LINE_CHARS = 100
MAX_TITLE_LINES = 4
MAX_RELATED_CHARS = 1000  # code points, markup and all
#: More related titles than this under one label are text.
MAX_BLOCK_LINES = 25
SENTENCE_END = re.compile(r"[.…][\"'”’)\]]*$")
BULLET = re.compile(r"(?:[•▪●◦‣*–—-]|\d{1,2}[.)])\s+")
OPEN_TAG = re.compile(r"<(u|a|b|i|em|strong)\b[^<>]*>(?!.*</\1\b)", re.IGNORECASE | re.DOTALL)
#: In a title most words of more letters than this begin with a capital.
MAX_SMALL_WORD_CHARS = 3


@dataclass(frozen=True, slots=True)
class ArticleLines:
    """One article's lines and the footer under them."""

    lines: tuple[str, ...]
    url: str | None
    has_footer: bool  # did a label stand there: does the article end where it should?

    @property
    def is_blank(self) -> bool:
        return not any(line.strip() for line in self.lines)


def split_articles(lines: Sequence[str]) -> list[ArticleLines]:
    """Cut a file after each URL footer.

    What follows the last footer comes as a piece without a URL, if it is more than blank. Where the
    label stands above the headline instead, each URL belongs to what follows it.
    """
    pieces: list[ArticleLines] = []
    current: list[str] = []
    at = 0
    while at < len(lines):
        rest = _text_after_label(lines, at)
        if rest is None:
            current.append(lines[at])
            at += 1
            continue
        url, at = _read_url(lines, at, rest)
        pieces.append(ArticleLines(tuple(current), url, True))
        current = []
    if any(line.strip() for line in current) or not pieces:
        pieces.append(_split_bare_footer(current))
    if len(pieces) > 1 and pieces[0].is_blank and not pieces[-1].has_footer:
        above = [piece.url for piece in pieces]
        pieces = [ArticleLines(piece.lines, url, True) for piece, url in zip(pieces[1:], above, strict=False)]
    return pieces


def is_usable_url(url: str) -> bool:
    """Can this be kept as an address? http or https, a host, no white space, no more than 2,000 characters."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port_is_fine = parts.port != 0
    except ValueError:
        return False
    made_well = parts.scheme in ("http", "https") and bool(host) and not re.search(r"[\s<>\"\\\x00-\x20\x7f]", url)
    return made_well and port_is_fine and len(url) <= MAX_URL_CHARS and not host.startswith(".") and ".." not in host


def split_related_links(lines: Sequence[str]) -> tuple[list[str], list[DraftLink]]:
    """Take related lines, and the lines their titles go on over, out of an article's lines."""
    kept: list[str] = []
    links: list[DraftLink] = []
    at = 0
    while at < len(lines):
        match = RELATED_LABEL.fullmatch(collapse_whitespace(strip_inline_tags(lines[at])))
        if match is None:
            kept.append(lines[at])
            at += 1
            continue
        raw, at = _related_lines(lines, at, match["rest"])
        links += _build_links(raw, match.start("rest"))
        kept.append("")  # the line stood between two paragraphs, or inside one: a blank line either way
    return kept, links


def _related_lines(lines: Sequence[str], at: int, rest: str) -> tuple[list[str], int]:
    """The line at `at` and those that belong to it; and the line after them."""
    raw = [lines[at]]
    at += 1
    if not rest:
        following = at
        while following < len(lines) and not lines[following].strip():
            following += 1
        if following >= len(lines) or not _may_be_title(strip_inline_tags(lines[following]).strip()):
            return raw, at
        at = following
    block = _rest_of_block(lines, at)
    taken = 0
    while taken < (len(block) if block and BULLET.match(block[0]) else min(len(block), MAX_TITLE_LINES)):
        if not _continues_title(raw, block, taken):
            break
        raw.append(lines[at + taken])
        taken += 1
    return raw, at + taken


def _rest_of_block(lines: Sequence[str], at: int) -> list[str]:
    block: list[str] = []
    while at < len(lines) and lines[at].strip() and len(block) < MAX_BLOCK_LINES:
        block.append(collapse_whitespace(strip_inline_tags(lines[at])))
        at += 1
    return block


def _continues_title(raw: Sequence[str], block: Sequence[str], at: int) -> bool:
    """Does the title that began in `raw` go on in the block's line `at`?"""
    line = block[at]
    if URL_LABEL.fullmatch(line) or RELATED_LABEL.fullmatch(line) or not line:
        return False
    if BULLET.match(line) or _is_url(line):
        return True
    if at < MAX_TITLE_LINES and OPEN_TAG.search("\n".join(raw)[:MAX_RELATED_CHARS]):
        return len(line) < 2 * MAX_TITLE_LINE_CHARS  # the tag is not closed yet, so the title is not over
    before = collapse_whitespace(strip_inline_tags(raw[-1]))
    if not _may_be_title(line) or SENTENCE_END.search(before):
        return False
    # Text in the same block, not cut off by a blank line, ends a sentence sooner or later; a title does not.
    copy_follows = any(SENTENCE_END.search(later) or len(later) >= MAX_TITLE_LINE_CHARS for later in block[at:])
    return not copy_follows or (
        _is_title_case(line) and not (len(line) >= MAX_TITLE_LINE_CHARS // 2 and line[:1].isupper())
    )


def _may_be_title(line: str) -> bool:
    return 0 < len(line) < MAX_TITLE_LINE_CHARS and not SENTENCE_END.search(line) and URL_LABEL.fullmatch(line) is None


def _is_title_case(line: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > MAX_SMALL_WORD_CHARS]
    return bool(words) and 2 * sum(word[0].isupper() for word in words) > len(words)


def _build_links(raw: Sequence[str], label: int) -> list[DraftLink]:
    """The links of a related line and its continuation; `label` is the length of its label."""
    found: list[list[str]] = []
    for index, line in enumerate(raw):
        clean = collapse_whitespace(strip_inline_tags(line))
        text = clean[label:] if index == 0 else clean
        if not found or (index and BULLET.match(clean)):
            found.append([])
        found[-1] += [line, BULLET.sub("", text, count=1) if index else text]
    links = []
    for item in found:
        title = " ".join(item[1::2])
        bare = URL.search(title)
        url = find_first_link_url("\n".join(item[::2])) or (bare[0] if bare else None)
        title = collapse_whitespace(URL.sub("", title).strip(" ()–—-|")) or (url or "")
        if title:
            links.append(DraftLink(title, url if url and is_usable_url(url) else None))
    return links


def _text_after_label(lines: Sequence[str], at: int) -> str | None:
    """What stands after a URL's label on the line `at`; None if no label stands there."""
    line = collapse_whitespace(strip_inline_tags(lines[at]))
    match = URL_LABEL.fullmatch(line)
    if match and match["rest"] is not None:
        return match["rest"]
    if match is None and (match := LOOSE_URL_LABEL.fullmatch(line)) is None:
        return None
    rest = match["rest"] or ""
    following = None if rest else _next_text_line(lines, at)
    has_url = _is_url(rest) or (following is not None and _is_url(lines[following]))
    return rest if has_url else None


def _read_url(lines: Sequence[str], at: int, rest: str) -> tuple[str | None, int]:
    """The URL of a label at line `at`: on its line, on the next, after a blank line, or wrapped."""
    following = at + 1
    if not rest:
        found = _next_text_line(lines, at)
        if found is None or not _is_url(lines[found]):
            return None, at + 1
        rest, following = collapse_whitespace(strip_inline_tags(lines[found])), found + 1
    rest = rest.strip("<>")
    if not _is_url(rest):
        return rest, following
    while following < len(lines) and len(rest) <= MAX_URL_CHARS and _continues_url(rest, lines[following].strip()):
        rest += lines[following].strip()
        following += 1
    return _with_scheme(rest), following


def _next_text_line(lines: Sequence[str], at: int) -> int | None:
    """The next line after `at` that is not blank."""
    return next((index for index in range(at + 1, len(lines)) if lines[index].strip()), None)


def _is_url(line: str) -> bool:
    return URL.fullmatch(collapse_whitespace(strip_inline_tags(line)).strip("<>")) is not None


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _continues_url(url: str, line: str) -> bool:
    """Is this line the rest of a URL that was wrapped? One without spaces, made as URLs are."""
    if not line or not URL_CONTINUATION.fullmatch(line) or _is_url(line):
        return False
    return (
        url.endswith(("-", "/", "_", "=", "&", "?", "."))
        or "-" in line
        or "/" in line
        or len(url) >= MIN_WRAPPED_URL_CHARS
    )


def _split_bare_footer(lines: Sequence[str]) -> ArticleLines:
    """A URL alone on the last line, without a label, is the footer too."""
    last = next((index for index in range(len(lines) - 1, -1, -1) if lines[index].strip()), None)
    if last and _is_url(lines[last]):
        return ArticleLines(
            tuple(lines[:last]), _with_scheme(collapse_whitespace(strip_inline_tags(lines[last])).strip("<>")), True
        )
    return ArticleLines(tuple(lines), None, False)
