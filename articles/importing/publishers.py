"""Publishers by web host."""

from __future__ import annotations

from articles.models import PublisherHost
from articles.text.url_keys import url_host


class PublisherLookup:
    """The table of publishers' hosts, read once."""

    def __init__(self) -> None:
        self._rows_by_host = {row.host: row for row in PublisherHost.objects.select_related("publisher")}

    def find_host(self, url: str) -> PublisherHost | None:
        """Return the row of a URL's host, or of the nearest domain above it.

        First news.example.com, then example.com.
        """
        labels = url_host(url).split(".")
        for start in range(len(labels) - 1):
            if row := self._rows_by_host.get(".".join(labels[start:])):
                return row
        return None


def add_publishers(table: str) -> int:
    """Add the publishers of a table; return how many hosts are new.

    Each line has a host, a tab and a name. "#" begins a comment. An existing host stays as it is, because editors may
    have changed it.
    """
    existing = set(PublisherHost.objects.values_list("host", flat=True))
    rows = {}
    for line in table.splitlines():
        host, _, name = line.partition("\t")
        host = host.strip().lower().removeprefix("www.")
        if host and name.strip() and not host.startswith("#") and host not in existing:
            rows[host] = PublisherHost(host=host[:253], name=name.strip()[:200])
    PublisherHost.objects.bulk_create(rows.values())
    return len(rows)
