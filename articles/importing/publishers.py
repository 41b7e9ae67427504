"""To be described."""

from __future__ import annotations

from articles.models import PublisherHost
from articles.text.urls import url_host


class PublisherLookup:
    """The table of publishers' hosts, read once."""

    def __init__(self) -> None:
        self._rows_by_host = {row.host: row for row in PublisherHost.objects.select_related("publisher")}

    def find_host(self, url: str) -> PublisherHost | None:
        """The row for a URL's host or the nearest domain above it: news.example.com, then example.com."""
        labels = url_host(url).split(".")
        for start in range(len(labels) - 1):
            if row := self._rows_by_host.get(".".join(labels[start:])):
                return row
        return None


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
