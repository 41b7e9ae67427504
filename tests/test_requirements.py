"""Where everything is required, a skipped test is a failed one."""

from pathlib import Path

import pytest

from tests import requirements

pytest_plugins = ["pytester"]

SKIPPING = """
import pytest

@pytest.mark.browser
def test_of_a_browser():
    pass

@pytest.mark.xfail(reason="known")
def test_that_is_known_to_fail():
    assert 1 == 2

def test_that_skips_itself():
    pytest.skip("something is missing")
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Runs a file of tests with the plugin alone, on a machine without a browser."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("REQUIRE_ALL", raising=False)
    pytester.makepyfile(SKIPPING)
    return lambda: pytester.runpytest(
        "-p", "tests.requirements", "-p", "no:django", "-p", "no:cacheprovider", "-W", "ignore"
    )


def test_a_test_without_what_it_needs_is_skipped_with_a_reason(run):
    result = run()
    result.assert_outcomes(skipped=2, xfailed=1)


def test_where_all_is_required_a_skip_fails_and_says_why(run, monkeypatch):
    monkeypatch.setenv("REQUIRE_ALL", "1")
    result = run()
    assert result.ret == 1
    result.assert_outcomes(errors=1, failed=1, xfailed=1)
    result.stdout.fnmatch_lines(["*needs Chromium: none is installed*", "*something is missing*"])


def test_a_whole_file_that_skips_fails_too(pytester, monkeypatch):
    monkeypatch.setenv("REQUIRE_ALL", "1")
    pytester.makepyfile("import pytest\npytest.importorskip('no_such_module')")
    assert pytester.runpytest("-p", "tests.requirements", "-p", "no:django", "-p", "no:cacheprovider").ret != 0


@pytest.mark.parametrize(
    ("reason", "shared", "may"),
    [
        ("needs PostgreSQL: name one with DATABASE_URL", True, True),
        ("needs SQLite: unset DATABASE_URL", True, True),
        ("needs Redis: name one with REDIS_URL=redis://…", True, False),
        ("needs Chromium: none is installed", True, False),
        ("needs ../shared/seeds", True, False),
        ("needs ../shared/seeds", False, True),
        ("no reason", False, False),
    ],
)
def test_only_the_other_database_and_an_absent_folder_may_be_skipped(reason, shared, may, tmp_path, monkeypatch):
    monkeypatch.setattr(requirements, "SHARED", tmp_path if shared else Path("/no/such/folder"))
    assert requirements.may_skip(reason) is may
