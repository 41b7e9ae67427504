"""Check that every CSS class of the style sheets is used.

A class that is renamed on one side only loses its style without an error.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import django.contrib.admin
import pytest
from django.conf import settings

STYLES = sorted((settings.BASE_DIR / "newsroom/static").rglob("*.css"))
#: Built in templates and Python from a prefix and a value: `badge-{{ state }}`.
BUILT_PREFIXES = ("badge-", "focus-x-", "focus-y-", "of-", "tool-", "work-queue-")
#: Set by libraries that are not in the project's folders.
LIBRARY_PREFIXES = ("ProseMirror-", "htmx-", "select2-", "swagger-ui", "topbar")


@cache
def names_in_code() -> tuple[frozenset[str], frozenset[str]]:
    """Return all names in the code of the project and the admin, and the quoted ones."""
    admin = Path(django.contrib.admin.__file__).parent
    paths = [
        *(settings.BASE_DIR / "templates").rglob("*.html"),
        *(
            path
            for app in ("articles", "newsroom", "record", "sources")
            for path in (settings.BASE_DIR / app).rglob("*.py")
        ),
        *(settings.BASE_DIR / "newsroom/static").rglob("*.js"),
        *admin.rglob("*.html"),
        *admin.rglob("*.js"),
        *admin.rglob("*.py"),
        *(admin.parent.parent / "forms").rglob("*.py"),
    ]
    code = "\n".join(path.read_text("utf-8") for path in paths)
    return frozenset(re.findall(r"[\w-]+", code)), frozenset(re.findall(r"""["']([\w-]+)["']""", code))


def is_used(name: str) -> bool:
    if name.startswith(BUILT_PREFIXES + LIBRARY_PREFIXES):
        return True
    names, quoted_names = names_in_code()
    if name.startswith("field-"):  # the admin makes these from names of fields and columns
        return name.removeprefix("field-") in quoted_names
    return name in names


def class_names(css: str) -> set[str]:
    without_comments = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    selectors = re.sub(r"\{[^{}]*\}", "{}", without_comments)
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", selectors))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_class_of_a_style_is_used(path: Path) -> None:
    names = class_names(path.read_text("utf-8"))

    assert sorted(name for name in names if not is_used(name)) == []
