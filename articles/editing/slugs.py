"""Addresses: which two URLs are the same story, which publisher a host belongs to, and free slugs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db.models import Q
from django.utils.text import slugify

from articles.models import Article, PublisherHost

SLUG_LENGTH = 100  # of the 120 a slug may have: the rest is for the number that makes it unique

#: Query parameters that say where a reader came from, not what they read.
TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid")


def url_key(url: str) -> str:
    """SHA-256, in hex, of a URL without what does not change the page it names.

    Dropped: the scheme, "www.", a default port, the fragment, a trailing slash, tracking parameters.
    """
    parts = urlsplit(url.strip())
    path = parts.path.rstrip("/")
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].startswith(TRACKING)]
    normal = f"{host_of(url)}{path}" + (f"?{urlencode(sorted(kept))}" if kept else "")
    return hashlib.sha256(normal.encode()).hexdigest()


def host_of(url: str) -> str:
    """The host in lower case, without "www." and a default port; empty if there is none."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    return f"{host}:{port}" if port not in (None, 80, 443) else host


class Hosts:
    """The table of publishers' hosts, read once."""

    def __init__(self) -> None:
        self._publishers = {row.host: row for row in PublisherHost.objects.select_related("publisher")}

    def row(self, url: str) -> PublisherHost | None:
        """The row for a URL's host or the nearest domain above it: news.example.com, then example.com."""
        labels = host_of(url).split(".")
        for start in range(len(labels) - 1):
            if row := self._publishers.get(".".join(labels[start:])):
                return row
        return None


class Slugs:
    """Free slugs for new articles, two queries a batch."""

    def __init__(self, headlines: Iterable[str]) -> None:
        bases = {slug_base(headline) for headline in headlines}
        crowded = Article.objects.filter(slug__in=bases).values_list("slug", flat=True)
        self._taken = set(crowded)
        if self._taken:
            numbered = Q()
            for base in self._taken:
                numbered |= Q(slug__startswith=f"{base}-")
            self._taken |= set(Article.objects.filter(numbered).values_list("slug", flat=True))

    def take(self, headline: str) -> str:
        """A slug nobody has, from a headline; a number tells equal ones apart."""
        base = slug_base(headline)
        slug, number = base, 2
        while slug in self._taken:
            slug, number = f"{base}-{number}", number + 1
        self._taken.add(slug)
        return slug


def slug_base(headline: str) -> str:
    """The headline as an address, cut at a word."""
    slug = slugify(headline) or "story"
    if len(slug) > SLUG_LENGTH:
        slug = slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]
    return slug


def add_publishers(table: str) -> int:
    """Add a table of hosts and publishers, a tab between them, one a line; returns how many are new.

    A host that is already known stays as it is: editors may have changed it. "#" begins a comment.
    """
    known = set(PublisherHost.objects.values_list("host", flat=True))
    rows = {}
    for line in table.splitlines():
        host, _, name = line.partition("\t")
        host = host.strip().lower().removeprefix("www.")
        if host and name.strip() and not host.startswith("#") and host not in known:
            rows[host] = PublisherHost(host=host[:253], name=name.strip()[:200])
    PublisherHost.objects.bulk_create(rows.values())
    return len(rows)
