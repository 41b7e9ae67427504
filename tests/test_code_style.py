"""Check the rules of CONTRIBUTING.md that no linter checks."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = ("articles", "newsroom", "record", "sources")
MAX_DOCSTRING_CHARS = 80
MAX_TEST_NAME_CHARS = 60

#: Words that do not say what a module holds.
VAGUE_MODULE_NAMES = frozenset(
    "speaking keeping placing telling standing known judged updated affected together lost acting stating choosing "
    "attributing showing waiting undoing writing loading preparing reading naming resolving utils helpers misc "
    "common tools stuff various other base_classes".split()
)
#: Django's names, which mean the same in each package.
DJANGO_MODULE_NAMES = frozenset("__init__ __main__ admin apps checks models urls views".split())
#: Names of several modules that are about one subject, and what that subject is.
SHARED_MODULE_NAMES = {
    "actions": "what an editor does: at the review desk, and in publishing",
    "articles": "admin, views and template tags of articles",
    "autosave": "the model and the rules of autosaved text",
    "chains": "the chain of a claim: found by extraction, changed at the desk",
    "claim_links": "the model and the admin of links between claims",
    "claims": "admin and views of claims",
    "dates": "dates in text: of an article, and of what a claim says",
    "exchange": "the exchange format: written by exports, read by parsing",
    "feeds": "entries and views of feeds",
    "filters": "filters of public lists, and their use in the API",
    "formatting": "values as text: for readers, and in the admin",
    "images": "admin, editing and template tags of images",
    "imports": "models and admin of import runs",
    "ledgers": "admin, queries and views of ledgers",
    "lost_anchors": "rules and admin of anchors that lost their text",
    "names": "names of people and organisations: found in text, and compared",
    "pagination": "keyset pagination, and its use in the API",
    "search": "the search, its page, and its use in the admin",
    "sitemaps": "entries and views of sitemaps",
    "sources": "queries and views of sources",
    "topics": "admin and views of topics",
    "triggers": "database triggers of tables that only grow",
}
#: What may be at the top of the project.
TOP_LEVEL = {
    ".ci", ".editorconfig", ".env.example", ".gitattributes", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
    "Makefile", "README.md", "articles", "docs", "manage.py", "newsroom", "pyproject.toml", "record", "requirements-dev.in",
    "requirements-dev.txt", "requirements.in", "requirements.txt", "seeds", "sources", "templates", "tests",
}  # fmt: skip
#: What tools and runs leave in the folder. Git must ignore it, or it is committed one day.
LEFTOVERS = (
    ".env", "var/db.sqlite3", ".mypy_cache/x", ".ruff_cache/x", ".pytest_cache/x", ".hypothesis/x",
    ".import_linter_cache/x", "articles/__pycache__/x.pyc",
)  # fmt: skip
DEFINITIONS = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def code_modules() -> list[Path]:
    return [path for path in python_files(*CODE) if "management" not in path.parts]


def long_docstrings(source: str) -> list[str]:
    """Return "line: first line" of each docstring that begins with too long a line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, DEFINITIONS):
            first_line = (ast.get_docstring(node) or "").partition("\n")[0]
            if len(first_line) > MAX_DOCSTRING_CHARS:
                found.append(f"{getattr(node, 'lineno', 1)}: {first_line}")
    return found


def run_on_docstrings(source: str) -> list[str]:
    """Return "line: second line" of each docstring without a blank second line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, DEFINITIONS):
            lines = (ast.get_docstring(node) or "").split("\n")
            if len(lines) > 1 and lines[1]:
                found.append(f"{getattr(node, 'lineno', 1)}: {lines[1]}")
    return found


def long_test_names(source: str) -> list[str]:
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and len(node.name) > MAX_TEST_NAME_CHARS
    ]


def repeated_test_names(source: str) -> list[str]:
    """Return the tests that a later one of the same name replaces."""
    names = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return sorted({name for name in names if name.startswith("test_") and names.count(name) > 1})


def run_git(*arguments: str) -> list[str]:
    """Return the lines that a git command prints. Skip without a checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout")
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()


# --- Docstrings and tests ---


def test_docstrings_begin_with_a_short_line() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files(*CODE, "tests")
        for line in long_docstrings(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_docstrings_have_a_blank_second_line() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files(*CODE, "tests")
        for line in run_on_docstrings(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_test_names_are_short() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files("tests")
        for name in long_test_names(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_test_names_are_unique_in_their_module() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files("tests")
        for name in repeated_test_names(path.read_text(encoding="utf-8"))
    ]

    assert found == []


# --- Modules and files ---


def test_module_names_say_what_is_inside() -> None:
    assert [str(path.relative_to(ROOT)) for path in python_files(*CODE) if path.stem in VAGUE_MODULE_NAMES] == []


def test_module_names_are_used_once() -> None:
    """Two modules with one name need a subject in SHARED_MODULE_NAMES."""
    by_name = defaultdict(list)
    for path in code_modules():
        by_name[path.stem].append(str(path.relative_to(ROOT)))
    repeated = {name: paths for name, paths in by_name.items() if len(paths) > 1 and name not in DJANGO_MODULE_NAMES}

    assert {name: paths for name, paths in repeated.items() if name not in SHARED_MODULE_NAMES} == {}
    assert SHARED_MODULE_NAMES.keys() - repeated.keys() == set()


def test_django_module_names_are_used_for_djangos_things() -> None:
    """A module named `checks`, `urls` and so on is about what Django calls so."""
    signs = {"checks": r"django\.core\.checks|django\.core import checks", "urls": "urlpatterns", "apps": "AppConfig"}

    found = [
        str(path.relative_to(ROOT))
        for path in code_modules()
        if path.stem in signs and not re.search(signs[path.stem], path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_no_ignored_file_is_tracked() -> None:
    assert run_git("ls-files", "--cached", "--ignored", "--exclude-standard") == []


def test_leftovers_are_ignored() -> None:
    assert set(run_git("check-ignore", "--no-index", *LEFTOVERS)) == set(LEFTOVERS)


def test_top_level_holds_only_what_belongs_there() -> None:
    """A file that git neither tracks nor ignores counts too."""
    files = run_git("ls-files", "--cached", "--others", "--exclude-standard")

    assert {path.partition("/")[0] for path in files} - TOP_LEVEL == set()


# --- The checks themselves ---


def test_long_docstring_is_found() -> None:
    assert long_docstrings(f'def f():\n    """{"x" * 81}\n\n    More.\n    """') == [f"1: {'x' * 81}"]
    assert long_docstrings(f'"""{"x" * 80}"""') == []


def test_run_on_docstring_is_found() -> None:
    assert run_on_docstrings('def f():\n    """Do\n    this."""') == ["1: this."]
    assert run_on_docstrings('def f():\n    """Do this.\n\n    More.\n    """') == []


def test_long_test_name_is_found() -> None:
    assert long_test_names(f"def test_{'x' * 56}(): ...") == [f"test_{'x' * 56}"]
    assert long_test_names(f"def test_{'x' * 55}(): ...") == []


def test_repeated_test_name_is_found() -> None:
    assert repeated_test_names("def test_a(): ...\ndef test_b(): ...\ndef test_a(): ...") == ["test_a"]
