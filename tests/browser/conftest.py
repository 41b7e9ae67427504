"""A real Chromium, a page in it, and axe: what every browser test may ask for.

`page` fails its test when the page logs an error: a script that broke, something the Content-Security-Policy
stopped, a file that is not there. `without_scripts` is the same browser with JavaScript off.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.requirements import browser_path as chromium
from tests.views.conftest import deputy, inspectorate, story  # noqa: F401 - the fixtures of the public pages

#: Playwright keeps an event loop in the thread of the tests, where Django otherwise refuses to query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

#: How long a page may take, in milliseconds, on a machine with two cores that runs other tests as well. Longer than
#: the pages' own scripts wait for an answer, so that a test sees what they make of one that does not come.
TIMEOUT_MS = 45_000
expect.set_options(timeout=TIMEOUT_MS)

#: Nothing can be clicked before a page and its scripts are there: a test is faster than any reader, and a click that
#: comes before the script that takes it is lost. Playwright clicks when what it points at is hit.
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
    """Requests that the live server is answering, counted from the time that this is entered."""

    QUIET_SECONDS = 0.4  # seconds without any after which none is expected
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
    """One Chromium for all of them."""
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
    """A new page with what a browser's context takes (viewport, color_scheme, java_script_enabled …).

    `routed` is for a page whose requests are to be meddled with once it is open (`page.route`).
    """
    contexts, errors = [], []

    def open_one(*, routed: bool = False, **kwargs: object) -> Page:
        context = browser.new_context(**{"viewport": DESKTOP_VIEWPORT, "base_url": str(live_server), **kwargs})
        contexts.append(context)
        if routed:
            # Chromium tells the renderer that requests are looked at, and does not wait for it to know: where that
            # begins on a page that is open already, its next request may go by.
            context.route("**/nothing-is-here", lambda route: route.fallback())
        if kwargs.get("java_script_enabled", True):
            context.add_init_script(BLOCK_CLICKS_UNTIL_LOADED_SCRIPT)
        made = context.new_page()
        made.set_default_timeout(TIMEOUT_MS)
        made.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        made.on("pageerror", lambda error: errors.append(str(error)))
        return made

    yield open_one
    writing = [page for context in contexts for page in context.pages if page.locator("html[data-autosave]").count()]
    with RequestTracker() as requests:
        for context in contexts:
            context.close()
        if writing:  # a story's form says good-bye while it is left: the tables are not to be emptied under that
            requests.wait_until_idle()
    # A page that answers with an error on purpose is no fault of the page; nor is a connection cut by a test.
    on_purpose = ("the server responded with a status of 4", "ERR_CONNECTION_RESET", "ERR_INTERNET_DISCONNECTED")
    assert [error for error in errors if not any(words in error for words in on_purpose)] == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def narrow(open_page: Callable[..., Page]) -> Page:
    """A page as wide as a phone, touched and not pointed at."""
    return open_page(viewport=PHONE_VIEWPORT, has_touch=True)


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
#: A window of 1280 by 1024 at 400 per cent.
ZOOMED_VIEWPORT = {"width": 320, "height": 256}
#: How often the focus is moved on.
MAX_TAB_PRESSES = 30


def find_hidden_focus(page: Page) -> str:
    """Where the focus, moved through a page by Tab, is wholly out of sight (WCAG 2.2, 2.4.11); empty if nowhere."""
    for _ in range(MAX_TAB_PRESSES):
        page.keyboard.press("Tab")
        if hidden := page.evaluate(HIDDEN_FOCUS_SCRIPT):
            return str(hidden)
    return ""
