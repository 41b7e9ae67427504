"""What a test needs of the machine: it is skipped with a reason where that is missing.

A test says what it needs with a marker (`@pytest.mark.postgresql`, `sqlite`, `redis`, `browser`); one that
reads the sample copy next to the repository skips itself with a reason that names `../shared`.

With REQUIRE_ALL=1, as `.ci/run` sets it, nothing may be missing: a skipped test fails. Two skips stay
skips: a test of the other database, which has a run of its own, and a test of `../shared` where there is
no such folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from django.db import connection

SHARED = Path(__file__).resolve().parents[2] / "shared"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def redis_url() -> str:
    """Where the Redis for the tests is, or nothing."""
    return os.environ.get("REDIS_URL", "")


def browser() -> str | None:
    """The path of a Chromium that is installed here, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _on(vendor: str) -> Callable[[], bool]:
    return lambda: connection.vendor == vendor


#: marker -> (is it there?, what to say if not)
NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "postgresql": (_on("postgresql"), "needs PostgreSQL: name one with DATABASE_URL"),
    "sqlite": (_on("sqlite"), "needs SQLite: unset DATABASE_URL"),
    "redis": (lambda: bool(redis_url()), "needs Redis: name one with REDIS_URL=redis://…"),
    "browser": (lambda: browser() is not None, "needs Chromium: none is installed"),
}
OTHER_DATABASE = (NEEDS["postgresql"][1], NEEDS["sqlite"][1])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With BROWSER_LAST=1 tests with a browser come last: another run on this machine has its own in the middle."""
    if os.environ.get("BROWSER_LAST") == "1":
        items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, (there, reason) in NEEDS.items():
        if item.get_closest_marker(marker) and not there():
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):
        require(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    require(report)
    return report


def require(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Make a skip that must not be one a failure."""
    if not report.skipped or os.environ.get("REQUIRE_ALL") != "1":
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not may_skip(reason.removeprefix("Skipped: ")):
        report.outcome = "failed"
        report.longrepr = f"Skipped, and REQUIRE_ALL=1 lets nothing be skipped. The reason was: {reason}"


def may_skip(reason: str) -> bool:
    """May a test be skipped for this reason where all are required?"""
    return reason in OTHER_DATABASE or ("../shared" in reason and not SHARED.is_dir())
