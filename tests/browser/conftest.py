"""Fixtures of the browser tests: Chromium, pages and axe.

A test fails if one of its pages logs an error: a broken script, something that the Content-Security-Policy blocked, or
a missing file.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from newsroom.models import User
from tests.requirements import browser_path as chromium
from tests.views.conftest import deputy, inspectorate, story  # noqa: F401 - the article of the page tests

#: Playwright runs an event loop in the thread of the tests; Django refuses to query there without this.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

#: Enough for a machine with two cores that runs other tests too. Longer than the timeout of the pages' own requests, so
#: that a test can see how they handle it.
TIMEOUT_MS = 45_000
expect.set_options(timeout=TIMEOUT_MS)

#: Blocks clicks until a page and its scripts have loaded: a test is faster than a reader, and a click before the script
#: listens is lost. Playwright waits until an element receives clicks.
BLOCK_CLICKS_UNTIL_LOADED_SCRIPT = """(() => {
  const touchable = (value) => document.documentElement?.style.setProperty("pointer-events", value);
  const root = new MutationObserver(() => {
    if (!document.documentElement) return;
    root.disconnect();
    if (document.readyState !== "complete") touchable("none");
  });
  root.observe(document, { childList: true });
  addEventListener("load", () => setTimeout(() => touchable("")));
})()"""

DESKTOP_VIEWPORT, PHONE_VIEWPORT = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}


class RequestTracker:
    """Counts the requests that the live server is answering."""

    QUIET_SECONDS = 0.4  # after this time without a request no more are expected
    MAX_WAIT_SECONDS = 10.0

    def __init__(self) -> None:
        self.active_count, self.changed_at = 0, time.monotonic()

    def __enter__(self) -> RequestTracker:
        request_started.connect(self.on_started)
        request_finished.connect(self.on_finished)
        return self

    def __exit__(self, *_: object) -> None:
        request_started.disconnect(self.on_started)
        request_finished.disconnect(self.on_finished)

    def on_started(self, **_: object) -> None:
        self.active_count, self.changed_at = self.active_count + 1, time.monotonic()

    def on_finished(self, **_: object) -> None:
        self.active_count, self.changed_at = max(self.active_count - 1, 0), time.monotonic()

    def wait_until_idle(self) -> None:
        end = time.monotonic() + self.MAX_WAIT_SECONDS
        while time.monotonic() < end and (
            self.active_count or time.monotonic() - self.changed_at < self.QUIET_SECONDS
        ):
            time.sleep(0.02)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests."""
    path = chromium()
    if path is None:
        pytest.skip("needs Chromium: none is installed")
    with sync_playwright() as playwright:
        # No sandbox: tests may run as root, in a container, and open nothing but this site.
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    """Open a new page with the options of a browser context (viewport, …).

    `routed` is for a page whose requests the test will intercept later (`page.route`). It may log HTTP errors.
    """
    contexts, errors = [], []

    def log_error(text: str, routed: bool) -> None:
        if not (routed and "the server responded with a status of" in text):
            errors.append(text)

    def open_one(*, routed: bool = False, **kwargs: object) -> Page:
        context = browser.new_context(**{"viewport": DESKTOP_VIEWPORT, "base_url": str(live_server), **kwargs})
        contexts.append(context)
        if routed:
            # Chromium does not wait until the renderer intercepts requests. If that started on an open page, the
            # page's next request could escape.
            context.route("**/nothing-is-here", lambda route: route.fallback())
        if kwargs.get("java_script_enabled", True):
            context.add_init_script(BLOCK_CLICKS_UNTIL_LOADED_SCRIPT)
        new_page = context.new_page()
        new_page.set_default_timeout(TIMEOUT_MS)
        new_page.on("console", lambda message: log_error(message.text, routed) if message.type == "error" else None)
        new_page.on("pageerror", lambda error: errors.append(str(error)))
        return new_page

    yield open_one
    writing = [page for context in contexts for page in context.pages if page.locator("html[data-autosave]").count()]
    with RequestTracker() as requests:
        for context in contexts:
            context.close()
        if writing:  # a story form sends a last request when it is closed: wait for it before the tables are emptied
            requests.wait_until_idle()
    # Errors that tests cause on purpose: 4xx answers and lost connections.
    on_purpose = ("the server responded with a status of 4", "ERR_CONNECTION_RESET", "ERR_INTERNET_DISCONNECTED")
    assert [error for error in errors if not any(text in error for text in on_purpose)] == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def narrow(open_page: Callable[..., Page]) -> Page:
    """A page as wide as a phone, with touch."""
    return open_page(viewport=PHONE_VIEWPORT, has_touch=True)


@pytest.fixture
def without_scripts(open_page: Callable[..., Page]) -> Page:
    return open_page(java_script_enabled=False)


@pytest.fixture
def axe() -> Callable[[Page], str]:
    """Return a function that reports what axe finds wrong with a page."""

    def check(page: Page) -> str:
        found = Axe().run(page)
        return found.generate_report() if found.violations_count else ""

    return check


def sign_in(page: Page, user: User) -> None:
    """Give a page the session cookie of a user. It takes effect with the next request."""
    client = Client()
    client.force_login(user)
    if page.url == "about:blank":
        page.goto("/robots.txt")  # a cookie needs a site
    value = client.cookies["sessionid"].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": urljoin(page.url, "/")}
    page.context.add_cookies([cookie])


def go_offline(page: Page) -> None:
    """Disconnect a page, and wait until it has noticed."""
    page.context.set_offline(True)
    page.wait_for_function("() => fetch('/robots.txt', { cache: 'no-store' }).then(() => false, () => true)")


#: Returns the name of the focused element if all of it is outside the window or covered; empty if it is visible.
HIDDEN_FOCUS_SCRIPT = """() => {
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
#: A window of 1280 by 1024 pixels at 400 % zoom.
ZOOMED_VIEWPORT = {"width": 320, "height": 256}
MAX_TAB_PRESSES = 30


def find_hidden_focus(page: Page) -> str:
    """Return the first element that is hidden when Tab focuses it, if any.

    WCAG 2.2, 2.4.11.
    """
    for _ in range(MAX_TAB_PRESSES):
        page.keyboard.press("Tab")
        if hidden := page.evaluate(HIDDEN_FOCUS_SCRIPT):
            return str(hidden)
    return ""
