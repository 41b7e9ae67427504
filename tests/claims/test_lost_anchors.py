"""Lost anchors: old passages, suggestions, setting a new place, and the page."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from articles.claims.lost_anchors import describe_lost_anchors, lost_anchor_queue, set_anchor, suggest_places
from articles.editing.revisions import create_revision
from articles.errors import StaleError
from articles.models import Anchor, Claim
from articles.text.find import PassageNotFoundError
from record import log
from tests.factories import ArticleFactory, add_revision, make_claim, published_article

pytestmark = pytest.mark.django_db

OLD = "The council met. Inspectors counted at least 40 loose bolts, deputy Ada Roe said on Monday. It rained."
NEW = "The council met. Inspectors found at least 44 loose bolts, deputy Ada Roe said on Tuesday. It rained."
URL = reverse("admin:articles_claim_lost")


@pytest.fixture
def changed(editor):
    """Return a claim whose words an edit has changed."""
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


def lost_anchor(made) -> Anchor:
    return made.anchors.get(revision=made.article.latest, part="content")


def test_lost_anchor_has_old_passage_and_suggestions(changed):
    [found] = describe_lost_anchors(list(lost_anchor_queue()))

    assert (found.old_passage.text, found.revision_number) == ("Inspectors counted at least 40 loose bolts", 1)
    assert found.old_passage.after.startswith(", deputy Ada Roe said on Monday")

    best = found.suggestions[0]

    assert best.text == "Inspectors found at least 44 loose bolts"
    assert NEW[best.start : best.end] == best.text


def test_lost_anchor_after_two_edits_has_its_last_passage(changed, editor):
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
def test_best_suggestion_comes_first(old, words, new, best):
    start = old.index(words)
    first = suggest_places(old, new, (start, start + len(words)))[0]

    assert new[first.start : first.end] == best


def test_dissimilar_text_gives_no_suggestion():
    assert suggest_places("It is unsafe.", "Per sang loudly.", (0, 13)) == []


def test_set_anchor_moves_cue_and_speaker_and_is_logged(changed, editor):
    anchor = set_anchor(lost_anchor(changed), "Inspectors found at least 44 loose bolts", by=editor)

    assert (anchor.state, NEW[anchor.start : anchor.end]) == ("exact", "Inspectors found at least 44 loose bolts")

    speaker = changed.anchors.get(revision=changed.article.latest, part="source")

    assert (speaker.state != "lost", NEW[speaker.start : speaker.end]) == (True, "deputy Ada Roe")

    changed.refresh_from_db()

    assert changed.order == anchor.start

    entry = log.entries_for(changed).get()

    assert entry.details == {
        "words": "Inspectors found at least 44 loose bolts",
        "was": "Inspectors counted at least 40 loose bolts",
    }
    assert not lost_anchor_queue().exists()


def test_placed_claim_is_public_again(changed, editor):
    article = changed.article
    article.live = article.latest

    article.save(update_fields=["live"])

    assert not Claim.objects.public().exists()

    set_anchor(lost_anchor(changed), "Inspectors found at least 44 loose bolts", by=editor)

    assert Claim.objects.public().exists()


def test_set_anchor_that_is_already_placed_is_refused(changed, editor):
    anchor = lost_anchor(changed)
    set_anchor(anchor, "at least 44 loose bolts", by=editor)

    with pytest.raises(StaleError, match="already placed"):
        set_anchor(anchor, "loose bolts", by=editor)


def test_set_anchor_of_an_old_revision_is_refused(changed, editor):
    anchor = lost_anchor(changed)
    create_revision(changed.article, headline="Bolts", summary="", body=NEW + " It snowed.", by=editor)

    with pytest.raises(StaleError, match="changed again"):
        set_anchor(anchor, "at least 44 loose bolts", by=editor)


def test_set_anchor_to_missing_words_is_refused(changed, editor):
    with pytest.raises(PassageNotFoundError):
        set_anchor(lost_anchor(changed), "at least 45 loose bolts", by=editor)
    assert lost_anchor(changed).state == "lost"


def test_set_anchor_needs_the_review_permission(changed, reporter):
    with pytest.raises(PermissionDenied):
        set_anchor(lost_anchor(changed), "at least 44 loose bolts", by=reporter)


# --- The page ---


def test_page_shows_both_passages_and_takes_a_suggestion(changed, editor, client_of):
    client = client_of(editor)
    html = client.get(URL).content.decode()

    assert "<mark>Inspectors counted at least 40 loose bolts</mark>" in html
    assert "<mark>Inspectors found at least 44 loose bolts</mark>" in html

    start = NEW.index("Inspectors")
    end = start + len("Inspectors found at least 44 loose bolts")
    client.post(URL, {"anchor": lost_anchor(changed).pk, "suggestion": f"{start}-{end}"})

    assert (lost_anchor(changed).start, lost_anchor(changed).end, lost_anchor(changed).state) == (start, end, "exact")


def test_selected_one_of_repeated_words_is_taken(editor, client_of):
    article = ArticleFactory(paragraphs=["It is unsafe, she said."])
    made = make_claim(article, quote="It is unsafe", by="Ada Roe")
    body = "<p>It was closed.</p><p>It shut. It shut.</p>"
    create_revision(article, headline="Shut", summary="", body=body, by=editor)
    article.refresh_from_db()
    made.article = article
    client, anchor = client_of(editor), lost_anchor(made)

    answer = client.post(URL, {"anchor": anchor.pk, "passage": "It shut."}, follow=True)

    assert "occur more than once in the text" in answer.content.decode()

    near = article.latest.text.rindex("It shut.")
    client.post(URL, {"anchor": anchor.pk, "passage": "It shut.", "near": near})

    assert lost_anchor(made).start == near


def test_page_rejects_a_claim_that_is_gone(changed, editor, client_of):
    client_of(editor).post(URL, {"anchor": lost_anchor(changed).pk, "reject": "yes"})
    changed.refresh_from_db()

    assert changed.review == "rejected"
    assert not lost_anchor_queue().exists()


@pytest.mark.parametrize(
    "given",
    [{}, {"anchor": "x"}, {"anchor": "999999"}, {"suggestion": "5"}, {"suggestion": "9-3"}, {"suggestion": "0-99999"}],
)
def test_invalid_form_data_changes_nothing(changed, editor, client_of, given):
    answer = client_of(editor).post(URL, {"anchor": lost_anchor(changed).pk, **given}, follow=True)

    assert answer.status_code == 200
    assert lost_anchor(changed).state == "lost"


@pytest.mark.parametrize("who", ["reporter", "loader"])
def test_page_needs_the_review_permission(request, client_of, changed, who):
    client = client_of(request.getfixturevalue(who))

    assert client.get(URL).status_code == 403
    assert client.post(URL, {"anchor": lost_anchor(changed).pk, "reject": "yes"}).status_code == 403


def test_empty_queue_is_reported(editor, client_of):
    assert "No lost passages" in client_of(editor).get(URL).content.decode()


def test_page_query_count_is_constant(editor, client_of, django_assert_max_num_queries):
    client = client_of(editor)

    def lose_one():
        made = make_claim(published_article(paragraphs=[OLD]), quote="It rained.", by="Ada Roe")
        revision = add_revision(made.article, paragraphs=[NEW.replace("rained", "hailed")])
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


def test_other_piece_is_not_mistaken_for_the_lost_one(editor):
    """The second piece of a claim moves to the old offsets of the first, lost one."""
    article = published_article(paragraphs=["one two. “aaaa bbbb” or “cccc dddd” she said."])
    made = make_claim(article, quote=["aaaa bbbb", "cccc dddd"], by="Ada Roe")
    first = made.anchors.filter(part="content").earliest("start")
    later = add_revision(article, text="one two. “cccc dddd” she said.", body="<p>one two. “cccc dddd” she said.</p>")
    for state in ("lost", "moved"):
        Anchor.objects.create(
            claim=made, revision=later, part="content", start=first.start, end=first.end, state=state
        )

    [found] = describe_lost_anchors(list(lost_anchor_queue()))

    assert (found.old_passage.text, found.revision_number) == ("aaaa bbbb", 1)
