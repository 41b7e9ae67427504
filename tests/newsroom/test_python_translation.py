"""Check that every string that Python code shows to people can be translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("articles", "newsroom", "record", "sources")
#: Keyword arguments and attributes whose text is shown.
SHOWN_NAMES = frozenset(
    "verbose_name verbose_name_plural help_text label empty_label short_description description site_header site_title "
    "index_title empty_value_display list_title button violation_error_message search_help_text".split()
)
#: Exceptions whose text a page or an API response shows.
SHOWN_ERROR = re.compile(r"^(ValidationError|PermissionDenied|Http404|\w+Error)$")
#: Exceptions for developers and the command line.
DEVELOPER_ERRORS = frozenset(
    "ValueError TypeError RuntimeError KeyError LookupError IndexError AssertionError AttributeError OSError "
    "CommandError NotImplementedError ArgumentTypeError MissingError SystemError".split()
)
#: Methods that show a text: the index of that argument.
SHOWN_ARGUMENTS = {
    "messages.success": 1,
    "messages.info": 1,
    "messages.warning": 1,
    "messages.error": 1,
    "messages.debug": 1,
    "messages.add_message": 2,
    "message_user": 1,
    "add_error": 1,
    "RegexValidator": 1,
}
#: Their first argument is a model.
RELATION_FIELDS = frozenset(("OneToOneField", "ManyToManyField"))
WORD = re.compile(r"[^\W\d_]{2,}")
MACHINE_CODE = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
#: Files whose text people see only on a command line, and packages without Django.
EXCLUDED_PATHS = re.compile(
    r"/management/|newsroom/bootstrap\.py|newsroom/settings\.py|/extraction/|/parsing/|/migrations/"
)
#: They translate at once. At import time the language is not known.
EAGER_FUNCTIONS = frozenset("gettext ngettext pgettext npgettext".split())

Finding = tuple[ast.AST, str]


# --- Untranslated text ---


def literal_text(node: ast.expr) -> str | None:
    """Return the words of an untranslated literal or f-string, or None."""
    match node:
        case ast.Constant(value=str(text)):
            pass
        case ast.JoinedStr(values=parts):
            text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
        case ast.BinOp(left=left, right=right):
            return literal_text(left) or literal_text(right)
        case ast.IfExp(body=left, orelse=right):
            return literal_text(left) or literal_text(right)
        case ast.Call(func=ast.Attribute(value=template, attr="format")):
            return literal_text(template)
        case ast.Call(func=ast.Name(id="format_html"), args=[template, *_]):
            return literal_text(template)
        case _:
            return None
    return text if WORD.search(re.sub(r"<[^>]*>|&\w+;|\{[^}]*\}", "", text)) else None


def in_names(node: ast.AST) -> Iterator[Finding]:
    """Find text of shown keyword arguments and attributes."""
    match node:
        case ast.keyword(arg=str(name), value=value) if name in SHOWN_NAMES:
            values = [value]
        case ast.keyword(arg="error_messages", value=ast.Dict(values=values)):
            pass
        case ast.Assign(targets=targets, value=value) if any(
            (isinstance(target, ast.Attribute) and target.attr in SHOWN_NAMES)
            or (isinstance(target, ast.Name) and target.id in SHOWN_NAMES)
            for target in targets
        ):
            values = [value]
        case _:
            return
    yield from ((value, text) for value in values if (text := literal_text(value)))


def in_calls(node: ast.AST) -> Iterator[Finding]:
    """Find text of messages and form errors, and labels of model fields."""
    if not isinstance(node, ast.Call):
        return
    name = ast.unparse(node.func)
    short_name = name.rpartition(".")[2]
    index = SHOWN_ARGUMENTS.get(name, SHOWN_ARGUMENTS.get(short_name))
    if name.startswith("models.") and short_name.endswith("Field") and short_name not in RELATION_FIELDS:
        index = 0
    if index is not None and len(node.args) > index and (text := literal_text(node.args[index])):
        yield node.args[index], text


def in_errors(node: ast.AST) -> Iterator[Finding]:
    """Find text of exceptions that people see. A machine code may come first."""
    if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
        return
    name = ast.unparse(node.exc.func).rpartition(".")[2]
    if not SHOWN_ERROR.match(name) or name in DEVELOPER_ERRORS:
        return
    for argument in node.exc.args[:2]:
        text = literal_text(argument)
        if text and not MACHINE_CODE.fullmatch(text):
            yield argument, text


def in_classes(node: ast.AST) -> Iterator[Finding]:
    """Find choices, fieldset titles and filter titles."""
    if not isinstance(node, ast.ClassDef):
        return
    bases = [ast.unparse(base) for base in node.bases]
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case _:
                continue
        if any(base.endswith("Choices") for base in bases) and name.isupper():
            if not isinstance(value, ast.Tuple):
                yield statement, f"{name}: a choice without a label"
            elif text := literal_text(value.elts[-1]):
                yield statement, text
        elif name == "fieldsets" and isinstance(value, ast.List | ast.Tuple):
            titles = [entry.elts[0] for entry in value.elts if isinstance(entry, ast.Tuple) and entry.elts]
            yield from ((title, text) for title in titles if (text := literal_text(title)))
        elif name == "title" and any("Filter" in base for base in bases) and (text := literal_text(value)):
            yield statement, text


def in_lookups(node: ast.AST) -> Iterator[Finding]:
    """Find labels of the choices of an admin filter."""
    if not isinstance(node, ast.FunctionDef) or node.name != "lookups":
        return
    for child in ast.walk(node):
        if isinstance(child, ast.Tuple) and len(child.elts) == 2 and (text := literal_text(child.elts[1])):
            yield child, text


def in_contexts(node: ast.AST) -> Iterator[Finding]:
    """Find the title of a page in the context of its template."""
    if not isinstance(node, ast.Dict):
        return
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == "title" and (text := literal_text(value)):
            yield value, text


# --- Translation that does not work ---


def eager_names(tree: ast.Module) -> set[str]:
    """Return the names by which a module calls functions that translate at once."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in EAGER_FUNCTIONS
    }


def translated_at_import(tree: ast.Module) -> Iterator[Finding]:
    """Find calls of gettext outside functions: they need gettext_lazy."""
    names = eager_names(tree)
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.decorator_list, *node.args.defaults]
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node, f"{ast.unparse(node)}: translated at import time"
        waiting += ast.iter_child_nodes(node)


def formatted_before_translation(node: ast.AST) -> Iterator[Finding]:
    """Find f-strings as the text to translate: `makemessages` cannot collect them."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[ast.JoinedStr() as text, *_]) if name in {"_", *EAGER_FUNCTIONS}:
            yield node, f"{ast.unparse(text)}: an f-string cannot be translated"


RULES: tuple[Callable[[ast.AST], Iterator[Finding]], ...] = (
    in_names, in_calls, in_errors, in_classes, in_lookups, in_contexts, formatted_before_translation,
)  # fmt: skip


def find_untranslated(source: str) -> list[str]:
    """Return "line: text" for each shown string of a module that cannot be translated."""
    tree = ast.parse(source)
    found = [finding for node in ast.walk(tree) for rule in RULES for finding in rule(node)]
    found += translated_at_import(tree)
    return [f"{line}: {text}" for line, text in sorted({(getattr(node, "lineno", 1), text) for node, text in found})]


def checked_modules() -> list[Path]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in paths if not EXCLUDED_PATHS.search(str(path.relative_to(ROOT)))]


@pytest.mark.parametrize("path", checked_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_shown_strings_are_translatable(path: Path) -> None:
    assert find_untranslated(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('name = CharField(help_text="Shown to readers.")', ["1: Shown to readers."]),
        ('name = CharField(help_text=_("Shown to readers."))', []),
        ('since = models.DateField("from", null=True)', ["1: from"]),
        ('owner = models.ForeignKey("articles.Article")', []),
        ('messages.success(request, f"{n} saved")', ["1:  saved"]),
        ('messages.success(request, _("Saved."))', []),
        ('form.add_error("name", "Too long.")', ["1: Too long."]),
        ('RegexValidator(r"^Q", "A Q.")', []),
        ('RegexValidator(r"^Q", "A number.")', ["1: A number."]),
        ('CharField(error_messages={"required": "Enter a name."})', ["1: Enter a name."]),
        ('raise PermissionDenied("Not yours.")', ["1: Not yours."]),
        ('raise ImageError("too-large", _("Too large."))', []),
        ('raise ImageError("too-large", "Too large.")', ["1: Too large."]),
        ('raise ValueError("start > end")', []),
        ('class Kind(TextChoices):\n    PERSON = "person"', ["2: PERSON: a choice without a label"]),
        ('class Kind(TextChoices):\n    PERSON = "person", _("person")', []),
        ('class OpenFilter(SimpleListFilter):\n    title = "open"', ["2: open"]),
        ('def lookups(self):\n    return [("own", "not merged")]', ["2: not merged"]),
        ('render({"title": f"Merge {name}"})', ["1: Merge "]),
        ('fn.short_description = "Open"', ["1: Open"]),
        ('_(f"{n} saved")', ["1: f'{n} saved': an f-string cannot be translated"]),
        (
            'from django.utils.translation import gettext as _\nLABEL = _("Open")',
            ["2: _('Open'): translated at import time"],
        ),
        ('from django.utils.translation import gettext_lazy as _\nLABEL = _("Open")', []),
        ('from django.utils.translation import gettext as _\ndef label():\n    return _("Open")', []),
    ],
)
def test_untranslated_strings_are_found(source: str, found: list[str]) -> None:
    assert find_untranslated(source) == found
