"""Measure public pages in a browser: largest paint, layout shift, bytes.

Import the seeds into SQLite in a temporary folder, serve them with gunicorn, and open each page in Chromium with an empty
cache. The window is as wide as a phone and the network is what Lighthouse calls slow 4G: 1.6 Mbit/s, 150 ms round trip.
Exit with 1 if a page is worse than what web.dev calls good, or if an article is too large.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.desk import BROWSERS, run_server, set_up_django

#: The limits of "good": https://web.dev/articles/lcp and https://web.dev/articles/cls.
MAX_PAINT_MS, MAX_LAYOUT_SHIFT = 2500.0, 0.1
#: An article without its images, compressed.
MAX_ARTICLE_BYTES = 60 * 1024
#: Visits to each page; the median counts.
VISITS_PER_PAGE = 3
PHONE_VIEWPORT = {"width": 390, "height": 844}
#: Bytes a second, and milliseconds for a round trip.
SLOW_NETWORK = {"offline": False, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8, "latency": 150}

OBSERVER_SCRIPT = """
window.painted = 0; window.shifted = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.painted = one.startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value; })
  .observe({ type: "layout-shift", buffered: true });
"""
RESULT_SCRIPT = """() => {
  const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const images = all.filter((one) => ["img", "image", "input"].includes(one.initiatorType));
  const sum = (some) => some.reduce((total, one) => total + one.transferSize, 0);
  return { painted: window.painted, shifted: window.shifted, bytes: sum(all) - sum(images), images: sum(images), requests: all.length };
}"""


@dataclass(frozen=True, slots=True)
class PageVisit:
    """One visit to a page: milliseconds, and bytes over the network."""

    painted: float
    shifted: float
    bytes: int
    images: int
    requests: int


def main() -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("Chromium is not installed: pages are not measured in a browser.")
        return
    with tempfile.TemporaryDirectory(prefix="on-the-record-reading-") as temporary:
        set_up_django(Path(temporary))
        pages = _create_pages()
        with run_server() as root:
            visits_by_page = {name: _visit_page(browser, f"{root}{path}") for name, path in pages.items()}
    print("\nFirst visit on a phone with a slow network: largest paint in ms, layout shift, KB over the network\n")
    print(f"  {'page':<10}  {'paint':>8}  {'shift':>6}  {'KB':>6}  {'images':>8}  {'requests':>8}")
    failed = []
    for name, visits in visits_by_page.items():
        painted, shifted = median(visit.painted for visit in visits), max(visit.shifted for visit in visits)
        last = visits[-1]
        print(
            f"  {name:<10}  {painted:>8.0f}  {shifted:>6.3f}  {last.bytes / 1024:>6.1f}  {last.images / 1024:>8.1f}"
            f"  {last.requests:>8}"
        )
        if (
            painted > MAX_PAINT_MS
            or shifted > MAX_LAYOUT_SHIFT
            or (name == "article" and last.bytes > MAX_ARTICLE_BYTES)
        ):
            failed.append(name)
    print(
        f"\n  Limits: paint {MAX_PAINT_MS:.0f} ms, shift {MAX_LAYOUT_SHIFT}, an article {MAX_ARTICLE_BYTES // 1024} KB without images."
    )
    if failed:
        raise SystemExit(f"  Over a limit: {', '.join(failed)}.")


def _create_pages() -> dict[str, str]:
    """Import the seeds.

    Return a URL of each kind of page, with as many claims as possible.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db.models import Count

    from articles.models import Article, Claim, Ledger
    from sources.models import Source

    seeds = settings.BASE_DIR / "seeds"
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("import_seeds", str(seeds), "--publish", "--accept", "--quiet")
    call_command("file_figures", ledgers=seeds / "ledgers.tsv", verbosity=0)
    article = Article.objects.public().annotate(many=Count("claims")).order_by("-many", "pk")[0]
    source = Source.objects.annotate(many=Count("hops")).order_by("-many", "pk")[0]
    return {
        "home": "/",
        "article": article.get_absolute_url(),
        "stories": "/articles/",
        "claims": "/claims/",
        "claim": Claim.objects.public()[0].get_absolute_url(),
        "source": source.get_absolute_url(),
        "ledger": Ledger.objects.order_by("pk")[0].get_absolute_url(),
        "search": "/search/?q=soldiers",
    }


def _visit_page(browser: str, url: str) -> list[PageVisit]:
    # Only benchmarks and tests need Playwright.
    from playwright.sync_api import sync_playwright

    visits = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for _ in range(VISITS_PER_PAGE):
            # The measurement evaluates strings, which the Content-Security-Policy forbids.
            context = chromium.new_context(viewport=PHONE_VIEWPORT, bypass_csp=True)  # type: ignore[arg-type]
            page = context.new_page()
            page.add_init_script(OBSERVER_SCRIPT)
            network: Any = context.new_cdp_session(page)
            network.send("Network.enable")
            network.send("Network.emulateNetworkConditions", SLOW_NETWORK)
            page.goto(url, wait_until="networkidle")
            visits.append(PageVisit(**page.evaluate(RESULT_SCRIPT)))
            context.close()
        chromium.close()
    return visits


if __name__ == "__main__":
    main()
