"""Learned names and roles: readers see those of public claims and of editors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from articles.claims.review import accept_claims, reject_claims
from articles.desk.chains import merge_speakers
from articles.desk.context import ActionContext
from articles.desk.snapshots import snapshot_version, take_snapshot
from articles.editing.revisions import create_revision
from articles.importing.runs import undo_run
from articles.models import Article, Claim, ClaimName, ImportRun
from articles.publishing.actions import publish, retract
from sources import merge
from sources.models import Affiliation, Source, SourceName
from sources.resolver import NamedSource, Resolver
from tests.admin.pages import submit_form
from tests.factories import ArticleFactory, SourceFactory, get_source, make_claim, published_article, unnamed_speaker

pytestmark = pytest.mark.django_db

STORY = "{head}\n\nBy Northwire\n\nMarch 4, 2024\n\n{text}\n\nOriginal url: https://www.quay.example/{head}\n"
PUBLIC = (
    "“The quay is safe,” said Viktor Petrov on Monday.\n\n"
    "“Three boats sank in the storm,” the National Harbour Service said on Monday.\n\n"
    "“Zyxgarn is a town,” said Ada Roe on Monday."
)
#: This text also gives a role, an employer and another name.
DRAFT = (
    "“The boats are old,” said Viktor Petrov, director of the Zyxgarn Ministry, on Tuesday.\n\n"
    "“We found the boats,” the National Harbour Service (NHS) said on Tuesday."
)
LEARNED = ("Director", "Zyxgarn Ministry", "NHS")
PETROV, SERVICE = "viktor-petrov", "national-harbour-service"
URLS = (
    "/sources/",
    *(f"/sources/{slug}/" for slug in (PETROV, SERVICE)),
    *(f"/sources/{slug}/feed.{form}" for slug in (PETROV, SERVICE) for form in ("atom", "rss", "json")),
    *(f"/api/sources/{slug}/" for slug in (PETROV, SERVICE)),
    "/api/sources/",
    *(f"{path}?text=NHS" for path in ("/sources/", "/api/sources/")),
    *(
        f"{path}?source=NHS"
        for path in ("/articles/", "/api/articles/", "/articles/feed.atom", "/articles/export.csv")
    ),
    *(f"{path}?{role}=NHS" for path in ("/claims/", "/api/claims/") for role in ("anyone", "origin", "speaker")),
    *(f"{path}?anyone=NHS" for path in ("/claims/feed.json", "/claims/export.json")),
    *(f"{path}?q={words}" for path in ("/search/", "/api/search/") for words in ("NHS", "NHS+boats", "NHS+zyxgarn")),
    "/source-names/?source=NHS",
    "/source-names/",
)


def load(path: Path, name: str, text: str, **options: Any) -> None:
    (path / f"{name}.txt").write_text(STORY.format(head=name, text=text), encoding="utf-8")
    call_command("import_seeds", str(path / f"{name}.txt"), verbosity=0, **options)


def read_pages(client: Client) -> dict[str, tuple[int, bytes]]:
    """Return status and content of public pages, by URL."""
    answers = {url: client.get(url) for url in URLS}
    return {url: (answer.status_code, answer.getvalue()) for url, answer in answers.items()}


@pytest.fixture
def public(db: None, tmp_path: Path) -> Article:
    load(tmp_path, "public", PUBLIC, publish=True, accept=0.0)
    return Article.objects.get()


@pytest.fixture
def before(client: Client, public: Article) -> dict[str, tuple[int, bytes]]:
    return read_pages(client)


@pytest.fixture
def draft(public: Article, tmp_path: Path) -> Article:
    load(tmp_path, "draft", DRAFT)
    assert SourceName.objects.filter(name="NHS").exists()
    assert Affiliation.objects.filter(role="director", organisation__name="Zyxgarn Ministry").exists()
    return Article.objects.exclude(status="published").get()


@pytest.fixture
def out(draft: Article, chief: Any) -> Article:
    """The draft is published and its claims are accepted."""
    accept_claims(draft.claims.all(), by=chief, how=Claim.ReviewMethod.DESK)
    return publish(draft, by=chief)


@pytest.mark.slow
def test_draft_gives_readers_no_name_or_role(client: Client, before: Any, draft: Article) -> None:
    after = read_pages(client)

    assert [url for url in URLS if after[url] != before[url]] == []


@pytest.mark.slow
def test_accepted_claim_of_draft_gives_nothing(client: Client, before: Any, draft: Article, chief: Any) -> None:
    accept_claims(draft.claims.all(), by=chief, how=Claim.ReviewMethod.DESK)

    assert read_pages(client) == before


def test_published_claim_gives_its_names_and_roles(client: Client, out: Article) -> None:
    page = client.get(f"/sources/{PETROV}/").content.decode()
    service = client.get(f"/sources/{SERVICE}/").content.decode()

    assert "Director" in page
    assert '"jobTitle":["director"]' in page
    assert "Zyxgarn Ministry" in page
    assert '"alternateName":["NHS"]' in service
    assert client.get(f"/api/sources/{SERVICE}/").json()["aliases"] == ["NHS"]
    assert client.get("/articles/?source=NHS").status_code == 200
    assert "National Harbour Service" in client.get("/source-names/?source=NHS").content.decode()
    assert client.get("/api/search/?q=NHS").json()["sources"]


def test_name_needs_the_claim_that_gives_it(client: Client, out: Article, chief: Any) -> None:
    reject_claims(out.claims.filter(hops__source__slug=SERVICE), by=chief, how=Claim.ReviewMethod.DESK)

    assert client.get(f"/api/sources/{SERVICE}/").json()["aliases"] == []
    assert client.get("/articles/?source=NHS").status_code == 400
    assert "Director" in client.get(f"/sources/{PETROV}/").content.decode()


def retract_article(article: Article, by: Any) -> None:
    retract(article, by=by, note="It was wrong.")


def delete_article(article: Article, by: Any) -> None:
    Article.objects.filter(pk=article.pk).update(live=None, latest=None)
    article.delete()


def reject_all_claims(article: Article, by: Any) -> None:
    reject_claims(article.claims.all(), by=by, how=Claim.ReviewMethod.DESK)


@pytest.mark.parametrize("remove", [retract_article, delete_article, reject_all_claims])
def test_names_and_roles_go_with_their_claims(
    client: Client, out: Article, chief: Any, remove: Callable[[Article, Any], None]
) -> None:
    remove(out, chief)

    page = client.get(f"/sources/{PETROV}/").content.decode()
    assert "Director" not in page
    assert "Zyxgarn Ministry" not in page
    assert client.get(f"/api/sources/{SERVICE}/").json()["aliases"] == []
    assert client.get("/articles/?source=NHS").status_code == 400


@pytest.mark.slow
def test_undone_import_removes_its_names_and_roles(client: Client, before: Any, tmp_path: Path) -> None:
    load(tmp_path, "draft", DRAFT, publish=True, accept=0.0)
    assert client.get("/articles/?source=NHS").status_code == 200

    undo_run(ImportRun.objects.latest("id"))

    assert read_pages(client) == before


@pytest.mark.slow
def test_saved_draft_of_public_story_gives_nothing_yet(
    client: Client, before: Any, public: Article, chief: Any
) -> None:
    text = PUBLIC.replace("Petrov on", "Petrov, director of the Zyxgarn Ministry, on")
    text = text.replace("Service said", "Service (NHS) said")

    create_revision(public, headline="public", summary="", body=text, by=chief)

    assert Affiliation.objects.filter(role="director").exists()
    assert read_pages(client) == before


def test_correction_removes_names_and_roles_it_drops(client: Client, out: Article, chief: Any) -> None:
    """The claims stay as they are. The text around them changes."""
    text = DRAFT.replace(", director of the Zyxgarn Ministry,", "").replace(" (NHS)", "")

    create_revision(out, headline="draft", summary="", body=text, by=chief)
    assert "Director" in client.get(f"/sources/{PETROV}/").content.decode()  # readers still see the old text
    out.refresh_from_db()
    Article.objects.filter(pk=out.pk).update(live=out.latest)

    assert Claim.objects.public().filter(article=out).count() == 2
    assert "Director" not in client.get(f"/sources/{PETROV}/").content.decode()
    assert client.get(f"/api/sources/{SERVICE}/").json()["aliases"] == []


def test_published_revision_gives_kept_claims_new_names(client: Client, public: Article, chief: Any) -> None:
    create_revision(
        public, headline="public", summary="", body=PUBLIC.replace("Service said", "Service (NHS) said"), by=chief
    )
    public.refresh_from_db()

    Article.objects.update(live=public.latest)

    assert client.get(f"/api/sources/{SERVICE}/").json()["aliases"] == ["NHS"]


def test_role_goes_when_the_claim_gets_another_source(client: Client, out: Article) -> None:
    claim = Claim.objects.get(article=out, hops__source__slug=PETROV)

    claim.hops.update(source=get_source("Somebody Else"))

    assert "Director" not in client.get(f"/sources/{PETROV}/").content.decode()


def test_editors_own_name_and_role_stay(client: Client, draft: Article, chief: Any, client_of: Any) -> None:
    desk = client_of(chief)
    service, petrov = Source.objects.get(slug=SERVICE), Source.objects.get(slug=PETROV)
    for row, changed in (
        (service, {"names-0-learned": [], "names-1-name": "Harbour Guard"}),
        (petrov, {"affiliations-0-since": "2020-01-01"}),
    ):
        assert submit_form(desk, reverse("admin:sources_source_change", args=[row.pk]), **changed).status_code == 302

    assert client.get(f"/api/sources/{SERVICE}/").json()["aliases"] == ["Harbour Guard", "NHS"]
    assert "Director" in client.get(f"/sources/{PETROV}/").content.decode()


def test_name_of_a_merged_source_counts_as_an_editors(client: Client, chief: Any) -> None:
    kept, gone = (Resolver().find_or_create(NamedSource(name, "person")) for name in ("Bo Lind", "B. O. Lindqvist"))
    make_claim(published_article(), quote="At least 40 bolts are loose,", by=kept)

    made = merge.merge_sources(kept, gone, by=chief)
    assert client.get(f"/api/sources/{kept.slug}/").json()["aliases"] == ["B. O. Lindqvist"]

    merge.undo_merge(made, by=chief)
    assert client.get(f"/api/sources/{kept.slug}/").json()["aliases"] == []
    assert SourceName.objects.get(source=gone).learned


def test_merge_moves_names_and_their_claims(client: Client, out: Article, chief: Any) -> None:
    kept = SourceFactory(name="Harbour Guard", slug="harbour-guard", kind="organisation")
    made = merge.merge_sources(kept, Source.objects.get(slug=SERVICE), by=chief)
    assert client.get("/api/sources/harbour-guard/").json()["aliases"] == ["NHS", "National Harbour Service"]

    merge.undo_merge(made, by=chief)
    assert client.get(f"/api/sources/{SERVICE}/").json()["aliases"] == ["NHS"]


@pytest.mark.parametrize("end", ["", "feed.atom"])
def test_merged_source_without_a_readable_survivor_is_404(client: Client, end: str) -> None:
    kept = SourceFactory(name="Zeppelin Works", slug="zeppelin-works")
    gone = SourceFactory(name="Z. Works", slug="z-works", merged_into=kept)
    make_claim(ArticleFactory(), quote="At least 40 bolts are loose,", by=kept)

    hidden, never = client.get(f"/sources/{gone.slug}/{end}"), client.get(f"/sources/n-works/{end}")

    assert hidden.status_code == never.status_code == 404
    assert hidden.content.replace(b"z-works", b"n-works") == never.content


def test_affiliation_of_joined_speakers_is_public(client: Client, editor: Any) -> None:
    body, roe = get_source("Bridge Inspectorate", "organisation"), get_source("Ada Roe")
    draft, story = ArticleFactory(), published_article()
    make_claim(story, quote="At least 40 bolts are loose,", by=roe)
    for article in (draft, story):
        claim = make_claim(
            article, quote="The harbour bridge will close on Monday,", by=unnamed_speaker("an aide", organisation=body)
        )
        seen_versions = {claim.pk: snapshot_version(take_snapshot(claim))}
        merge_speakers(
            ActionContext(article, editor, seen_versions, article.latest_id), {"source": roe.pk}, {"unnamed": 1}
        )
        shown = "Bridge Inspectorate" in client.get(roe.get_absolute_url()).content.decode()
        assert shown == (article == story)


def test_names_are_stored_once_per_claim_and_source(draft: Article) -> None:
    rows = list(ClaimName.objects.values_list("claim", "revision", "source", "folded"))

    assert len(rows) == len(set(rows))
