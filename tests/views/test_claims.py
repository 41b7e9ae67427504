"""/claims/ and /claims/<id>/"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.display.marked_text import claim_key
from articles.models import Claim
from sources.models import Source
from tests.factories import (
    PUBLISHED_AT,
    ArticleFactory,
    ClaimRepeatFactory,
    RepeatClusterFactory,
    TopicFactory,
    get_source,
    make_claim,
    make_quantity,
    published_article,
    unnamed_speaker,
)
from tests.views.helpers import page_links, page_text

pytestmark = pytest.mark.django_db

PASSED_ON, DIRECT, UNNAMED = (
    "Inspectors counted at least 40 loose bolts",
    "We cannot wait, Somebody will be hurt.",
    "the bridge may close, and nothing else",
)


def shown(client, query=""):
    """The statements of the claims on a list's first page."""
    response = client.get(f"/claims/{query}")
    assert response.status_code == 200, page_text(response)
    return [row.statement for row in response.context["page"].rows]


def said(text, by=None, **kwargs):
    """A claim with a story of its own."""
    article = published_article(paragraphs=[text], headline=f"Story of {text}", **kwargs.pop("story", {}))
    return make_claim(article, quote=text, by=by, **kwargs)


# --- The list ---


def test_newest_articles_first_and_claims_in_text_order(client, story):
    said("It sank", story={"published_at": PUBLISHED_AT + timedelta(days=1)})
    assert shown(client) == ["It sank", PASSED_ON, DIRECT, UNNAMED]


def test_oldest_first_is_a_choice(client, story):
    said("It sank", story={"published_at": PUBLISHED_AT + timedelta(days=1)})
    assert shown(client, "?sort=oldest") == [PASSED_ON, DIRECT, UNNAMED, "It sank"]


def test_row_shows_chain_figure_article_and_date(client, story):
    row = page_text(client.get("/claims/?form=indirect"))
    assert (
        f"{PASSED_ON} Bridge Inspectorate , passed on by → Ada Roe at least 40 bolts 40 or more bolts "
        "indirect in Bridge has loose bolts , The Quay 19 December 2024"
    ) in row
    assert f"{story.get_absolute_url()}#{claim_key(story.claims.get(form='indirect'))}" in page_links(
        client.get("/claims/?form=indirect")
    )


def test_any_name_of_a_source_finds_all_its_claims(client, story):
    said("It will close", by="Bridge Inspectorate", cue="said")
    said("Nobody knows", by="Somebody Else")
    for name in ("Bridge Inspectorate", "the inspectors"):
        assert shown(client, f"?anyone={name}") == ["It will close", PASSED_ON, UNNAMED]
    row = page_text(client.get("/claims/?anyone=the+inspectors"))
    assert "Bridge Inspectorate , passed on by → Ada Roe" in row
    assert "A senior official ( Bridge Inspectorate )" in row


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?speaker=Ada+Roe", [PASSED_ON, DIRECT]),
        ("?speaker=Bridge+Inspectorate", [UNNAMED]),
        ("?origin=Bridge+Inspectorate", [PASSED_ON, UNNAMED]),
        ("?origin=Ada+Roe", [DIRECT]),
        ("?anyone=Ada+Roe", [PASSED_ON, DIRECT]),
        ("?origin=Bridge+Inspectorate&speaker=Ada+Roe", [PASSED_ON]),
        ("?kind=organisation", [PASSED_ON]),
        ("?kind=person", [DIRECT]),
        ("?kind=unnamed", [UNNAMED]),
        ("?kind=document", []),
        ("?form=direct", [DIRECT]),
        ("?form=mixed", [UNNAMED]),
        ("?modality=possible", [UNNAMED]),
        ("?modality=asserted", [PASSED_ON, DIRECT]),
        ("?topic=bridges", [PASSED_ON, DIRECT, UNNAMED]),
        ("?topic=other", []),
        ("?said_after=2024-12-17&said_before=2024-12-17", [DIRECT]),
        ("?said_after=2024-12-18", []),
        ("?said_before=2024-12-16", []),
        ("?after=2024-12-19&before=2024-12-19", [PASSED_ON, DIRECT, UNNAMED]),
        ("?before=2024-12-18", []),
        ("?figures=on", [PASSED_ON]),
        ("?text=bolts", [PASSED_ON]),
        ("?text=BRIDGE+nothing", [UNNAMED]),
        ("?text=bolts+nothing", []),
        ("?text=bolts&anyone=Ada+Roe&figures=on&form=indirect", [PASSED_ON]),
    ],
)
def test_each_filter_finds_the_expected_claims(client, story, query, expected):
    story.topics.add(TopicFactory(slug="bridges"))
    published_article(topics=(TopicFactory(slug="other"),))
    assert shown(client, query) == expected


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        # at least 100 = [100, ∞)
        ({"lower": 100}, ["?figure_min=100", "?figure_max=100", "?figure_min=5000", "?figure_min=50&figure_max=200"],
         ["?figure_max=99", "?figure_min=1&figure_max=99.5"]),
        # fewer than 300 = [0, 300)
        ({"lower": 0, "upper": 300}, ["?figure_max=0", "?figure_min=299", "?figure_min=1,0&figure_max=1+000"],
         ["?figure_min=301", "?figure_max=-1"]),
        # between 4,000 and 5,000
        ({"lower": 4000, "upper": 5000}, ["?figure_min=4,500", "?figure_min=5000", "?figure_max=4000"],
         ["?figure_min=5001", "?figure_max=3999", "?figure_min=5000.5&figure_max=9000"]),
    ],
)  # fmt: skip
def test_figure_filter_finds_overlapping_bounds(client, bounds, inside, outside):
    said("It fell", figures=[make_quantity("so many", **bounds)])
    for query in inside:
        assert shown(client, query) == ["It fell"], query
    for query in outside:
        assert shown(client, query) == [], query


def test_one_figure_must_meet_both_ends(client):
    said(
        "It fell",
        figures=[make_quantity("ten", lower=10, upper=10), make_quantity("a thousand", lower=1000, upper=1000)],
    )
    assert shown(client, "?figure_min=100&figure_max=500") == []


def test_claim_with_many_figures_and_hops_is_listed_once(client):
    ada = get_source("Ada Roe")
    said("It fell", by=[ada, "Per", ada], figures=[make_quantity("1", lower=1), make_quantity("2", lower=2)])
    assert shown(client, "?figures=on&figure_min=1&anyone=Ada+Roe") == ["It fell"]


def test_said_filter_finds_overlapping_days(client):
    said("It fell", stated_from=date(2024, 12, 9), stated_to=date(2024, 12, 15), stated_words="last week")
    assert shown(client, "?said_after=2024-12-15") == ["It fell"]
    assert shown(client, "?said_before=2024-12-09") == ["It fell"]
    assert shown(client, "?said_after=2024-12-11&said_before=2024-12-12") == ["It fell"]
    assert shown(client, "?said_after=2024-12-16") == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?anyone=Nobody", "No source called “Nobody” was found."),
        ("?origin=Inspectorate", "Did you mean Bridge Inspectorate?"),
        ("?kind=ghost", "ghost is not one of the available choices"),
        ("?form=loud", "loud is not one of the available choices"),
        ("?figure_min=many", "Enter a number."),
        ("?figure_max=1e400", "no more than 24 digits"),
        ("?figure_min=NaN", "Enter a number."),
        ("?said_after=31-31-31", "Enter a valid date."),
    ],
)
def test_bad_value_shows_an_error_in_an_open_form(client, story, query, sentence):
    response = client.get(f"/claims/{query}")
    assert response.status_code == 400
    assert sentence in page_text(response)
    assert '<details class="filterbox" open>' in response.content.decode()


def test_no_results_offers_to_remove_filters(client, story):
    response = client.get("/claims/?kind=document&figures=on")
    assert "No claim matches all these filters" in page_text(response)
    assert "without “Kind of original source: document”" in page_text(response)
    assert "/claims/?figures=on" in page_links(response)


def test_more_filters_are_folded_until_used(client, story):
    assert '<details class="more">' in client.get("/claims/?text=bolts").content.decode()
    assert '<details class="more" open>' in client.get("/claims/?form=direct").content.decode()


def test_suggested_names_start_with_the_most_quoted(client, story):
    html = client.get("/source-names/?anyone=").content.decode()
    assert html.index('<option value="Ada Roe">') < html.index('<option value="Bridge Inspectorate">')
    assert client.get("/source-names/?origin=inspec").content.decode().count("<option") == 1


def test_hidden_names_are_not_suggested(client, story):
    story.claims.update(review="rejected")
    assert "<option" not in client.get("/source-names/?anyone=Ada").content.decode()
    assert client.get("/source-names/?anyone=%00%27%22%3C").status_code == 200


def choices(client, query, name):
    form = client.get(f"/claims/{query}").context["form"]
    return [str(label) for value, label in form.fields[name].choices if value]


def test_each_choice_has_its_count(client, story):
    assert choices(client, "", "form") == ["direct (1)", "indirect (1)", "mixed (1)"]
    assert choices(client, "?form=direct", "form") == ["direct (1)", "indirect (1)", "mixed (1)"]
    assert choices(client, "?form=direct", "kind") == ["person (1)"]


def test_chosen_choice_stays_without_results(client, story):
    assert "document (0)" in choices(client, "?kind=document", "kind")


def test_topics_count_the_claims_of_their_articles(client, story):
    said("It sank", story={"topics": (TopicFactory(name="Ships"),)})
    assert "Ships (1)" in choices(client, "", "topic")
    assert "Ships (1)" not in choices(client, "?figures=on", "topic")


def test_result_count_is_shown_and_bounded(client, story, monkeypatch):
    assert client.get("/claims/").context["facets"].total == 3
    assert "3 results" in page_text(client.get("/claims/"))
    monkeypatch.setattr("articles.facets.MAX_COUNTED_ROWS", 2)
    response = client.get("/claims/")
    assert "more than 2 results" in page_text(response)
    assert any("+" in label for label in choices(client, "", "form"))


@pytest.mark.parametrize(("query", "expected"), [("", 4), ("?anyone=Ada+Roe&figures=on", 5)])
def test_query_count_does_not_grow(client, query, expected):
    counts = []
    for number in (1, 9):
        for _ in range(number):
            article = published_article(
                agency=get_source("Wire"), publisher=get_source("Quay"), topics=(TopicFactory(),)
            )
            chain = ["Ada Roe", unnamed_speaker("an official", organisation="Council")]
            make_claim(
                article, quote="At least 40 bolts are loose,", by=chain, figures=[make_quantity("40", lower=40)]
            )
        with CaptureQueriesContext(connection) as queries:
            shown(client, query)
        counts.append(len(queries))
    assert counts == [expected, expected]


# --- A claim ---


def test_claim_page_shows_chain_details_and_context(client, story):
    response = client.get(story.claims.get(form="indirect").get_absolute_url())
    said_there = page_text(response)
    names = ("Bridge Inspectorate", "Ada Roe", "Northern Wire", "The Quay")
    places = [said_there.index(name) for name in names]
    assert places == sorted(places)
    assert "at least 40 bolts 40 or more bolts" in said_there
    assert "indirect: in the writer’s words" in said_there
    html = response.content.decode()
    assert '<mark class="claim indirect">Inspectors counted at least 40 loose bolts</mark>, deputy Ada Roe' in html
    assert "We cannot wait" not in said_there  # another paragraph


def test_broken_quotation_is_marked_in_parts(client, story):
    html = client.get(story.claims.get(form="direct").get_absolute_url()).content.decode()
    assert 'We cannot wait,</mark>” she told reporters on Tuesday. “<mark class="claim direct">Somebody' in html


def test_claim_page_links_to_the_passage(client, story):
    found = story.claims.get(form="direct")
    assert f"{story.get_absolute_url()}#{claim_key(found)}" in page_links(client.get(found.get_absolute_url()))


@pytest.mark.parametrize(
    ("reviewed_how", "message"),
    [
        ("import", "Accepted with the whole import; not individually checked."),
        ("bulk", "Accepted together with other claims; not individually checked."),
        ("desk", ""),
    ],
)
def test_claim_page_says_when_nobody_checked(client, story, reviewed_how, message):
    story.claims.update(reviewed_how=reviewed_how)

    text = page_text(client.get(story.claims.get(form="direct").get_absolute_url()))

    assert message in text
    assert ("individually checked" in text) == bool(message)


def test_confirmed_repeats_in_other_articles_are_shown(client, story):
    first = story.claims.get(form="indirect")
    cluster = RepeatClusterFactory()
    ClaimRepeatFactory(cluster=cluster, claim=first, state="confirmed")
    ClaimRepeatFactory(cluster=cluster, claim=said("Forty were loose"), state="confirmed")
    ClaimRepeatFactory(cluster=cluster, claim=said("Perhaps the same"), state="proposed")
    hidden = make_claim(ArticleFactory(paragraphs=["A draft says it"]), quote="A draft says it")
    ClaimRepeatFactory(cluster=cluster, claim=hidden, state="confirmed")
    there = page_text(client.get(first.get_absolute_url()))
    assert "The same claim in other stories Forty were loose" in there
    assert "Perhaps the same" not in there
    assert "A draft says it" not in there


def test_unconfirmed_repeats_are_not_shown(client, story):
    first, cluster = story.claims.get(form="indirect"), RepeatClusterFactory()
    ClaimRepeatFactory(cluster=cluster, claim=first)
    ClaimRepeatFactory(cluster=cluster, claim=said("Forty were loose"), state="confirmed")
    assert "in other stories" not in page_text(client.get(first.get_absolute_url()))


def test_unknown_claim_is_404(client, story):
    assert client.get(f"/claims/{uuid4()}/").status_code == 404
    assert client.get("/claims/not-a-uuid/").status_code == 404


@pytest.mark.parametrize("repeated", [False, True])
def test_claim_page_query_count_does_not_grow(client, story, repeated):
    found = story.claims.get(form="indirect")
    if repeated:
        cluster = RepeatClusterFactory()
        ClaimRepeatFactory(cluster=cluster, claim=found, state="confirmed")
        for number in range(9):
            other = said(f"Forty {number}", by=["A", "B"], figures=[make_quantity("40", lower=40)])
            ClaimRepeatFactory(cluster=cluster, claim=other, state="confirmed")
    with CaptureQueriesContext(connection) as queries:
        client.get(found.get_absolute_url())
    assert len(queries) == (7 if repeated else 4)


def test_claim_without_speaker_is_shown_nowhere(client):
    found = said("It sank", by=(), story={"published_at": datetime(2024, 12, 1, tzinfo=UTC)})
    assert Claim.objects.get().hops.count() == 0
    assert client.get(found.get_absolute_url()).status_code == 404
    for address in ("/", "/claims/", found.article.get_absolute_url()):
        page = client.get(address)
        assert page.status_code == 200
        assert "Source not known" not in page_text(page)
    assert "It sank" not in page_text(client.get("/claims/"))


def test_every_kind_of_source_has_its_filter(client):
    for kind in Source.Kind.values:
        said(f"Said by {kind}", by=get_source(f"The {kind}", kind))
    for kind in Source.Kind.values:
        assert shown(client, f"?kind={kind}") == [f"Said by {kind}"]
