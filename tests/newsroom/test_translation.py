"""Templates are translatable, and pages follow the direction of the language."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.utils.translation import override

TEMPLATES = Path(__file__).parents[2] / "templates"
#: Attributes whose text people see or hear.
SHOWN_ATTRIBUTES = frozenset(("alt", "title", "placeholder", "aria-label", "aria-description"))
#: Elements whose text is not translated.
UNTRANSLATED_ELEMENTS = frozenset(("script", "style", "code", "kbd", "pre", "samp"))
#: Names that are the same in every language.
UNTRANSLATED_NAMES = frozenset(("ninjs", "Web Annotation"))
TRANSLATED = re.compile(r"\{%\s*(blocktranslate|comment)\b.*?%\}.*?\{%\s*end\1\s*%\}", re.DOTALL)
#: Blocks that hold CSS classes.
CLASSES = re.compile(r"\{%\s*block (?:page|bodyclass)\s*%\}.*?\{%\s*endblock\s*%\}", re.DOTALL)
SYNTAX = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")


class TextParser(HTMLParser):
    """Collect text and attributes that are not marked for translation."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._untranslated_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._untranslated_depth += tag in UNTRANSLATED_ELEMENTS
        for name, value in attrs:
            if name in SHOWN_ATTRIBUTES and value and WORD.search(value) and value not in UNTRANSLATED_NAMES:
                self.found.append(f"{self.getpos()[0]}: {name}={value!r}")

    def handle_endtag(self, tag: str) -> None:
        self._untranslated_depth -= tag in UNTRANSLATED_ELEMENTS

    def handle_data(self, data: str) -> None:
        if not self._untranslated_depth and WORD.search(data):
            self.found.append(f"{self.getpos()[0]}: {' '.join(data.split())!r}")


def find_untranslated(template: str) -> list[str]:
    for pattern in (TRANSLATED, CLASSES, SYNTAX):
        template = pattern.sub(lambda match: "\n" * match[0].count("\n") or " ", template)
    parser = TextParser()
    parser.feed(template)
    return parser.found


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_template_has_no_untranslated_text(path: Path) -> None:
    assert find_untranslated(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Words</p>", ["1: 'Words'"]),
        ('<p>{% translate "Words" %}</p>', []),
        ("<p>{% blocktranslate count n=n %}{{ n }} word{% plural %}{{ n }} words{% endblocktranslate %}</p>", []),
        ('\n<img alt="A bridge">', ["2: alt='A bridge'"]),
        ("<p>{{ n }} word{{ n|pluralize }}</p>", ["1: 'word'"]),
        ("{% block page %}listing{% endblock %}<kbd>Esc</kbd>", []),
    ],
)
def test_untranslated_text_is_found(template: str, found: list[str]) -> None:
    assert find_untranslated(template) == found


@pytest.mark.parametrize(
    ("language", "direction"), [("ar", ' dir="rtl"'), ("he", ' dir="rtl"'), ("de", ""), ("en-gb", "")]
)
def test_page_has_language_and_direction(language: str, direction: str) -> None:
    with override(language):
        assert f'<html lang="{language}"{direction}>' in get_template("500.html").render()


PHYSICAL = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border)-(?:left|right)(?:-\w+)?|left|right|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)
STYLES = sorted((TEMPLATES.parent / "newsroom/static/newsroom").rglob("*.css"))
#: Rules where left means left in every language, and why.
ALLOWED_PHYSICAL = {
    "image_focus_picker.css": [".image-focus .point"],  # a position in an image, the same in every language
}


def find_physical(style: str, allowed: list[str]) -> list[str]:
    """Return the lines with left or right instead of start or end."""
    return [
        line.strip()
        for line in style.splitlines()
        if PHYSICAL.search(line) and not any(line.lstrip().startswith(selector) for selector in allowed)
    ]


def test_physical_properties_are_found() -> None:
    assert find_physical(
        ".a { margin-left: 1rem; }\n.b { text-align: right; }\n.c { margin-inline-start: 1rem; }", []
    ) == [
        ".a { margin-left: 1rem; }",
        ".b { text-align: right; }",
    ]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_follow_the_direction_of_the_language(path: Path) -> None:
    assert find_physical(path.read_text(encoding="utf-8"), ALLOWED_PHYSICAL.get(path.name, [])) == []
