"""Test that what readers may not see does not leak.

No page, filter, count or name may show it.
"""

from __future__ import annotations

import pytest

from articles.models import Article, Claim
from tests.factories import ArticleFactory, TopicFactory, get_source, make_claim, make_quantity, published_article

pytestmark = pytest.mark.django_db

SECRET = "zeppelin"
LISTS = (
    "/",
    "/articles/",
    "/articles/?text=bolts",
    "/articles/?figures=on",
    "/articles/?after=2000-01-01&before=2999-01-01",
    "/claims/",
    "/claims/?text=bolts",
    "/claims/?figures=on&figure_min=0",
    "/claims/?kind=person",
    "/claims/?form=direct&modality=asserted&sort=oldest",
    "/claims/?after=2000-01-01",
    "/sources/",
    "/sources/?kind=person",
    "/search/?q=bolts",
    "/search/?q=bolts&kind=claims",
)
#: The same for programs.
FOR_MACHINES = (
    *(
        f"/{path}/feed.{format}"
        for path in ("articles", "claims", "corrections")
        for format in ("atom", "rss", "json")
    ),
    *(f"/{path}/export.{format}" for path in ("articles", "claims") for format in ("csv", "json")),
    *("/topics/", "/follow/", "/sitemap.xml", "/news-sitemap.xml", "/robots.txt"),
    *(f"/sitemaps/{section}-0.xml" for section in ("stories", "claims", "sources", "topics")),
)
#: How a claim, a story or both are kept from readers.
HIDDEN = {
    "draft": {"status": "draft"},
    "in review": {"status": "in_review"},
    "scheduled for tomorrow": {"status": "scheduled"},
    "retracted": {"status": "retracted"},
}


def hide(how):
    """Create an article with the secret in all its parts.

    They are headline, text, topic, agency, publisher, speaker and figure.
    """
    article = ArticleFactory(
        headline=f"The {SECRET} story",
        paragraphs=[f"The {SECRET} has bolts, {SECRET} pilot said."],
        slug=f"{SECRET}-story",
        topics=(TopicFactory(name=f"The {SECRET}", slug=SECRET),),
        agency=get_source(f"{SECRET} agency", "agency"),
        publisher=get_source(f"{SECRET} press"),
        **HIDDEN[how],
    )
    made = make_claim(
        article, quote=f"The {SECRET} has bolts", by=f"{SECRET} pilot", figures=[make_quantity(SECRET, lower=1)]
    )
    return article, made


@pytest.fixture
def beside(db):
    """Something that readers may see, so that no page is empty."""
    article = published_article(paragraphs=["At least 40 bolts are loose, Ada Roe said."])
    return make_claim(
        article, quote="At least 40 bolts are loose", by="Ada Roe", figures=[make_quantity("at least 40", lower=40)]
    )


@pytest.mark.parametrize("how", HIDDEN)
def test_hidden_article_is_on_no_list(client, beside, how):
    hide(how)
    for address in (*LISTS, *FOR_MACHINES):
        response = client.get(address)
        assert response.status_code == 200, address
        assert SECRET not in response.getvalue().decode().lower(), address


@pytest.mark.parametrize("how", HIDDEN)
def test_claims_and_sources_of_hidden_article_are_hidden(client, beside, how):
    article, made = hide(how)
    assert client.get(made.get_absolute_url()).status_code == 404
    for hop in made.hops.all():
        assert client.get(hop.source.get_absolute_url()).status_code == 404
    for known in (article.agency, article.publisher):
        for end in ("", "feed.atom", "share.png"):
            assert client.get(f"{known.get_absolute_url()}{end}").status_code == 404
    assert client.get(f"/topics/{SECRET}/").status_code == 404
    assert client.get(f"/topics/{SECRET}/feed.json").status_code == 404
    for query in (
        f"articles/?source={SECRET}+pilot",
        f"articles/?topic={SECRET}",
        f"articles/?agency={article.agency.slug}",
        f"claims/?anyone={SECRET}+pilot",
        f"claims/?origin={made.hops.get().source.slug}",
        f"claims/?topic={SECRET}",
        f"claims/feed.atom?topic={SECRET}",
        f"articles/export.csv?source={SECRET}+pilot",
        f"sources/?letter={SECRET[0].upper()}",
    ):
        never = query.replace(SECRET, "neverwas")
        hidden, unknown = client.get(f"/{query}"), client.get(f"/{never}")
        assert hidden.status_code == unknown.status_code == 400, query
        assert "Did you mean" not in hidden.content.decode()


def test_retracted_article_says_so_without_its_text(client, beside):
    article, _ = hide("retracted")
    html = client.get(article.get_absolute_url()).content.decode()
    assert "has been retracted" in html
    assert "has bolts" not in html
    assert "pilot" not in html


@pytest.mark.parametrize("review", ["proposed", "rejected"])
def test_unaccepted_claim_of_public_article_is_hidden(client, beside, review):
    article = published_article(paragraphs=["Ada Roe said bolts are loose. Ingrid Zeppelin said not."], slug="bolts")
    made = make_claim(
        article,
        quote="bolts are loose",
        by="Ingrid Zeppelin",
        statement=f"{SECRET} bolts",
        figures=[make_quantity(SECRET, lower=5)],
        review=review,
    )
    own = article.get_absolute_url()
    for address in (*LISTS, *FOR_MACHINES, own, f"{own}ninjs.json"):
        html = client.get(address).getvalue().decode()
        # The story's own words may stand there.
        assert SECRET not in html.replace("Ingrid Zeppelin said not.", "").lower(), address
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.get(made.hops.get().source.get_absolute_url()).status_code == 404
    assert client.get("/claims/?anyone=Ingrid+Zeppelin").status_code == 400


@pytest.mark.parametrize("review", ["proposed", "rejected"])
def test_unaccepted_claim_is_not_counted(client, beside, review):
    ada = get_source("Ada Roe")
    article = published_article(paragraphs=["Nothing else."])
    make_claim(article, quote="Nothing else.", by=[ada, "Per"], review=review)
    assert client.get(ada.get_absolute_url()).context["tally"].claims == 1
    assert not client.get(ada.get_absolute_url()).context["partners"].passed_on_by
    assert client.get("/articles/").context["page"].rows[0].claim_count == 0
    assert [voice.claims for voice in client.get("/").context["sources"]] == [1]
    assert client.get(article.get_absolute_url()).context["tally"].claims == 0


def test_public_pages_hide_the_same_from_editors(client_of, chief, beside):
    client = client_of(chief)
    article, made = hide("draft")
    assert client.get(article.get_absolute_url()).status_code == 404
    assert client.get(made.get_absolute_url()).status_code == 404
    assert SECRET not in client.get("/articles/").content.decode()


def test_published_article_is_seen_at_once(client, beside):
    article, made = hide("draft")
    Article.objects.filter(pk=article.pk).update(
        status="published", live=article.latest, published_at="2024-12-19T12:00Z"
    )
    assert client.get(made.get_absolute_url()).status_code == 200
    assert SECRET in client.get("/claims/?anyone=zeppelin+pilot").content.decode()
    assert Claim.objects.public().count() == 2


ODD = (
    "?",
    "?&&==",
    "?text=%00",
    "?text=%ff%fe",
    "?text=%ED%A0%80",
    "?text=" + "%25" * 150,
    "?text=" + "a+" * 99,
    "?text='%3B+DROP+TABLE+articles_article%3B--",
    "?text[]=a&text=b&text=c",
    "?anyone=%00&source=%00",
    "?anyone=" + "%F0%9F%92%A9" * 50,
    "?source=" + "x" * 5000,
    "?topic=%00",
    "?agency=null",
    "?kind=null",
    "?letter=%25",
    "?figure_min=1e999999999",
    "?figure_min=-0",
    "?figure_max=٣",
    "?figure_min=" + "9" * 400,
    "?figure_min=0.0000000000001",
    "?said_after=2024-02-30",
    "?said_before=9999-12-31&after=0001-01-01",
    "?after=2024-12-19T00:00",
    "?sort=__class__",
    "?page=%00",
    "?page=..%2F..%2Fetc%2Fpasswd",
    "?page=W10",
    "?{{7*7}}=%7B%25+debug+%25%7D",
    "?figures=maybe&figures=on",
)


@pytest.mark.parametrize("query", ODD)
def test_odd_queries_break_no_page(client, story, deputy, query):
    for address in (
        *("/", "/articles/", "/claims/", "/sources/", story.get_absolute_url()),
        *(story.claims.get(form="direct").get_absolute_url(), deputy.get_absolute_url()),
    ):
        response = client.get(address + query, follow=True)
        assert response.status_code in (200, 400), address
        assert b"</html>" in response.content, address


@pytest.mark.parametrize("query", ODD)
def test_odd_queries_break_no_feed_or_export(client, story, deputy, query):
    for address in (*FOR_MACHINES, f"{deputy.get_absolute_url()}feed.rss", f"{story.get_absolute_url()}ninjs.json"):
        response = client.get(address + query)
        assert response.status_code in (200, 400), address
        assert response.getvalue() is not None


@pytest.mark.parametrize(
    "address", ["/articles/x%00y/", "/sources/%FF/", "/claims/%00/", "/media/../settings.py", "/%"]
)
def test_odd_paths_break_nothing(client, address):
    assert client.get(address).status_code in (400, 404)
