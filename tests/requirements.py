"""Skip tests whose requirements are missing on this machine.

A test names its requirements with markers: `@pytest.mark.postgresql`, `sqlite`, `redis`, `browser`.
A test that reads the samples in `../shared` skips itself, with a reason that names that folder.

With REQUIRE_ALL=1, as in `.ci/run`, a skipped test fails. Two reasons are still accepted: the test is
for the other database, which has its own run, or the folder `../shared` does not exist.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from django.db import connection
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

SHARED = Path(__file__).resolve().parents[2] / "shared"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def redis_url() -> str:
    """Return the URL of the Redis for tests, or ""."""
    return os.environ.get("REDIS_URL", "")


def browser_path() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _uses_database(vendor: str) -> Callable[[], bool]:
    return lambda: connection.vendor == vendor


#: marker -> (is it available?, reason for a skip)
REQUIREMENTS: dict[str, tuple[Callable[[], bool], str]] = {
    "postgresql": (_uses_database("postgresql"), "needs PostgreSQL: name one with DATABASE_URL"),
    "sqlite": (_uses_database("sqlite"), "needs SQLite: unset DATABASE_URL"),
    "redis": (lambda: bool(redis_url()), "needs Redis: name one with REDIS_URL=redis://…"),
    "browser": (lambda: browser_path() is not None, "needs Chromium: none is installed"),
}
OTHER_DATABASE_REASONS = (REQUIREMENTS["postgresql"][1], REQUIREMENTS["sqlite"][1])


class BrowserScheduling(LoadScopeScheduling):
    """Give all tests in folders named `browser` to one worker, other tests one by one.

    `--dist loadgroup` has no effect with pytest 9.2: https://github.com/pytest-dev/pytest-xdist/issues/1386.
    The browser tests start first, because the largest scope does.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if "browser" in Path(nodeid.partition("::")[0]).parts else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BrowserScheduling:
    return BrowserScheduling(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, (is_available, reason) in REQUIREMENTS.items():
        if item.get_closest_marker(marker) and not is_available():
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):
        fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_if_skipped(report)
    return report


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure, if REQUIRE_ALL=1 does not accept its reason."""
    if not report.skipped or os.environ.get("REQUIRE_ALL") != "1":
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not is_accepted_reason(reason.removeprefix("Skipped: ")):
        report.outcome = "failed"
        report.longrepr = f"Skipped, but REQUIRE_ALL=1 is set. The reason was: {reason}"


def is_accepted_reason(reason: str) -> bool:
    """Return whether REQUIRE_ALL=1 accepts this reason for a skip."""
    return reason in OTHER_DATABASE_REASONS or ("../shared" in reason and not SHARED.is_dir())
