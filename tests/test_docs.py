"""The documentation is complete and names only what exists."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from articles.api.urls import urlpatterns as api_urls
from articles.filters import ArticleFilterSet, ClaimFilterSet, SourceFilterSet
from articles.parsing.codes import REJECTIONS, WARNINGS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "seeds/README.md"]
#: Words after “manage.py” that Django itself provides.
DJANGO_COMMANDS = {"check", "collectstatic", "createsuperuser", "migrate"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def slugs_of_headings(text: str) -> set[str]:
    """Return the anchors that GitHub gives to headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def options_of(command: BaseCommand) -> set[str]:
    return set(re.findall(r"--[a-z][a-z-]+", command.create_parser("", "").format_help()))


def own_commands() -> set[str]:
    return {name for name, app in get_commands().items() if app in ("articles", "newsroom", "record", "sources")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)

    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("http"):
            continue
        path, _, heading = target.partition("#")
        linked = page.parent / path if path else page
        assert linked.exists(), target
        if heading:
            assert heading in slugs_of_headings(linked.read_text(encoding="utf-8")), target


def test_contributing_names_only_paths_that_exist():
    before, _, rest = read("CONTRIBUTING.md").partition("## Where new things go")
    after = rest.partition("\n## ")[2]

    named = set(re.findall(r"`((?:articles|sources|record|newsroom|tests|templates)/[\w./-]*)`", before + after))

    assert len(named) > 20
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_reserved_places_are_free_or_in_use():
    """The parent package of each reserved place exists."""
    table = read("CONTRIBUTING.md").partition("## Where new things go")[2].partition("\n## ")[0]

    places = [Path(path) for path in re.findall(r"`((?:articles|newsroom)/[\w./]+)`", table)]

    assert places
    assert [str(path) for path in places if not (ROOT / path.parent).is_dir()] == []


def test_commands_in_docs_exist():
    named = {name for page in PAGES for name in re.findall(r"manage\.py (\w+)", page.read_text(encoding="utf-8"))}

    assert named - DJANGO_COMMANDS <= own_commands()


def test_every_command_is_documented():
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    assert [name for name in sorted(own_commands()) if name not in text] == []


@pytest.mark.parametrize("name", ["import_seeds", "export_articles", "find_claims", "file_figures"])
def test_every_option_is_documented(name):
    common = options_of(BaseCommand())

    own = options_of(load_command_class("articles", name)) - common

    assert [option for option in sorted(own) if f"`{option}" not in read("docs/loading.md")] == []


def test_every_import_code_is_documented():
    text = read("docs/loading.md")

    assert [code for code in (*WARNINGS, *REJECTIONS) if f"`{code}`" not in text] == []


@pytest.mark.parametrize("filterset", [ArticleFilterSet, ClaimFilterSet, SourceFilterSet])
def test_every_filter_is_documented(filterset):
    section = read("docs/site.md").partition("## Filters")[2].partition("\n## ")[0]

    documented = set(re.findall(r"`(\w+)(?:=\w+)?`", section))

    assert set(filterset.base_filters) <= documented


def test_every_api_url_is_documented():
    text = read("docs/api.md")
    routes = [str(url.pattern) for url in api_urls if not str(url.pattern).startswith("^")]
    written = ["/api/" + re.sub(r"<\w+:(?:public_)?(\w+)>", r"<\1>", route) for route in routes]

    assert [url for url in written if url not in text] == []
