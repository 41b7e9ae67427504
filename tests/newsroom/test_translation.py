"""The site in another language: every word of a template can be translated, and pages run the language's way."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.utils.translation import override

TEMPLATES = Path(__file__).parents[2] / "templates"
#: What people see, or are read out, of an element's attributes.
SHOWN = frozenset(("alt", "title", "placeholder", "aria-label", "aria-description"))
#: Elements whose text is for machines, or the same in every language.
UNSPOKEN = frozenset(("script", "style", "code", "kbd", "pre", "samp"))
#: Names that are the same in every language.
NAMES = frozenset(("ninjs", "Web Annotation"))
TRANSLATED = re.compile(r"\{%\s*(blocktranslate|comment)\b.*?%\}.*?\{%\s*end\1\s*%\}", re.DOTALL)
#: Classes of the page, which stand in blocks of their own.
CLASSES = re.compile(r"\{%\s*block (?:page|bodyclass)\s*%\}.*?\{%\s*endblock\s*%\}", re.DOTALL)
SYNTAX = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")


class Spoken(HTMLParser):
    """The words of a template that nothing marks for translation, with their lines."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unspoken = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unspoken += tag in UNSPOKEN
        for name, value in attrs:
            if name in SHOWN and value and WORD.search(value) and value not in NAMES:
                self.found.append(f"{self.getpos()[0]}: {name}={value!r}")

    def handle_endtag(self, tag: str) -> None:
        self._unspoken -= tag in UNSPOKEN

    def handle_data(self, data: str) -> None:
        if not self._unspoken and WORD.search(data):
            self.found.append(f"{self.getpos()[0]}: {' '.join(data.split())!r}")


def unmarked(template: str) -> list[str]:
    for pattern in (TRANSLATED, CLASSES, SYNTAX):
        template = pattern.sub(lambda match: "\n" * match[0].count("\n") or " ", template)
    parser = Spoken()
    parser.feed(template)
    return parser.found


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_words_of_a_template_are_left_out(path: Path) -> None:
    assert unmarked(path.read_text(encoding="utf-8")) == []


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
def test_what_counts_as_words(template: str, found: list[str]) -> None:
    assert unmarked(template) == found


@pytest.mark.parametrize(("language", "way"), [("ar", ' dir="rtl"'), ("he", ' dir="rtl"'), ("de", ""), ("en-gb", "")])
def test_a_page_says_its_language_and_which_way_it_runs(language: str, way: str) -> None:
    with override(language):
        assert f'<html lang="{language}"{way}>' in get_template("500.html").render()


PHYSICAL = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border)-(?:left|right)(?:-\w+)?|left|right|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)
STYLES = sorted((TEMPLATES.parent / "newsroom/static/newsroom").rglob("*.css"))
#: Where left is left in every language, and why.
PHYSICAL_FOR_A_REASON = {
    "image_focus_picker.css": [".image-focus .point"],  # a place in a picture, which no language turns round
}


def sided(style: str, allowed: list[str]) -> list[str]:
    """The lines of a style sheet that name left or right where start or end is meant."""
    return [
        line.strip()
        for line in style.splitlines()
        if PHYSICAL.search(line) and not any(line.lstrip().startswith(one) for one in allowed)
    ]


def test_left_and_right_are_found() -> None:
    assert sided(".a { margin-left: 1rem; }\n.b { text-align: right; }\n.c { margin-inline-start: 1rem; }", []) == [
        ".a { margin-left: 1rem; }",
        ".b { text-align: right; }",
    ]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_follow_the_way_that_a_language_runs(path: Path) -> None:
    assert sided(path.read_text(encoding="utf-8"), PHYSICAL_FOR_A_REASON.get(path.name, [])) == []
