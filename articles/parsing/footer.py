"""Parse the footer of a seed file (its original URL), and related links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from articles.parsing.cleaning import collapse_whitespace, find_first_link_url, strip_inline_tags
from articles.parsing.draft import DraftLink

URL_LABEL = re.compile(r"(?:original|source|canonical)\s+(?:url|link)\s*(?::\s*(?P<rest>.*))?", re.IGNORECASE)
#: Labels that articles use for other things too. They count only with a URL on the same or the next line.
LOOSE_URL_LABEL = re.compile(
    r"(?:url|link|source|(?:original|source) article|article (?:url|link)|(?:originally|first) published at)"
    r"\s*:\s*(?P<rest>\S*)",
    re.IGNORECASE,
)
URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
#: The next line of a wrapped URL: no spaces, only characters of URLs.
URL_CONTINUATION = re.compile(r"[\w\-./~%?=&#+:;,@!$'()*]+")
#: A longer URL may be wrapped anywhere, not only after a hyphen or a slash.
MIN_WRAPPED_URL_CHARS = 60
MAX_URL_CHARS = 2000
RELATED_LABEL = re.compile(
    r"(?:[•▪*-]\s*)?(?:related(?:\s+(?:articles?|stor(?:y|ies)|links?|reading|news|coverage|content))?|"
    r"read\s+(?:more|also|next|on)|see\s+also|also\s+read|more\s+on\s+this(?:\s+story)?|more\s+(?:news|stories)|"
    r"recommended(?:\s+reading)?|further\s+reading|don[’']t\s+miss)\s*(?::|\s[|–—-]\s|$)\s*(?P<rest>.*)",
    re.IGNORECASE,
)
#: A related title may continue on lines that are shorter than this and do not end a sentence.
MAX_TITLE_LINE_CHARS = 100
MAX_TITLE_LINES = 4
MAX_RELATED_CHARS = 1000  # including markup
#: A longer block under a label is read up to this line.
MAX_BLOCK_LINES = 25
SENTENCE_END = re.compile(r"[.…][\"'”’)\]]*$")
BULLET = re.compile(r"(?:[•▪●◦‣*–—-]|\d{1,2}[.)])\s+")
OPEN_TAG = re.compile(r"<(u|a|b|i|em|strong)\b[^<>]*>(?!.*</\1\b)", re.IGNORECASE | re.DOTALL)
#: In title case, most words with more letters than this begin with a capital.
MAX_SMALL_WORD_CHARS = 3


@dataclass(frozen=True, slots=True)
class ArticleLines:
    """The lines of one article and the URL from its footer."""

    lines: tuple[str, ...]
    url: str | None
    has_footer: bool  # whether the article ends with a footer

    @property
    def is_blank(self) -> bool:
        return not any(line.strip() for line in self.lines)


def split_articles(lines: Sequence[str]) -> list[ArticleLines]:
    """Split the lines of a file after each URL footer.

    Text after the last footer becomes a part without a URL, unless it is blank. If the label is above the headline
    instead, each URL belongs to the lines after it.
    """
    parts: list[ArticleLines] = []
    current: list[str] = []
    at = 0
    while at < len(lines):
        rest = _text_after_label(lines, at)
        if rest is None:
            current.append(lines[at])
            at += 1
            continue
        url, at = _read_url(lines, at, rest)
        parts.append(ArticleLines(tuple(current), url, True))
        current = []
    if any(line.strip() for line in current) or not parts:
        parts.append(_split_bare_footer(current))
    if len(parts) > 1 and parts[0].is_blank and not parts[-1].has_footer:
        urls = [part.url for part in parts]
        parts = [ArticleLines(part.lines, url, True) for part, url in zip(parts[1:], urls, strict=False)]
    return parts


def is_usable_url(url: str) -> bool:
    """Return whether a URL can be stored.

    It must be http or https, with a host, without white space, and at most 2,000 characters long.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_valid_port = parts.port != 0
    except ValueError:
        return False
    is_valid = parts.scheme in ("http", "https") and bool(host) and not re.search(r"[\s<>\"\\\x00-\x20\x7f]", url)
    return is_valid and is_valid_port and len(url) <= MAX_URL_CHARS and not host.startswith(".") and ".." not in host


def split_related_links(lines: Sequence[str]) -> tuple[list[str], list[DraftLink]]:
    """Return an article's lines without related links, and the links.

    A link's title may continue on the following lines.
    """
    text_lines: list[str] = []
    links: list[DraftLink] = []
    at = 0
    while at < len(lines):
        match = RELATED_LABEL.fullmatch(collapse_whitespace(strip_inline_tags(lines[at])))
        if match is None:
            text_lines.append(lines[at])
            at += 1
            continue
        link_lines, at = _related_lines(lines, at, match["rest"])
        links += _build_links(link_lines, match.start("rest"))
        text_lines.append("")  # a blank line, whether the link was between two paragraphs or inside one
    return text_lines, links


def _related_lines(lines: Sequence[str], at: int, rest: str) -> tuple[list[str], int]:
    """Return the lines of the related link at index `at`, and the index after them."""
    link_lines = [lines[at]]
    at += 1
    if not rest:
        next_line = at
        while next_line < len(lines) and not lines[next_line].strip():
            next_line += 1
        if next_line >= len(lines) or not _may_be_title(strip_inline_tags(lines[next_line]).strip()):
            return link_lines, at
        at = next_line
    block = _rest_of_block(lines, at)
    taken_count = 0
    while taken_count < (len(block) if block and BULLET.match(block[0]) else min(len(block), MAX_TITLE_LINES)):
        if not _continues_title(link_lines, block, taken_count):
            break
        link_lines.append(lines[at + taken_count])
        taken_count += 1
    return link_lines, at + taken_count


def _rest_of_block(lines: Sequence[str], at: int) -> list[str]:
    block: list[str] = []
    while at < len(lines) and lines[at].strip() and len(block) < MAX_BLOCK_LINES:
        block.append(collapse_whitespace(strip_inline_tags(lines[at])))
        at += 1
    return block


def _continues_title(link_lines: Sequence[str], block: Sequence[str], at: int) -> bool:
    """Return whether the title that began in `link_lines` continues in `block[at]`."""
    line = block[at]
    if URL_LABEL.fullmatch(line) or RELATED_LABEL.fullmatch(line) or not line:
        return False
    if BULLET.match(line) or _is_url(line):
        return True
    if at < MAX_TITLE_LINES and OPEN_TAG.search("\n".join(link_lines)[:MAX_RELATED_CHARS]):
        return len(line) < 2 * MAX_TITLE_LINE_CHARS  # the tag is still open, so the title continues
    last_line = collapse_whitespace(strip_inline_tags(link_lines[-1]))
    if not _may_be_title(line) or SENTENCE_END.search(last_line):
        return False
    # Article text in the same block ends a sentence at some point; a title does not.
    text_follows = any(
        SENTENCE_END.search(other_line) or len(other_line) >= MAX_TITLE_LINE_CHARS for other_line in block[at:]
    )
    return not text_follows or (
        _is_title_case(line) and not (len(line) >= MAX_TITLE_LINE_CHARS // 2 and line[:1].isupper())
    )


def _may_be_title(line: str) -> bool:
    return 0 < len(line) < MAX_TITLE_LINE_CHARS and not SENTENCE_END.search(line) and URL_LABEL.fullmatch(line) is None


def _is_title_case(line: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > MAX_SMALL_WORD_CHARS]
    return bool(words) and 2 * sum(word[0].isupper() for word in words) > len(words)


def _build_links(link_lines: Sequence[str], label_length: int) -> list[DraftLink]:
    """Return the related links in the lines of one label."""
    items: list[list[str]] = []
    for index, line in enumerate(link_lines):
        clean_line = collapse_whitespace(strip_inline_tags(line))
        text = clean_line[label_length:] if index == 0 else clean_line
        if not items or (index and BULLET.match(clean_line)):
            items.append([])
        items[-1] += [line, BULLET.sub("", text, count=1) if index else text]
    links = []
    for item in items:
        title = " ".join(item[1::2])
        bare = URL.search(title)
        url = find_first_link_url("\n".join(item[::2])) or (bare[0] if bare else None)
        title = collapse_whitespace(URL.sub("", title).strip(" ()–—-|")) or (url or "")
        if title:
            links.append(DraftLink(title, url if url and is_usable_url(url) else None))
    return links


def _text_after_label(lines: Sequence[str], at: int) -> str | None:
    """Return the text after a URL label in line `at`; None if there is no label."""
    line = collapse_whitespace(strip_inline_tags(lines[at]))
    match = URL_LABEL.fullmatch(line)
    if match and match["rest"] is not None:
        return match["rest"]
    if match is None and (match := LOOSE_URL_LABEL.fullmatch(line)) is None:
        return None
    rest = match["rest"] or ""
    next_line = None if rest else _next_text_line(lines, at)
    has_url = _is_url(rest) or (next_line is not None and _is_url(lines[next_line]))
    return rest if has_url else None


def _read_url(lines: Sequence[str], at: int, rest: str) -> tuple[str | None, int]:
    """Return the URL of the label in line `at`, and the index of the line after it.

    The URL may be on the same line, on the next, after a blank line, or wrapped.
    """
    next_line = at + 1
    if not rest:
        url_line = _next_text_line(lines, at)
        if url_line is None or not _is_url(lines[url_line]):
            return None, at + 1
        rest, next_line = collapse_whitespace(strip_inline_tags(lines[url_line])), url_line + 1
    rest = rest.strip("<>")
    if not _is_url(rest):
        return rest, next_line
    while next_line < len(lines) and len(rest) <= MAX_URL_CHARS and _continues_url(rest, lines[next_line].strip()):
        rest += lines[next_line].strip()
        next_line += 1
    return _with_scheme(rest), next_line


def _next_text_line(lines: Sequence[str], at: int) -> int | None:
    """Return the index of the next line after `at` that is not blank, or None."""
    return next((index for index in range(at + 1, len(lines)) if lines[index].strip()), None)


def _is_url(line: str) -> bool:
    return URL.fullmatch(collapse_whitespace(strip_inline_tags(line)).strip("<>")) is not None


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _continues_url(url: str, line: str) -> bool:
    """Return whether a line continues a wrapped URL."""
    if not line or not URL_CONTINUATION.fullmatch(line) or _is_url(line):
        return False
    return (
        url.endswith(("-", "/", "_", "=", "&", "?", "."))
        or "-" in line
        or "/" in line
        or len(url) >= MIN_WRAPPED_URL_CHARS
    )


def _split_bare_footer(lines: Sequence[str]) -> ArticleLines:
    """Return the lines with a footer if the last line is a URL without a label."""
    last = next((index for index in range(len(lines) - 1, -1, -1) if lines[index].strip()), None)
    if last and _is_url(lines[last]):
        return ArticleLines(
            tuple(lines[:last]), _with_scheme(collapse_whitespace(strip_inline_tags(lines[last])).strip("<>")), True
        )
    return ArticleLines(tuple(lines), None, False)
