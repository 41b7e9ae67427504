"""An outlet in its own text: its name is not a hop of the claims there."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from articles.claims.propose import find_claims
from articles.editing.revisions import create_revision
from articles.models import Article, PublisherHost
from record.users import User
from sources.models import Source
from tests.factories import ArticleFactory, SourceNameFactory, get_source

pytestmark = pytest.mark.django_db

REST = "\n\nThe quay was built in 1911 and has not been repaired since, the harbour office said in its last report."


def hops(article: Article) -> list[list[str]]:
    """Return the names in each claim's chain, in the order of the text."""
    return [
        [hop.source.name if hop.source else hop.mention for hop in claim.hops.order_by("position")]
        for claim in article.claims.order_by("order")
    ]


@pytest.mark.parametrize(
    ("byline", "lede"),
    [
        ("By Ines Marr", "TARN BAY (Northwire) - Harbour clerk Otto Lund told Northwire that the quay was sound."),
        ("By Northwire", "Harbour clerk Otto Lund told Northwire: “The quay is sound.”"),
        ("By Northwire", "Harbour clerk Otto Lund told the Northwire News Agency that the quay was sound."),
        ("By The Associated Press", "Harbour clerk Otto Lund told The Associated Press that the quay was sound."),
        ("By Tarn Bay Gazette", "Harbour clerk Otto Lund told the Tarn Bay Gazette that the quay was sound."),
        ("By Ines Marr", "Harbour clerk Otto Lund told the Quay Courier that the quay was sound."),
    ],
)
def test_import_drops_the_outlet_from_its_own_chains(tmp_path: Path, byline: str, lede: str) -> None:
    PublisherHost.objects.create(host="quay-courier.example", name="Quay Courier")
    copy = f"Quay Is Sound\n\n{byline}\n\nMarch 4, 2024\n\n{lede}{REST}\n\nOriginal url: https://quay-courier.example/quay\n"
    (tmp_path / "a.txt").write_text(copy, encoding="utf-8")

    call_command("import_seeds", str(tmp_path), quiet=True)

    assert hops(Article.objects.get())[0] == ["Otto Lund"]


def test_import_keeps_another_outlet(tmp_path: Path) -> None:
    lede = "Harbour clerk Otto Lund told the Tarn Bay Gazette that the quay was sound."
    copy = (
        f"Quay Is Sound\n\nBy Northwire\n\nMarch 4, 2024\n\n{lede}{REST}\n\nOriginal url: https://quay.example/quay\n"
    )
    (tmp_path / "a.txt").write_text(copy, encoding="utf-8")

    call_command("import_seeds", str(tmp_path), quiet=True)

    assert hops(Article.objects.get())[0] == ["Otto Lund", "Tarn Bay Gazette"]


def test_editing_drops_the_outlet_under_each_of_its_names(editor: User) -> None:
    publisher = get_source("Quay Courier", Source.Kind.ORGANISATION)
    SourceNameFactory(source=publisher, name="QC News", preferred=False)
    article = ArticleFactory(revision=False, language="en", publisher=publisher)
    body = "Otto Lund told the Quay Courier that the quay was sound.\n\nIt would stand, Ines Marr told QC News."

    create_revision(article, headline="Quay", summary="", body=body, by=editor)

    assert hops(article) == [["Otto Lund"], ["Ines Marr"]]


def test_an_outlet_remains_the_origin_of_what_it_says(editor: User) -> None:
    publisher = get_source("Quay Courier", Source.Kind.ORGANISATION)
    article = ArticleFactory(revision=False, language="en", publisher=publisher)
    body = "The Quay Courier said that it would appeal.\n\nCiting the Quay Courier, Otto Lund said the quay was sound."

    create_revision(article, headline="Quay", summary="", body=body, by=editor)
    article.refresh_from_db()
    find_claims(article)

    assert hops(article) == [["Quay Courier"], ["Quay Courier", "Otto Lund"]]
