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


def test_shows_headline_deck_byline_agency_publisher_dateline_and_where_it_was_first(client, story):
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


def test_an_agency_that_is_the_byline_is_named_once(client, story):
    BylineFactory(article=story, name="Northern Wire")
    html = page(client, story).content.decode()
    head = html[html.index('<header class="head">') : html.index('id="claim-count"')]
    assert head.count(">Northern Wire<") == 1


@pytest.mark.parametrize("outlet", ["Northern Wire", "The Quay"])
def test_an_outlet_that_speaks_is_in_the_chain_once(client, story, outlet):
    found = make_claim(story, quote="Somebody will be hurt.", by=[get_source(outlet)])
    html = page(client, story).content.decode()
    note = html[html.index(f'id="note-{claim_key(found)}"') :]
    chain = note[note.index('<ol class="chain"') : note.index("</ol>")]
    assert chain.count(f">{outlet}</a>") == 1


def test_of_a_story_dated_by_the_day_no_time_is_shown(client):
    at = datetime(2024, 12, 19, tzinfo=UTC)
    response = page(client, published_article(published_at=at, published_precision=Article.Precision.DAY))
    assert "19 December 2024" in page_text(response)
    assert "00:00" not in page_text(response)
    assert '<time datetime="2024-12-19">' in response.content.decode()


def test_of_a_story_dated_by_the_minute_the_time_is_shown_with_its_zone(client):
    response = page(client, published_article(published_at=datetime(2024, 12, 19, 9, 5, tzinfo=UTC)))
    assert "19 December 2024, 09:05 UTC" in page_text(response)
    assert '<time datetime="2024-12-19T09:05:00+00:00">' in response.content.decode()


def test_the_newsrooms_clock_counts_for_a_time_and_not_for_a_date(client, settings):
    settings.TIME_ZONE = "America/New_York"
    late = datetime(2024, 12, 19, 2, 30, tzinfo=UTC)
    assert "18 December 2024, 21:30 EST" in page_text(page(client, published_article(published_at=late)))
    dated = published_article(published_at=datetime(2024, 12, 19, tzinfo=UTC), published_precision="day")
    assert "19 December 2024" in page_text(page(client, dated))


def test_marks_every_public_claim_in_place_each_form_in_its_own_way(client, story):
    html = page(client, story).content.decode()
    for found in story.claims.all():
        assert f'<mark id="{claim_key(found)}" class="claim {found.form}" data-mark="{claim_key(found)}">' in html
    assert ">Inspectors counted at least 40 loose bolts</mark>" in html


def test_a_broken_quotation_is_marked_in_both_parts_and_numbered_once(client, story):
    broken = story.claims.get(form="direct")
    html = page(client, story).content.decode()
    assert html.count(f'data-mark="{claim_key(broken)}"') == 2
    assert html.count(f'href="#note-{claim_key(broken)}"') == 1


def test_each_note_stands_after_its_own_paragraph(client, story):
    html = page(client, story).content.decode()
    places = [html.index(f'id="note-{claim_key(found)}"') for found in story.claims.order_by("order")]
    paragraphs = [html.index(part) for part in ("Inspectors counted", ">We cannot wait,<", "A senior official said")]
    assert paragraphs[0] < places[0] < paragraphs[1] < places[1] < paragraphs[2] < places[2]


def test_a_note_says_the_chain_from_the_origin_to_the_page(client, story):
    said = note_of(page(client, story), story.claims.get(form="indirect"))
    names = ["Bridge Inspectorate", "Ada Roe", "Northern Wire", "The Quay"]
    places = [said.rindex(name) for name in names]
    assert places == sorted(places)


def test_a_note_says_form_cue_modality_day_and_that_nobody_checked_it(client, story):
    said = note_of(page(client, story), story.claims.get(form="direct"))
    for expected in ("direct:", "“told”", "Put as fact", "Tuesday 17 December 2024", "Not individually checked."):
        assert expected in said
    assert "Put as possible" in note_of(page(client, story), story.claims.get(form="mixed"))


def test_a_claim_judged_at_the_desk_does_not_say_that_it_is_unchecked(client, story):
    assert "Not individually checked" not in note_of(page(client, story), story.claims.get(form="indirect"))


def test_a_note_says_a_figure_in_its_own_words_and_its_bounds(client, story):
    assert "at least 40 bolts 40 or more bolts" in note_of(page(client, story), story.claims.get(form="indirect"))


def test_a_note_names_whom_somebody_unnamed_speaks_for(client, story, inspectorate):
    said = note_of(page(client, story), story.claims.get(form="mixed"))
    assert "A senior official not named, of Bridge Inspectorate" in said


def test_note_and_passage_lead_to_one_another_without_scripts(client, story):
    response = page(client, story)
    for found in story.claims.all():
        key = claim_key(found)
        assert f"#note-{key}" in page_links(response)
        assert f"#{key}" in page_links(response)
        assert found.get_absolute_url() in page_links(response)


def test_the_bar_counts_claims_speakers_and_origins(client, story):
    assert "3 claims · 2 speakers · 3 origins" in page_text(page(client, story))


def test_two_unnamed_officials_of_a_story_are_two_speakers_and_one_quoted_twice_is_one(client):
    article = published_article(paragraphs=["One said a. One said b. Another said c."])
    make_claim(article, quote="a", by=unnamed_speaker("One", number=1))
    make_claim(article, quote="said b", by=unnamed_speaker("One", number=1))
    make_claim(article, quote="said c", by=unnamed_speaker("Another", number=2))
    assert "3 claims · 2 speakers · 2 origins" in page_text(page(client, article))


def test_a_story_without_claims_says_so(client):
    said = page_text(page(client, published_article()))
    assert "No claim in this story has been checked for readers yet." in said


def test_a_correction_stands_at_the_top_and_in_the_note_of_the_claim_it_corrects(client, story):
    made = CorrectionFactory(article=story, kind="clarification", note="The bolts are on the north side.")
    made.claims.add(story.claims.get(form="indirect"))
    response = page(client, story)
    said = page_text(response)
    assert said.index("The bolts are on the north side.") < said.index("Inspectors counted")
    assert "Clarification," in said
    assert "The bolts are on the north side." in note_of(response, story.claims.get(form="indirect"))
    assert "The bolts are on the north side." not in note_of(response, story.claims.get(form="direct"))


def test_a_picture_has_its_text_for_the_blind_its_size_and_its_credit(client, story):
    use = ArticleImageFactory(
        article=story, image=ImageFactory(), alt="A bridge", caption="From the quay.", credit="Falk"
    )
    html = page(client, story).content.decode()
    assert 'alt="A bridge" width="4" height="3"' in html
    assert f"/media/{use.image.file.name}" in html
    assert "From the quay. Falk" in page_text(page(client, story))


def test_a_picture_that_came_without_its_file_is_credited_still(client, story):
    ArticleImageFactory(article=story, credit="KCNA")
    assert "Picture: KCNA" in page_text(page(client, story))


def test_related_links_lead_where_they_can(client, story):
    other = published_article(headline="Earlier")
    RelatedLinkFactory(article=story, title="Ours", target=other)
    RelatedLinkFactory(article=story, title="Theirs", url="https://elsewhere.example/x")
    RelatedLinkFactory(article=story, title="Nowhere")
    response = page(client, story)
    assert other.get_absolute_url() in page_links(response)
    assert "https://elsewhere.example/x" in page_links(response)
    assert "Ours Theirs Nowhere" in page_text(response)


@pytest.mark.parametrize("status", ["draft", "in_review", "scheduled"])
def test_a_related_story_that_readers_cannot_see_is_no_link(client, story, status):
    hidden = ArticleFactory(status=status, slug="secret-plan")
    RelatedLinkFactory(article=story, title="Hidden", target=hidden)
    assert "secret-plan" not in page(client, story).content.decode()


def test_topics_lead_to_the_stories_about_them(client):
    response = page(client, published_article(topics=(TopicFactory(name="Harbour", slug="harbour"),)))
    assert "/topics/harbour/" in page_links(response)


def test_a_claim_of_the_draft_of_a_published_story_is_not_shown(client, story):
    draft = add_revision(story, paragraphs=[FALLEN])
    make_claim(story, quote="The bridge has fallen down", by="Ada Roe", revision=draft)
    assert "fallen down" not in page(client, story).content.decode()


def test_a_claim_whose_words_a_correction_took_out_is_gone_and_the_rest_stay(client, story):
    add_revision(story, live=True, paragraphs=[FALLEN])
    make_claim(story, quote="The bridge has fallen down", by="Ada Roe")
    said = page_text(page(client, story))
    assert "1 claim · 1 speaker · 1 origin" in said
    assert "Inspectors counted" not in said


def test_a_retracted_story_keeps_its_page_says_why_and_shows_neither_text_nor_claims(client, story):
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
def test_a_story_that_is_not_out_is_404_for_everybody(client, client_of, chief, status):
    hidden = ArticleFactory(status=status)
    assert page(client, hidden).status_code == 404
    assert page(client_of(chief), hidden).status_code == 404


def test_a_scheduled_story_appears_at_its_time_by_itself(client):
    article = ArticleFactory(status="scheduled", published_at=timezone.now() - timedelta(minutes=1))
    assert page(client, article).status_code == 200


def test_what_is_not_there_is_404_and_offers_a_way_on(client):
    response = client.get("/articles/no-such-story/")
    assert response.status_code == 404
    assert "Search stories and claims" in page_text(response)


def test_words_from_right_to_left_say_so_and_nothing_around_them_does(client):
    html = page(client, published_article(language="ar-EG", headline="جسر")).content.decode()
    assert '<h1 lang="ar-EG" dir="rtl">جسر</h1>' in html
    assert '<html lang="en-gb">' in html


def test_nothing_that_came_in_as_words_goes_out_as_markup(client):
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


def test_takes_five_queries_however_much_there_is(client):
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


def test_of_two_claims_that_end_together_the_first_is_numbered_first(client):
    article = published_article(paragraphs=["“It fell,” Ada said. “All of it.”"])
    for _ in range(5):  # whatever their keys, which are drawn by chance
        make_claim(article, quote=["It fell,", "All of it."], by="Ada")
        make_claim(article, quote="All of it.", by="Ada")
    numbers = re.findall(r'class="ref"[^>]*>(\d+)</a>', page(client, article).content.decode())
    assert numbers == sorted(numbers, key=int)
