"""/articles/<slug>/"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.display.marked_text import claim_key
from articles.models import Article, Claim
from tests.factories import (
    ArticleFactory,
    ArticleImageFactory,
    BylineFactory,
    CorrectionFactory,
    ImageFactory,
    RelatedLinkFactory,
    TopicFactory,
    add_revision,
    get_source,
    make_claim,
    make_quantity,
    published_article,
    unnamed_speaker,
)
from tests.views.helpers import page_links, page_text

pytestmark = pytest.mark.django_db

FALLEN = "The bridge has fallen down, Ada Roe said."
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7|add:7 }}"


def page(client, article):
    return client.get(article.get_absolute_url())


def note_of(response, found):
    """The words of a claim's note."""
    html = response.content.decode()
    note = re.search(rf'<details[^>]*id="note-{claim_key(found)}".*?</details>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", note[0]).split())


def test_article_page_shows_its_metadata(client, story):
    BylineFactory(article=story, name="Per Aasen")
    BylineFactory(article=story, name="Lena Moss", order=1)
    said = page_text(page(client, story))
    for expected in (
        "Bridge has loose bolts",
        "A deputy wants it closed",
        "By Per Aasen and Lena Moss",
        "Northern Wire",
        "The Quay",
        "SKERRY",
        "First published at quay.example",
    ):
        assert expected in said


def test_agency_in_the_byline_is_named_once(client, story):
    BylineFactory(article=story, name="Northern Wire")
    html = page(client, story).content.decode()
    head = html[html.index('<header class="head">') : html.index('id="claim-count"')]
    assert head.count(">Northern Wire<") == 1


@pytest.mark.parametrize("outlet", ["Northern Wire", "The Quay"])
def test_quoted_outlet_is_in_the_chain_once(client, story, outlet):
    found = make_claim(story, quote="Somebody will be hurt.", by=[get_source(outlet)])
    html = page(client, story).content.decode()
    note = html[html.index(f'id="note-{claim_key(found)}"') :]
    chain = note[note.index('<ol class="chain"') : note.index("</ol>")]
    assert chain.count(f">{outlet}</a>") == 1


def test_article_dated_by_day_shows_no_time(client):
    at = datetime(2024, 12, 19, tzinfo=UTC)
    response = page(client, published_article(published_at=at, published_precision=Article.Precision.DAY))
    assert "19 December 2024" in page_text(response)
    assert "00:00" not in page_text(response)
    assert '<time datetime="2024-12-19">' in response.content.decode()


def test_article_dated_by_minute_shows_time_and_zone(client):
    response = page(client, published_article(published_at=datetime(2024, 12, 19, 9, 5, tzinfo=UTC)))
    assert "19 December 2024, 09:05 UTC" in page_text(response)
    assert '<time datetime="2024-12-19T09:05:00+00:00">' in response.content.decode()


def test_time_zone_changes_times_but_not_dates(client, settings):
    settings.TIME_ZONE = "America/New_York"
    late = datetime(2024, 12, 19, 2, 30, tzinfo=UTC)
    assert "18 December 2024, 21:30 EST" in page_text(page(client, published_article(published_at=late)))
    dated = published_article(published_at=datetime(2024, 12, 19, tzinfo=UTC), published_precision="day")
    assert "19 December 2024" in page_text(page(client, dated))


def test_every_public_claim_is_marked_by_form(client, story):
    html = page(client, story).content.decode()
    for found in story.claims.all():
        assert f'<mark id="{claim_key(found)}" class="claim {found.form}" data-mark="{claim_key(found)}">' in html
    assert ">Inspectors counted at least 40 loose bolts</mark>" in html


def test_broken_quotation_is_marked_twice_and_numbered_once(client, story):
    broken = story.claims.get(form="direct")
    html = page(client, story).content.decode()
    assert html.count(f'data-mark="{claim_key(broken)}"') == 2
    assert html.count(f'href="#note-{claim_key(broken)}"') == 1


def test_each_note_follows_its_paragraph(client, story):
    html = page(client, story).content.decode()
    places = [html.index(f'id="note-{claim_key(found)}"') for found in story.claims.order_by("order")]
    paragraphs = [html.index(part) for part in ("Inspectors counted", ">We cannot wait,<", "A senior official said")]
    assert paragraphs[0] < places[0] < paragraphs[1] < places[1] < paragraphs[2] < places[2]


def test_note_shows_the_chain_origin_first(client, story):
    said = note_of(page(client, story), story.claims.get(form="indirect"))
    names = ["Bridge Inspectorate", "Ada Roe", "Northern Wire", "The Quay"]
    places = [said.rindex(name) for name in names]
    assert places == sorted(places)


def test_note_shows_details_and_that_nobody_checked(client, story):
    said = note_of(page(client, story), story.claims.get(form="direct"))
    for expected in (
        "direct:",
        "“told”",
        "Stated as outright",
        "Tuesday 17 December 2024",
        "Not individually checked.",
    ):
        assert expected in said
    assert "Stated as possible" in note_of(page(client, story), story.claims.get(form="mixed"))


@pytest.mark.parametrize(("reviewed_how", "is_checked"), [("import", False), ("bulk", False), ("desk", True)])
def test_note_says_when_nobody_checked(client, story, reviewed_how, is_checked):
    story.claims.update(reviewed_how=reviewed_how)

    note = note_of(page(client, story), story.claims.get(form="indirect"))

    assert ("Not individually checked." in note) != is_checked


def test_note_shows_a_figure_and_its_bounds(client, story):
    assert "at least 40 bolts 40 or more bolts" in note_of(page(client, story), story.claims.get(form="indirect"))


def test_note_shows_organisation_of_unnamed_speaker(client, story, inspectorate):
    said = note_of(page(client, story), story.claims.get(form="mixed"))
    assert "A senior official not named, of Bridge Inspectorate" in said


def test_note_and_passage_link_each_other(client, story):
    response = page(client, story)
    for found in story.claims.all():
        key = claim_key(found)
        assert f"#note-{key}" in page_links(response)
        assert f"#{key}" in page_links(response)
        assert found.get_absolute_url() in page_links(response)


def test_summary_counts_claims_and_sources(client, story):
    assert "3 claims · 2 quoted sources · 3 original sources" in page_text(page(client, story))


def test_summary_counts_each_unnamed_speaker_once(client):
    article = published_article(paragraphs=["One said a. One said b. Another said c."])
    make_claim(article, quote="a", by=unnamed_speaker("One", number=1))
    make_claim(article, quote="said b", by=unnamed_speaker("One", number=1))
    make_claim(article, quote="said c", by=unnamed_speaker("Another", number=2))
    assert "3 claims · 2 quoted sources · 2 original sources" in page_text(page(client, article))


def test_article_without_claims_says_so(client):
    said = page_text(page(client, published_article()))
    assert "No claims from this story have been published yet." in said


def test_correction_is_at_the_top_and_in_the_note(client, story):
    made = CorrectionFactory(article=story, kind="clarification", note="The bolts are on the north side.")
    made.claims.add(story.claims.get(form="indirect"))
    response = page(client, story)
    said = page_text(response)
    assert said.index("The bolts are on the north side.") < said.index("Inspectors counted")
    assert "Clarification," in said
    assert "The bolts are on the north side." in note_of(response, story.claims.get(form="indirect"))
    assert "The bolts are on the north side." not in note_of(response, story.claims.get(form="direct"))


def test_image_has_alt_text_size_and_credit(client, story):
    use = ArticleImageFactory(
        article=story, image=ImageFactory(), alt="A bridge", caption="From the quay.", credit="Falk"
    )
    html = page(client, story).content.decode()
    assert 'alt="A bridge" width="4" height="3"' in html
    assert f"/media/{use.image.file.name}" in html
    assert "From the quay. Falk" in page_text(page(client, story))


def test_image_without_file_is_credited(client, story):
    ArticleImageFactory(article=story, credit="KCNA")
    assert "Image: KCNA" in page_text(page(client, story))


def test_related_links_are_shown(client, story):
    other = published_article(headline="Earlier")
    RelatedLinkFactory(article=story, title="Ours", target=other)
    RelatedLinkFactory(article=story, title="Theirs", url="https://elsewhere.example/x")
    RelatedLinkFactory(article=story, title="Nowhere")
    response = page(client, story)
    assert other.get_absolute_url() in page_links(response)
    assert "https://elsewhere.example/x" in page_links(response)
    assert "Ours Theirs Nowhere" in page_text(response)


@pytest.mark.parametrize("status", ["draft", "in_review", "scheduled"])
def test_hidden_related_article_is_not_linked(client, story, status):
    hidden = ArticleFactory(status=status, slug="secret-plan")
    RelatedLinkFactory(article=story, title="Hidden", target=hidden)
    assert "secret-plan" not in page(client, story).content.decode()


def test_topics_link_to_their_pages(client):
    response = page(client, published_article(topics=(TopicFactory(name="Harbour", slug="harbour"),)))
    assert "/topics/harbour/" in page_links(response)


def test_claim_of_a_draft_is_not_shown(client, story):
    draft = add_revision(story, paragraphs=[FALLEN])
    make_claim(story, quote="The bridge has fallen down", by="Ada Roe", revision=draft)
    assert "fallen down" not in page(client, story).content.decode()


def test_claim_removed_by_a_correction_is_gone(client, story):
    add_revision(story, live=True, paragraphs=[FALLEN])
    make_claim(story, quote="The bridge has fallen down", by="Ada Roe")
    said = page_text(page(client, story))
    assert "1 claim · 1 quoted source · 1 original source" in said
    assert "Inspectors counted" not in said


def test_retracted_article_shows_only_the_reason(client, story):
    story.status = Article.Status.RETRACTED
    story.save(update_fields=["status"])
    CorrectionFactory(article=story, kind="retraction", note="We could not confirm it.")
    response = page(client, story)
    said = page_text(response)
    assert response.status_code == 200
    assert "This story has been retracted." in said
    assert "We could not confirm it." in said
    html = response.content.decode()
    for gone in ("bolts are", "Inspectors counted", "A deputy wants it closed", "<mark", "<details", "We cannot wait"):
        assert gone not in html


@pytest.mark.parametrize("status", ["draft", "in_review", "scheduled"])
def test_unpublished_article_is_404_for_everybody(client, client_of, chief, status):
    hidden = ArticleFactory(status=status)
    assert page(client, hidden).status_code == 404
    assert page(client_of(chief), hidden).status_code == 404


def test_scheduled_article_appears_at_its_time(client):
    article = ArticleFactory(status="scheduled", published_at=timezone.now() - timedelta(minutes=1))
    assert page(client, article).status_code == 200


def test_unknown_article_is_404_with_search(client):
    response = client.get("/articles/no-such-story/")
    assert response.status_code == 404
    assert "Search stories and claims" in page_text(response)


def test_right_to_left_text_has_its_direction(client):
    html = page(client, published_article(language="ar-EG", headline="جسر")).content.decode()
    assert '<h1 lang="ar-EG" dir="rtl">جسر</h1>' in html
    assert '<html lang="en-gb">' in html


def test_all_text_is_escaped(client):
    article = published_article(
        headline=HOSTILE,
        summary=HOSTILE,
        paragraphs=[f"They said {HOSTILE} and left."],
        dateline=HOSTILE,
        agency=get_source(HOSTILE[:200]),
        publisher=get_source("Quay & <Sons>"),
        topics=(TopicFactory(name=HOSTILE[:100]),),
    )
    BylineFactory(article=article, name=HOSTILE[:200])
    ArticleImageFactory(article=article, credit=HOSTILE[:200], caption=HOSTILE, alt=HOSTILE, image=ImageFactory())
    CorrectionFactory(article=article, note=HOSTILE)
    RelatedLinkFactory(article=article, title=HOSTILE)
    make_claim(
        article,
        quote=f"{HOSTILE} and left",
        by=get_source(HOSTILE[:200]),
        statement=HOSTILE,
        stated_words=HOSTILE[:100],
        figures=[make_quantity(HOSTILE[:200], lower=1, counts=HOSTILE[:200])],
    )
    for address in ("/", "/articles/", "/claims/", "/sources/", article.get_absolute_url()):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "{{ 7" in html or address == "/sources/"
    found = Claim.objects.get()
    assert "<script>alert" not in client.get(found.get_absolute_url()).content.decode()


def test_query_count_does_not_grow(client):
    one, ten = (published_article(paragraphs=["It fell."] * count) for count in (1, 10))
    for count, article in ((1, one), (10, ten)):
        for number in range(count):
            make_claim(
                article,
                quote=["It fell."] * (number + 1),
                by=["Ada Roe", "Per Aasen"],
                figures=[make_quantity("2", lower=2)],
            )
            BylineFactory(article=article)
            CorrectionFactory(article=article).claims.add(article.claims.last())
            RelatedLinkFactory(article=article, target=one)
            ArticleImageFactory(article=article)
    counts = []
    for article in (one, ten):
        with CaptureQueriesContext(connection) as queries:
            assert page(client, article).status_code == 200
        counts.append(len(queries))
    assert counts == [5, 5]


def test_claims_that_end_together_are_numbered_in_order(client):
    article = published_article(paragraphs=["“It fell,” Ada said. “All of it.”"])
    for _ in range(5):  # whatever their keys, which are drawn by chance
        make_claim(article, quote=["It fell,", "All of it."], by="Ada")
        make_claim(article, quote="All of it.", by="Ada")
    numbers = re.findall(r'class="ref"[^>]*>(\d+)</a>', page(client, article).content.decode())
    assert numbers == sorted(numbers, key=int)
