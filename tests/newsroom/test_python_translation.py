"""Check that every string that Python code shows to people can be translated."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("articles", "newsroom", "record", "sources")
#: Arguments and attributes whose text is shown, whatever they belong to.
SHOWN_NAMES = frozenset(
    "verbose_name verbose_name_plural help_text label empty_label short_description description site_header site_title "
    "index_title empty_value_display list_title button".split()
)
#: Exceptions whose text a page or an answer shows. Others are for developers and the command line.
SHOWN_ERRORS = re.compile(r"^(ValidationError|PermissionDenied|Http404|\w+Error)$")
DEVELOPER_ERRORS = frozenset(
    "ValueError TypeError RuntimeError KeyError LookupError IndexError AssertionError AttributeError OSError "
    "CommandError NotImplementedError ArgumentTypeError MissingError SystemError".split()
)
MESSAGE_FUNCTIONS = frozenset("success info warning error debug".split())
WORD = re.compile(r"[^\W\d_]{2,}")
#: Files whose text people see only on a command line, and what has no Django.
COMMAND_LINE = re.compile(
    r"/management/|newsroom/bootstrap\.py|newsroom/settings\.py|/extraction/|/parsing/|/migrations/"
)


def text_of(node: ast.expr) -> str | None:
    """Return the words of a literal or f-string that nothing translates, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        words = node.value
    elif isinstance(node, ast.JoinedStr):
        words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.BinOp):
        return text_of(node.left) or text_of(node.right)
    elif isinstance(node, ast.IfExp):
        return text_of(node.body) or text_of(node.orelse)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return text_of(node.func.value)
    elif (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "format_html" and node.args
    ):
        return text_of(node.args[0])
    else:
        return None
    return words if WORD.search(re.sub(r"<[^>]*>|&\w+;|\{[^}]*\}", "", words)) else None


def is_choices(node: ast.ClassDef) -> bool:
    return any(
        isinstance(base, ast.Attribute | ast.Name) and ast.unparse(base).endswith("Choices") for base in node.bases
    )


def untranslated(source: str) -> list[str]:
    """Return "line: text" for each shown string of a module that is not marked for translation."""
    found: dict[int, str] = {}

    def check(node: ast.expr | None) -> None:
        if node is not None and (text := text_of(node)):
            found[node.lineno] = text

    for node in ast.walk(ast.parse(source)):
        if (isinstance(node, ast.keyword) and node.arg in SHOWN_NAMES) or (
            isinstance(node, ast.Assign)
            and any(
                (isinstance(target, ast.Attribute) and target.attr in SHOWN_NAMES)
                or (isinstance(target, ast.Name) and target.id in SHOWN_NAMES)
                for target in node.targets
            )
        ):
            check(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if (owner == "messages" and node.func.attr in MESSAGE_FUNCTIONS and len(node.args) > 1) or (
                node.func.attr == "message_user" and len(node.args) > 1
            ):
                check(node.args[1])
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = ast.unparse(node.exc.func).rpartition(".")[2]
            if SHOWN_ERRORS.match(name) and name not in DEVELOPER_ERRORS:
                for argument in node.exc.args[:1]:
                    check(argument)
        elif isinstance(node, ast.ClassDef):
            choices = is_choices(node)
            for statement in node.body:
                if not isinstance(statement, ast.Assign):
                    continue
                target = statement.targets[0]
                if choices and isinstance(target, ast.Name) and target.id.isupper():
                    value = statement.value
                    if not isinstance(value, ast.Tuple):
                        found[statement.lineno] = f"{target.id}: a choice without a label"
                    else:
                        check(value.elts[-1])
                elif isinstance(target, ast.Name) and target.id in ("title", "fieldsets"):
                    if isinstance(statement.value, ast.List | ast.Tuple):
                        for entry in statement.value.elts:
                            if isinstance(entry, ast.Tuple) and entry.elts:
                                check(entry.elts[0])
                    elif any("Filter" in ast.unparse(base) for base in node.bases):
                        check(statement.value)
    return [f"{line}: {text}" for line, text in sorted(found.items())]


def modules() -> list[Path]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in paths if not COMMAND_LINE.search(str(path.relative_to(ROOT)))]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_shown_strings_are_translatable(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('name = CharField(help_text="Shown to readers.")', ["1: Shown to readers."]),
        ('name = CharField(help_text=_("Shown to readers."))', []),
        ('messages.success(request, f"{n} saved")', ["1:  saved"]),
        ('messages.success(request, _("Saved."))', []),
        ('raise PermissionDenied("Not yours.")', ["1: Not yours."]),
        ('raise ValueError("start > end")', []),
        ('class Kind(TextChoices):\n    PERSON = "person"', ["2: PERSON: a choice without a label"]),
        ('class Kind(TextChoices):\n    PERSON = "person", _("person")', []),
        ('class OpenFilter(SimpleListFilter):\n    title = "open"', ["2: open"]),
        ('fn.short_description = "Open"', ["1: Open"]),
    ],
)
def test_untranslated_strings_are_found(source: str, found: list[str]) -> None:
    assert untranslated(source) == found
