"""Lost passages: where each stood, where it may stand now, and choosing its place; at the desk too."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from articles.claims.lost_anchors import describe_lost_anchors, lost_anchor_queue, set_anchor, suggest_places
from articles.editing.revisions import create_revision
from articles.errors import StaleError
from articles.models import Anchor, Claim
from articles.text.find import PassageNotFoundError
from record import log
from tests.factories import ArticleFactory, make_claim, published_article
from tests.factories import add_revision as revise_by_factory

pytestmark = pytest.mark.django_db

OLD = "The council met. Inspectors counted at least 40 loose bolts, deputy Ada Roe said on Monday. It rained."
NEW = "The council met. Inspectors found at least 44 loose bolts, deputy Ada Roe said on Tuesday. It rained."
URL = reverse("admin:articles_claim_lost")


@pytest.fixture
def changed(editor):
    """A claim whose words an edit changed."""
    article = published_article(paragraphs=[OLD])
    made = make_claim(
        article,
        quote="Inspectors counted at least 40 loose bolts",
        by="Ada Roe",
        cue="said on Monday",
        mention="deputy Ada Roe",
    )
    create_revision(article, headline="Bolts", summary="", body=NEW, by=editor)
    article.refresh_from_db()
    made.article = article
    return made


def lost_of(made) -> Anchor:
    return made.anchors.get(revision=made.article.latest, part="content")


def test_a_lost_passage_is_shown_as_it_stood_and_where_it_may_stand(changed):
    [found] = describe_lost_anchors(list(lost_anchor_queue()))
    assert (found.old_passage.text, found.revision_number) == ("Inspectors counted at least 40 loose bolts", 1)
    assert found.old_passage.after.startswith(", deputy Ada Roe said on Monday")
    best = found.suggestions[0]
    assert best.text == "Inspectors found at least 44 loose bolts"
    assert NEW[best.start : best.end] == best.text


def test_through_several_edits_it_is_shown_as_it_stood_last(changed, editor):
    article = changed.article
    create_revision(article, headline="Bolts", summary="", body=NEW.replace("rained", "snowed"), by=editor)
    [found] = describe_lost_anchors(list(lost_anchor_queue()))
    assert (found.old_passage.text, found.revision_number) == ("Inspectors counted at least 40 loose bolts", 1)
    assert found.anchor.revision.number == 3


@pytest.mark.parametrize(
    ("old", "words", "new", "best"),
    [
        ("He said it is unsafe.", "it is unsafe", "She wrote: it is unsafe. It was.", "it is unsafe"),
        ("“We cannot wait,” she said.", "We cannot wait,", "“We can not wait,” she said.", "We can not wait,"),
        ("The toll is 12, he said.", "The toll is 12", "It rained. The toll is 14, he said.", "The toll is 14"),
    ],
)
def test_the_best_suggestion(old, words, new, best):
    start = old.index(words)
    first = suggest_places(old, new, (start, start + len(words)))[0]
    assert new[first.start : first.end] == best


def test_nothing_alike_is_no_suggestion():
    assert suggest_places("It is unsafe.", "Per sang loudly.", (0, 13)) == []


def test_a_chosen_place_is_taken_with_its_cue_and_speaker_and_is_on_record(changed, editor):
    anchor = set_anchor(lost_of(changed), "Inspectors found at least 44 loose bolts", by=editor)
    assert (anchor.state, NEW[anchor.start : anchor.end]) == ("exact", "Inspectors found at least 44 loose bolts")
    speaker = changed.anchors.get(revision=changed.article.latest, part="source")
    assert (speaker.state != "lost", NEW[speaker.start : speaker.end]) == (True, "deputy Ada Roe")
    changed.refresh_from_db()
    assert changed.order == anchor.start
    act = log.entries_for(changed).get()
    assert act.details == {
        "words": "Inspectors found at least 44 loose bolts",
        "was": "Inspectors counted at least 40 loose bolts",
    }
    assert not lost_anchor_queue().exists()


def test_once_it_has_its_place_readers_see_the_claim_again(changed, editor):
    article = changed.article
    article.live = article.latest
    article.save(update_fields=["live"])
    assert not Claim.objects.public().exists()
    set_anchor(lost_of(changed), "Inspectors found at least 44 loose bolts", by=editor)
    assert Claim.objects.public().exists()


def test_somebody_was_quicker(changed, editor):
    anchor = lost_of(changed)
    set_anchor(anchor, "at least 44 loose bolts", by=editor)
    with pytest.raises(StaleError, match="found the place"):
        set_anchor(anchor, "loose bolts", by=editor)


def test_the_text_changed_again_meanwhile(changed, editor):
    anchor = lost_of(changed)
    create_revision(changed.article, headline="Bolts", summary="", body=NEW + " It snowed.", by=editor)
    with pytest.raises(StaleError, match="changed again"):
        set_anchor(anchor, "at least 44 loose bolts", by=editor)


def test_words_that_are_not_there_are_no_place(changed, editor):
    with pytest.raises(PassageNotFoundError):
        set_anchor(lost_of(changed), "at least 45 loose bolts", by=editor)
    assert lost_of(changed).state == "lost"


def test_whoever_may_not_review_finds_no_place(changed, reporter):
    with pytest.raises(PermissionDenied):
        set_anchor(lost_of(changed), "at least 44 loose bolts", by=reporter)


# --- The page ---


def test_the_page_shows_both_and_a_suggestion_is_taken(changed, editor, client_of):
    client = client_of(editor)
    html = client.get(URL).content.decode()
    assert "<mark>Inspectors counted at least 40 loose bolts</mark>" in html
    assert "<mark>Inspectors found at least 44 loose bolts</mark>" in html
    start = NEW.index("Inspectors")
    end = start + len("Inspectors found at least 44 loose bolts")
    client.post(URL, {"anchor": lost_of(changed).pk, "suggestion": f"{start}-{end}"})
    assert (lost_of(changed).start, lost_of(changed).end, lost_of(changed).state) == (start, end, "exact")


def test_of_words_that_recur_the_ones_that_were_selected_are_taken(editor, client_of):
    article = ArticleFactory(paragraphs=["It is unsafe, she said."])
    made = make_claim(article, quote="It is unsafe", by="Ada Roe")
    body = "<p>It was closed.</p><p>It shut. It shut.</p>"
    create_revision(article, headline="Shut", summary="", body=body, by=editor)
    article.refresh_from_db()
    made.article = article
    client, anchor = client_of(editor), lost_of(made)
    answer = client.post(URL, {"anchor": anchor.pk, "words": "It shut."}, follow=True)
    assert "occur more than once in the text" in answer.content.decode()
    near = article.latest.text.rindex("It shut.")
    client.post(URL, {"anchor": anchor.pk, "words": "It shut.", "near": near})
    assert lost_of(made).start == near


def test_a_claim_that_is_no_longer_made_is_rejected(changed, editor, client_of):
    client_of(editor).post(URL, {"anchor": lost_of(changed).pk, "reject": "yes"})
    changed.refresh_from_db()
    assert changed.review == "rejected"
    assert not lost_anchor_queue().exists()


@pytest.mark.parametrize(
    "given",
    [{}, {"anchor": "x"}, {"anchor": "999999"}, {"suggestion": "5"}, {"suggestion": "9-3"}, {"suggestion": "0-99999"}],
)
def test_an_odd_answer_changes_nothing_and_breaks_nothing(changed, editor, client_of, given):
    answer = client_of(editor).post(URL, {"anchor": lost_of(changed).pk, **given}, follow=True)
    assert answer.status_code == 200
    assert lost_of(changed).state == "lost"


@pytest.mark.parametrize("who", ["reporter", "loader"])
def test_others_do_not_get_the_queue(request, client_of, changed, who):
    client = client_of(request.getfixturevalue(who))
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"anchor": lost_of(changed).pk, "reject": "yes"}).status_code == 403


def test_an_empty_queue_says_so(editor, client_of):
    assert "Nothing waits" in client_of(editor).get(URL).content.decode()


def test_the_page_costs_the_same_for_one_and_for_many(editor, client_of, django_assert_max_num_queries):
    client = client_of(editor)

    def lose_one():
        made = make_claim(published_article(paragraphs=[OLD]), quote="It rained.", by="Ada Roe")
        revision = revise_by_factory(made.article, paragraphs=[NEW.replace("rained", "hailed")])
        old = made.anchors.get(part="content")
        Anchor.objects.create(
            claim=made, revision=revision, part="content", start=old.start, end=old.end, state="lost"
        )

    lose_one()
    client.get(URL)
    for _ in range(6):
        lose_one()
    with django_assert_max_num_queries(13):
        assert len(client.get(URL).context["rows"]) == 7


def test_place_of_another_piece_is_not_taken_for_the_lost_one(editor):
    """Two pieces of one claim; the second moves to the offsets that the first had before it was lost."""
    article = published_article(paragraphs=["one two. “aaaa bbbb” or “cccc dddd” she said."])
    made = make_claim(article, quote=["aaaa bbbb", "cccc dddd"], by="Ada Roe")
    first = made.anchors.filter(part="content").earliest("start")
    later = revise_by_factory(
        article, text="one two. “cccc dddd” she said.", body="<p>one two. “cccc dddd” she said.</p>"
    )
    for state in ("lost", "moved"):
        Anchor.objects.create(
            claim=made, revision=later, part="content", start=first.start, end=first.end, state=state
        )

    [found] = describe_lost_anchors(list(lost_anchor_queue()))

    assert (found.old_passage.text, found.revision_number) == ("aaaa bbbb", 1)
