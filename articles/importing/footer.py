"""The foot of a seed file: the original URL; and the related lines that stand among the paragraphs."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from articles.importing.cleaning import first_link, untag
from articles.importing.draft import DraftLink

LABEL = re.compile(r"(?:original|source|canonical)\s+(?:url|link|article)\s*:\s*(?P<rest>.*)", re.IGNORECASE)
URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
#: A wrapped URL's next line: no spaces, only what URLs are made of.
URL_REST = re.compile(r"[\w\-./~%?=&#+:;,@!$'()*]+")
RELATED = re.compile(
    r"(?:related(?:\s+(?:articles?|stor(?:y|ies)|links?|reading|news|coverage))?|read\s+(?:more|also|next|on)|"
    r"see\s+also|also\s+read|more\s+on\s+this(?:\s+story)?|more\s+(?:news|stories)|recommended(?:\s+reading)?)"
    r"\s*:\s*(?P<rest>.*)",
    re.IGNORECASE,
)
#: A related title goes on over lines that are shorter than this and do not end a sentence.
TITLE_LINE = 100
ENDED = re.compile(r"[.…][\"'”’)\]]*$")


def split_articles(lines: list[str]) -> list[tuple[list[str], str | None, bool]]:
    """Cut a file after each URL footer: (the article's lines, its URL, whether a label stood there).

    What follows the last footer comes as a piece without a URL, if it is more than blank.
    """
    pieces: list[tuple[list[str], str | None, bool]] = []
    current: list[str] = []
    at = 0
    while at < len(lines):
        match = LABEL.fullmatch(lines[at].strip())
        if match is None:
            current.append(lines[at])
            at += 1
            continue
        url, at = _url(lines, at, match["rest"].strip())
        pieces.append((current, url, True))
        current = []
    if any(line.strip() for line in current) or not pieces:
        pieces.append(_bare_footer(current))
    return pieces


def usable(url: str) -> bool:
    """Can this be kept as an address? http or https, a host with a dot or a port, no more than 2,000 characters."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and len(url) <= 2000
    except ValueError:
        return False


def take_related(lines: list[str]) -> tuple[list[str], list[DraftLink]]:
    """Take related lines, and the lines their titles go on over, out of an article's lines."""
    kept: list[str] = []
    links: list[DraftLink] = []
    at = 0
    while at < len(lines):
        match = RELATED.fullmatch(untag(lines[at]).strip())
        if match is None:
            kept.append(lines[at])
            at += 1
            continue
        raw, title = [lines[at]], match["rest"].strip()
        at += 1
        if not title:
            while at < len(lines) and not lines[at].strip():
                at += 1
        while at < len(lines) and _goes_on(title, untag(lines[at]).strip()):
            raw.append(lines[at])
            title = f"{title} {untag(lines[at]).strip()}".strip()
            at += 1
        bare = URL.search(title)
        url = first_link("\n".join(raw)) or (bare[0] if bare else None)
        title = URL.sub("", title).strip(" ()–—-") or (url or "")
        if title:
            links.append(DraftLink(re.sub(r"\s+", " ", title), url if url and usable(url) else None))
        # The related block stood between two paragraphs, or inside one: a blank line either way.
        kept.append("")
    return kept, links


def _goes_on(title: str, line: str) -> bool:
    return (
        bool(line)
        and len(line) < TITLE_LINE
        and not ENDED.search(line)
        and not ENDED.search(title)
        and not (LABEL.fullmatch(line) or RELATED.fullmatch(line))
    )


def _url(lines: list[str], at: int, rest: str) -> tuple[str | None, int]:
    """The URL of a label at line `at`: on its line, on the next, after a blank line, or wrapped."""
    following = at + 1
    if not rest:
        while following < len(lines) and not lines[following].strip():
            following += 1
        if following >= len(lines) or not _is_url(lines[following].strip()):
            return None, at + 1
        rest = lines[following].strip()
        following += 1
    rest = untag(rest).strip().strip("<>")
    if not _is_url(rest):
        return (rest or None), following
    while following < len(lines) and _wraps(rest, lines[following].strip()):
        rest += lines[following].strip()
        following += 1
    return (rest if "://" in rest else f"https://{rest}"), following


def _is_url(line: str) -> bool:
    return URL.fullmatch(untag(line).strip().strip("<>")) is not None


def _wraps(url: str, line: str) -> bool:
    """Is this line the rest of a URL that was wrapped? One without spaces, made as URLs are."""
    if not line or not URL_REST.fullmatch(line) or _is_url(line):
        return False
    return url.endswith(("-", "/", "_", "=", "&", "?", ".")) or "-" in line or "/" in line or len(url) >= 60


def _bare_footer(lines: list[str]) -> tuple[list[str], str | None, bool]:
    """A URL alone on the last line, without a label, is the footer too."""
    last = next((index for index in range(len(lines) - 1, -1, -1) if lines[index].strip()), None)
    if last and _is_url(lines[last].strip()):
        url = untag(lines[last]).strip().strip("<>")
        return lines[:last], url if "://" in url else f"https://{url}", True
    return lines, None, False
