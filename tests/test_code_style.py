"""Check the rules of CONTRIBUTING.md that no linter knows."""

from __future__ import annotations

import ast
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
    "attributing showing waiting undoing writing loading preparing reading naming resolving utils helpers misc common".split()
)
#: Names that say the same thing in every package: Django's own, and ours.
SHARED_MODULE_NAMES = {
    "__init__", "__main__", "admin", "apps", "checks", "forms", "management", "models", "permissions", "urls", "views",
}  # fmt: skip
#: One subject at several layers: its model, its queries, its page, its admin.
SUBJECTS = {
    "articles", "autosave", "claim_links", "claims", "corrections", "feeds", "images", "imports", "ledgers", "lost_anchors",
    "search", "sitemaps", "sources", "topics", "api_token", "triggers", "exchange", "dates", "chains", "names",
}  # fmt: skip
#: What may lie at the top of the project.
TOP_LEVEL = {
    ".ci", ".editorconfig", ".env.example", ".gitattributes", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
    "Makefile", "README.md", "articles", "docs", "manage.py", "newsroom", "pyproject.toml", "record", "requirements-dev.in",
    "requirements-dev.txt", "requirements.in", "requirements.txt", "seeds", "sources", "templates", "tests",
}  # fmt: skip


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def long_docstrings(source: str) -> list[str]:
    """Return "line: first line" of each docstring that begins with too long a line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = (ast.get_docstring(node) or "").partition("\n")[0]
            if len(first) > MAX_DOCSTRING_CHARS:
                found.append(f"{getattr(node, 'lineno', 1)}: {first}")
    return found


def long_test_names(source: str) -> list[str]:
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and len(node.name) > MAX_TEST_NAME_CHARS
    ]


def tracked(*arguments: str) -> list[str]:
    """Return the files that git tracks; skip without a checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout")
    command = ["git", "-C", str(ROOT), "ls-files", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_docstrings_begin_with_a_short_line() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files(*CODE, "tests")
        for line in long_docstrings(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_test_names_are_short() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files("tests")
        for name in long_test_names(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_module_names_say_what_is_inside() -> None:
    assert [str(path.relative_to(ROOT)) for path in python_files(*CODE) if path.stem in VAGUE_MODULE_NAMES] == []


def test_module_names_are_used_once() -> None:
    by_name = defaultdict(list)
    for path in python_files(*CODE):
        if path.stem not in SHARED_MODULE_NAMES | SUBJECTS and "management" not in path.parts:
            by_name[path.stem].append(str(path.relative_to(ROOT)))

    assert {name: paths for name, paths in by_name.items() if len(paths) > 1} == {}


def test_no_ignored_file_is_tracked() -> None:
    assert tracked("--cached", "--ignored", "--exclude-standard") == []


def test_top_level_holds_only_what_belongs_there() -> None:
    assert {path.partition("/")[0] for path in tracked()} - TOP_LEVEL == set()


def test_long_docstring_is_found() -> None:
    assert long_docstrings(f'def f():\n    """{"x" * 81}\n\n    More.\n    """') == [f"1: {'x' * 81}"]
    assert long_docstrings(f'"""{"x" * 80}"""') == []


def test_long_test_name_is_found() -> None:
    assert long_test_names(f"def test_{'x' * 56}(): ...") == [f"test_{'x' * 56}"]
    assert long_test_names(f"def test_{'x' * 55}(): ...") == []
