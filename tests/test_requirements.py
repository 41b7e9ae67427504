"""Skips for missing requirements, and REQUIRE_ALL=1."""

from pathlib import Path

import pytest

from tests import requirements

pytest_plugins = ["pytester"]
ROOT = Path(__file__).resolve().parent.parent
#: The plugin under test, without Django.
PLUGIN_OPTIONS = ("-p", "tests.requirements", "-p", "no:django", "-p", "no:cacheprovider", "-W", "ignore")

SKIPPING = """
import pytest

@pytest.mark.browser
def test_with_a_browser():
    pass

@pytest.mark.xfail(reason="known")
def test_that_fails():
    assert 1 == 2

def test_that_skips_itself():
    pytest.skip("something is missing")
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs SKIPPING with the plugin alone, without a browser."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("REQUIRE_ALL", raising=False)
    pytester.makepyfile(SKIPPING)
    return lambda *options: pytester.runpytest(*PLUGIN_OPTIONS, *options)


def test_missing_requirement_skips(run):
    result = run()

    result.assert_outcomes(skipped=2, xfailed=1)


@pytest.mark.parametrize("options", [(), pytest.param(("-n", "2"), marks=pytest.mark.slow)])
def test_skip_fails_with_its_reason_if_all_is_required(options, run, monkeypatch):
    monkeypatch.setenv("REQUIRE_ALL", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # for the workers

    result = run(*options)

    assert result.ret == 1

    result.assert_outcomes(errors=1, failed=1, xfailed=1)
    result.stdout.fnmatch_lines(["*needs Chromium: none is installed*", "*something is missing*"])


def test_skipped_file_fails_if_all_is_required(pytester, monkeypatch):
    monkeypatch.setenv("REQUIRE_ALL", "1")

    pytester.makepyfile("import pytest\npytest.importorskip('no_such_module')")

    assert pytester.runpytest(*PLUGIN_OPTIONS).ret != 0


@pytest.mark.parametrize(
    ("reason", "shared_exists", "is_accepted"),
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
def test_accepted_reasons_for_a_skip(reason, shared_exists, is_accepted, tmp_path, monkeypatch):
    monkeypatch.setattr(requirements, "SHARED", tmp_path if shared_exists else Path("/no/such/folder"))

    assert requirements.is_accepted_reason(reason) is is_accepted


@pytest.mark.slow
def test_browser_tests_share_one_worker(pytester):
    tests = "def test_one(worker_id): print('on', worker_id)\n\ndef test_two(worker_id): print('on', worker_id)\n"
    folder = pytester.mkdir("browser")
    for name in ("a", "b", "c"):
        (folder / f"test_{name}.py").write_text(tests)

    result = pytester.runpytest(*PLUGIN_OPTIONS, "-n", "2", "-rP")

    result.assert_outcomes(passed=6)

    assert len({line for line in result.outlines if line.startswith("on gw")}) == 1
