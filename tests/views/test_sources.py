"""/sources/ and /sources/<slug>/"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.display.formatting import claim_count_label
from articles.queries.sources import MAX_COUNTED_CLAIMS, with_capped_claim_counts
from sources.models import Source
from tests.factories import (
    AffiliationFactory,
    ArticleFactory,
    SourceFactory,
    SourceNameFactory,
    get_source,
    make_claim,
    make_quantity,
    published_article,
    unnamed_speaker,
)
from tests.views.helpers import page_links, page_text

pytestmark = pytest.mark.django_db


def shown(client, query=""):
    response = client.get(f"/sources/{query}")
    assert response.status_code == 200, page_text(response)
    return [row.name for row in response.context["page"].rows]


def page(client, found, query=""):
    return client.get(found.get_absolute_url() + query)


# --- The list ---


def test_list_shows_name_kind_and_claim_count(client, story):
    assert shown(client) == ["Ada Roe", "Bridge Inspectorate"]
    said = page_text(client.get("/sources/"))
    assert "Ada Roe person · 2 claims" in said
    assert "Bridge Inspectorate organisation · 1 claim" in said


def test_organisation_of_unnamed_people_is_listed(client):
    council = get_source("Town Council", Source.Kind.ORGANISATION)
    make_claim(
        published_article(), quote="At least 40 bolts are loose,", by=unnamed_speaker("an aide", organisation=council)
    )
    assert "Town Council organisation · quoted only through unnamed people" in page_text(client.get("/sources/"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?kind=person", ["Ada Roe"]),
        ("?kind=document", []),
        ("?letter=B", ["Bridge Inspectorate"]),
        ("?text=inspectors", ["Bridge Inspectorate"]),  # by an alias
        ("?text=RÓE", ["Ada Roe"]),
        ("?text=zebra", []),
    ],
)
def test_each_filter_finds_the_expected_sources(client, story, query, expected):
    assert shown(client, query) == expected


def test_only_used_letters_are_offered(client, story):
    SourceFactory(name="Zoe")
    there = page_links(client.get("/sources/"))
    assert "?letter=A" in there
    assert "?letter=B" in there
    assert "?letter=Z" not in there


@pytest.mark.parametrize(("query", "sentence"), [("?kind=ghost", "ghost is not"), ("?letter=ZZ", "ZZ is not")])
def test_bad_value_shows_an_error(client, story, query, sentence):
    response = client.get(f"/sources/{query}")
    assert response.status_code == 400
    assert sentence in page_text(response)


def test_letters_respect_other_filters(client, story):
    there = page_links(client.get("/sources/?kind=person"))
    assert "?kind=person&letter=A" in there or "?letter=A&kind=person" in there
    assert not any("letter=B" in link for link in there)


def test_claim_counts_are_capped(client, story):
    for number in range(3):
        make_claim(published_article(), quote="At least 40 bolts are loose,", by=[f"Somebody {number}", "Zora Tarn"])
    zora = Source.objects.filter(name="Zora Tarn")
    assert with_capped_claim_counts(zora).get().claim_count == 3
    assert with_capped_claim_counts(zora, 1).get().claim_count == 2  # one more than was asked for: there are more
    assert claim_count_label(MAX_COUNTED_CLAIMS + 1) == "more than 1,000 claims"
    assert [claim_count_label(n) for n in (1, 1000)] == ["1 claim", "1,000 claims"]
    assert "Zora Tarn person · 3 claims" in page_text(client.get("/sources/"))


@pytest.mark.parametrize(("query", "expected"), [("", 2), ("?kind=person", 2), ("?letter=A", 3)])
def test_query_count_does_not_grow(client, query, expected):
    counts = []
    for number in (1, 9):
        for step in range(number):
            make_claim(published_article(), quote="At least 40 bolts are loose,", by=[f"A {number}-{step}", "Ada Roe"])
        with CaptureQueriesContext(connection) as queries:
            shown(client, query)
        counts.append(len(queries))
    assert counts == [expected, expected]


# --- A source ---


def test_source_page_shows_aliases_and_roles(client, story, deputy, inspectorate):
    deputy.description = "Deputy for the harbour ward."
    deputy.save()
    SourceNameFactory(source=deputy, name="the deputy")
    AffiliationFactory(person=deputy, organisation=inspectorate, role="inspector", since=date(2019, 1, 1))
    said = page_text(page(client, deputy))
    for expected in ("person Ada Roe", "Deputy for the harbour ward.", "Also called “the deputy”."):
        assert expected in said
    assert "Inspector, Bridge Inspectorate 2019–" in said
    assert inspectorate.get_absolute_url() in page_links(page(client, deputy))


def test_role_in_hidden_organisation_is_not_linked(client, story, deputy):
    club = get_source("Rowing Club", Source.Kind.ORGANISATION)
    AffiliationFactory(person=deputy, organisation=club, role="treasurer")
    response = page(client, deputy)
    assert "Treasurer, Rowing Club" in page_text(response)
    assert club.get_absolute_url() not in page_links(response)


def test_claims_are_split_in_first_said_and_passed_on(client, story, deputy, inspectorate):
    assert "All 2" in page_text(page(client, deputy))
    first, passed = (page(client, deputy, f"?part={part}") for part in ("first", "passed-on"))
    assert [row.form for row in first.context["page"].rows] == ["direct"]
    assert [row.form for row in passed.context["page"].rows] == ["indirect"]
    assert "First said 1" in page_text(first)
    assert "Passed on 1" in page_text(first)
    assert [row.form for row in page(client, inspectorate).context["page"].rows] == ["indirect", "mixed"]


def test_source_page_shows_partners_of_all_claims(client, story, deputy, inspectorate):
    article = published_article(paragraphs=[f"Statement {number}." for number in range(30)])
    for number in range(30):
        make_claim(article, quote=f"Statement {number}.", by=["Harbour Master", deputy, "The Courier"])
    said = page_text(page(client, deputy))
    assert "Passes on Harbour Master 30 Bridge Inspectorate 1" in said
    assert "Passed on by The Courier 30" in said
    assert "Passed on by Ada Roe 1" in page_text(page(client, inspectorate))


def test_source_page_shows_shares_of_forms(client, deputy):
    article = published_article(paragraphs=["One. Two. Three. Four."])
    for words_said, form in (("One.", "direct"), ("Two.", "direct"), ("Three.", "mixed"), ("Four.", "indirect")):
        make_claim(article, quote=words_said, by=deputy, form=form)
    assert "direct 50% mixed 25% indirect 25%" in page_text(page(client, deputy))


def test_agency_without_claims_links_to_its_articles(client, story):
    wire = Source.objects.get(name="Northern Wire")
    response = page(client, wire)
    assert response.status_code == 200
    assert f"/articles/?agency={wire.slug}" in page_links(response)
    assert "1 story from this agency." in page_text(response)


def test_merged_source_redirects(client, story, deputy):
    old = SourceFactory(name="A. Roe", slug="a-roe", merged_into=deputy)
    older = SourceFactory(name="Roe", slug="roe", merged_into=old)
    response = client.get("/sources/a-roe/")
    assert response.status_code == 301
    assert response.headers["Location"] == deputy.get_absolute_url()
    assert client.get(older.get_absolute_url(), follow=True).request["PATH_INFO"] == deputy.get_absolute_url()


def test_source_without_public_article_is_404(client, story):
    nobody = SourceFactory(name="Nobody Yet")
    make_claim(ArticleFactory(), quote="At least 40 bolts are loose,", by=nobody)
    assert page(client, nobody).status_code == 404
    assert client.get("/sources/never-heard-of/").status_code == 404


@pytest.mark.parametrize("query", ["?part=loudest", "?page=nonsense", "?part=first&page=%00"])
def test_bad_part_or_page_is_400(client, story, deputy, query):
    response = page(client, deputy, query)
    assert response.status_code == 400
    assert "All claims" in page_text(response)


def test_source_page_query_count_does_not_grow(client, deputy):
    counts = []
    for number in (1, 9):
        for step in range(number):
            SourceNameFactory(source=deputy, name=f"Name {number}-{step}", folded=f"name {number} {step}")
            AffiliationFactory(person=deputy)
            chain = [f"Origin {step}", deputy, f"Relay {step}"]
            make_claim(
                published_article(),
                quote="At least 40 bolts are loose,",
                by=chain,
                figures=[make_quantity("4", lower=4)],
            )
        with CaptureQueriesContext(connection) as queries:
            assert page(client, deputy).status_code == 200
        counts.append(len(queries))
    assert counts == [7, 7]


def test_flow_shows_only_public_claims(client):
    lee, agency, silent = get_source("Lee"), get_source("Spy agency", "organisation"), get_source("Silent")
    story = published_article()
    make_claim(story, quote="At least 40 bolts are loose,", by=[agency, lee])
    make_claim(story, quote="At least 40 bolts are loose,", by=[silent, lee], review="proposed")
    drawn = page(client, lee).context["flow"]
    assert agency.get_absolute_url() in drawn
    assert silent.get_absolute_url() not in drawn
    assert page(client, silent).status_code == 404
