"""Measure public pages: queries, and the 50th and 99th percentile of milliseconds.

`python -m tests.benchmarks.pages REQUESTS` prints one JSON object. It needs a database filled by `load`.
It uses Django's test client, and another row for each request if a page shows one row.
"""

from __future__ import annotations

import json
import os
import sys
import time
from itertools import cycle, islice
from statistics import quantiles
from typing import TypeVar
from urllib.parse import quote_plus

import django

#: Rows of one page that are requested in turn.
SAMPLE_ROWS = 20
WARM_UP_REQUESTS = 3

Row = TypeVar("Row")


def measure_pages(requests: int) -> dict[str, dict[str, float]]:
    """Return queries, p50 and p99 in milliseconds for each page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(SERVER_NAME="127.0.0.1")
    results = {}
    for page, urls in _page_urls().items():
        queries = []
        for url in islice(cycle(urls), WARM_UP_REQUESTS):
            with CaptureQueriesContext(connection) as captured:
                response = client.get(url)
            if response.status_code != 200:
                raise SystemExit(f"{url} answered {response.status_code}.")
            queries.append(len(captured))
        times = []
        for url in islice(cycle(urls), requests):
            started = time.perf_counter()
            client.get(url)
            times.append((time.perf_counter() - started) * 1000)
        percentiles = quantiles(times, n=100)
        results[page] = {"queries": max(queries), "p50": percentiles[49], "p99": percentiles[98]}
    return results


def _page_urls() -> dict[str, list[str]]:
    """Return the URLs to request for each page."""
    from django.urls import reverse

    from articles.models import Article, Claim
    from articles.queries.sources import most_quoted_sources

    article_slugs = _sample_evenly(list(Article.objects.public().newest_first().values_list("slug", flat=True)))
    claims = _sample_evenly(list(Claim.objects.public().newest_first().values_list("public_id", flat=True)[:10_000]))
    speakers = most_quoted_sources(SAMPLE_ROWS)
    sources = [source.slug for source in speakers]
    names = [quote_plus(source.name) for source in speakers]
    articles, all_claims, search = reverse("articles:articles"), reverse("articles:claims"), reverse("articles:search")
    return {
        "home": [reverse("home")],
        "articles": [articles],
        "articles with a word": [f"{articles}?text=tunnel"],
        "articles with a rare word": [f"{articles}?text=unheard-of"],
        "articles quoting a source": [f"{articles}?source={slug}" for slug in sources],
        "article": [reverse("articles:article", args=[slug]) for slug in article_slugs],
        "claims": [all_claims],
        "claims of a source": [f"{all_claims}?anyone={slug}" for slug in sources],
        "claims with figures 100-200": [f"{all_claims}?figure_min=100&figure_max=200"],
        "claim": [reverse("articles:claim", args=[public_id]) for public_id in claims],
        "search": [f"{search}?q=tunnel"],
        "search, two common words": [f"{search}?q=tunnel+council"],
        "search, a rare word": [f"{search}?q=unheard-of"],
        "search, a phrase": [f'{search}?q="the+council"'],
        "search, a beginning": [f"{search}?q=tun*"],
        "search, a name": [f"{search}?q={name}" for name in names],
        "search, mistyped": [f"{search}?q=tunel"],
        "search, narrowed by year": [f"{search}?q=tunnel&year=2024"],
        "sources": [reverse("articles:sources")],
        "source": [reverse("articles:source", args=[slug]) for slug in sources],
    }


def _sample_evenly(rows: list[Row]) -> list[Row]:
    """Return at most SAMPLE_ROWS rows, spread evenly from first to last."""
    return rows[:: max(len(rows) // SAMPLE_ROWS, 1)][:SAMPLE_ROWS]


if __name__ == "__main__":
    print(json.dumps(measure_pages(int(sys.argv[1]))))
