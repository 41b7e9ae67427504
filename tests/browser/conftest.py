"""A real Chromium, a page in it, and axe: what every browser test may ask for.

`page` fails its test when the page logs an error: a script that broke, something the Content-Security-Policy
stopped, a file that is not there. `without_scripts` is the same browser with JavaScript off.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.needs import browser as chromium
from tests.site.conftest import deputy, inspectorate, story  # noqa: F401 - the story of the site's tests, in a browser

#: Playwright keeps an event loop in the thread of the tests, where Django otherwise refuses to query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

#: How long a page may take, in milliseconds, where both databases' tests share a machine with two cores. Longer than
#: the pages' own scripts wait for an answer, so that a test sees what they make of one that does not come.
PATIENCE = 45_000
expect.set_options(timeout=PATIENCE)

#: Nothing can be clicked before a page and its scripts are there: a test is faster than any reader, and a click that
#: comes before the script that takes it is lost. Playwright clicks when what it points at is hit.
NOT_YET = """(() => {
  const touchable = (value) => document.documentElement?.style.setProperty("pointer-events", value);
  const root = new MutationObserver(() => {
    if (!document.documentElement) return;
    root.disconnect();
    if (document.readyState !== "complete") touchable("none");
  });
  root.observe(document, { childList: true });
  addEventListener("load", () => setTimeout(() => touchable("")));
})()"""

WIDE, NARROW = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}


class Requests:
    """Requests that the live server is answering, counted from the time that this is entered."""

    QUIET = 0.4  # seconds without any after which none is expected
    LONGEST = 10.0

    def __init__(self) -> None:
        self.under_way, self.changed = 0, time.monotonic()

    def __enter__(self) -> Requests:
        request_started.connect(self.begun)
        request_finished.connect(self.done)
        return self

    def __exit__(self, *_: object) -> None:
        request_started.disconnect(self.begun)
        request_finished.disconnect(self.done)

    def begun(self, **_: object) -> None:
        self.under_way, self.changed = self.under_way + 1, time.monotonic()

    def done(self, **_: object) -> None:
        self.under_way, self.changed = max(self.under_way - 1, 0), time.monotonic()

    def wait_until_there_are_none(self) -> None:
        end = time.monotonic() + self.LONGEST
        while time.monotonic() < end and (self.under_way or time.monotonic() - self.changed < self.QUIET):
            time.sleep(0.02)


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a browser's turn where another run of the tests on this machine has one open (BROWSER_TURN, a file).

    What a browser shows within some time is what these tests are about: two of them would take it from one another.
    """
    path = os.environ.get("BROWSER_TURN")
    if not path:
        yield
        return
    with Path(path).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all of them."""
    path = chromium()
    if path is None:
        pytest.skip("needs Chromium: none is installed")
    with turn(), sync_playwright() as playwright:
        # No sandbox: tests may run as root, in a container, and open nothing but this site.
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    """A new page with what a browser's context takes (viewport, color_scheme, java_script_enabled …).

    `routed` is for a page whose requests are to be meddled with once it is open (`page.route`).
    """
    contexts, errors = [], []

    def open_one(*, routed: bool = False, **kwargs: object) -> Page:
        context = browser.new_context(**{"viewport": WIDE, "base_url": str(live_server), **kwargs})
        contexts.append(context)
        if routed:
            # Chromium tells the renderer that requests are looked at, and does not wait for it to know: where that
            # begins on a page that is open already, its next request may go by.
            context.route("**/nothing-is-here", lambda route: route.fallback())
        if kwargs.get("java_script_enabled", True):
            context.add_init_script(NOT_YET)
        made = context.new_page()
        made.set_default_timeout(PATIENCE)
        made.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        made.on("pageerror", lambda error: errors.append(str(error)))
        return made

    yield open_one
    writing = [page for context in contexts for page in context.pages if page.locator("html[data-autosave]").count()]
    with Requests() as requests:
        for context in contexts:
            context.close()
        if writing:  # a story's form says good-bye while it is left: the tables are not to be emptied under that
            requests.wait_until_there_are_none()
    # A page that answers with an error on purpose is no fault of the page; nor is a connection cut by a test.
    on_purpose = ("the server responded with a status of 4", "ERR_CONNECTION_RESET", "ERR_INTERNET_DISCONNECTED")
    assert [error for error in errors if not any(words in error for words in on_purpose)] == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def narrow(open_page: Callable[..., Page]) -> Page:
    """A page as wide as a phone, touched and not pointed at."""
    return open_page(viewport=NARROW, has_touch=True)


@pytest.fixture
def without_scripts(open_page: Callable[..., Page]) -> Page:
    return open_page(java_script_enabled=False)


@pytest.fixture
def axe() -> Callable[[Page], str]:
    """What axe finds wrong with a page (WCAG 2.2 AA and good practice), in words; nothing if all is well."""

    def check(page: Page) -> str:
        found = Axe().run(page)
        return found.generate_report() if found.violations_count else ""

    return check


def go_offline(page: Page) -> None:
    """Take a page's connection away, and wait until it has noticed."""
    page.context.set_offline(True)
    page.wait_for_function("() => fetch('/robots.txt', { cache: 'no-store' }).then(() => false, () => true)")


#: Is any of the element that has the focus to be seen: inside the window, and not under something that floats?
SEEN = """() => {
  const element = document.activeElement;
  if (element === document.body) return "";
  const name = `${element.tagName} ${element.id || element.name || element.textContent.trim().slice(0, 40)}`;
  for (const box of element.getClientRects()) {
    for (const x of [0.1, 0.5, 0.9]) for (const y of [0.1, 0.5, 0.9]) {
      const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      if (top && (element.contains(top) || top.contains(element) || top.closest("label")?.control === element)) return "";
    }
  }
  return element.getClientRects().length ? name : "";
}"""
#: A window of 1280 by 1024 at 400 per cent.
ZOOMED = {"width": 320, "height": 256}
#: How often the focus is moved on.
STEPS = 30


def focus_lost(page: Page) -> str:
    """Where the focus, moved through a page by Tab, is wholly out of sight (WCAG 2.2, 2.4.11); empty if nowhere."""
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if hidden := page.evaluate(SEEN):
            return str(hidden)
    return ""
