"""Create revisions from written text; claims move with their words."""

import pytest
from django.core.exceptions import PermissionDenied

from articles.claims.carry_over import update_claim_order
from articles.claims.propose import find_claims
from articles.editing.revisions import create_revision, parse_body
from articles.editing.versions import restore_revision
from articles.text.body import plain_text
from tests.factories import ArticleFactory, ClaimFactory, make_claim, published_article

pytestmark = pytest.mark.django_db

FIRST = "The harbour bridge will close on Monday, the town council said."
SECOND = "“At least 40 bolts are loose,” engineer Ada Roe told reporters. “We cannot wait.”"


def write(article, by, *paragraphs, **kwargs):
    given = {"headline": "Bridge closed", "summary": "", "body": "\n\n".join(paragraphs)}
    return create_revision(article, by=by, **{**given, **kwargs})


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("One.\r\n \r\n\r\nTwo\r\nlines.", "<p>One.</p>\n<p>Two lines.</p>"),
        ("Fish & chips < 5", "<p>Fish &amp; chips &lt; 5</p>"),
        ("<p>One <em>two</em>.</p>", "<p>One <em>two</em>.</p>"),
        ("<p onclick='x()'>One.</p><script>x()</script>", "<p>One.</p>"),
        ("Read <a href='javascript:x()'>this</a>", "<p>Read this</p>"),
    ],
)
def test_parse_body_reads_html_and_plain_paragraphs(written, body):
    made = parse_body(written)

    assert plain_text(made) == plain_text(body)
    assert "script" not in made
    assert "onclick" not in made
    assert made == body


def test_new_text_makes_a_revision_and_keeps_the_old_one(editor):
    article = ArticleFactory()
    first = article.latest

    second = write(article, editor, FIRST, "It leans.", note="  The tilt.  ")
    article.refresh_from_db()

    assert (second.number, second.author, second.note) == (2, editor, "The tilt.")
    assert second.text == f"{FIRST}\n\nIt leans."
    assert article.latest == second
    assert article.edited_at is not None

    first.refresh_from_db()

    assert first.text != second.text


def test_same_text_makes_no_revision(editor):
    article = ArticleFactory()
    first = write(article, editor, FIRST)

    again = write(article, editor, f"  {FIRST}\n\n\n", headline=" Bridge  closed ")

    assert again == first


def test_first_revision_has_number_1(editor):
    article = ArticleFactory(revision=False)
    assert write(article, editor, FIRST).number == 1


@pytest.mark.parametrize("words", [{"headline": " "}, {"body": " \n\n "}, {"body": "<p> </p>"}])
def test_revision_needs_a_headline_and_a_text(editor, words):
    with pytest.raises(ValueError, match="needs a headline"):
        write(ArticleFactory(), editor, FIRST, **words)


def test_new_revision_is_not_live(editor):
    article = published_article()
    live = article.live

    write(article, editor, "Quite another story.")
    article.refresh_from_db()

    assert article.live == live


def test_reporter_may_write_until_publication(reporter):
    write(ArticleFactory(), reporter, FIRST)
    write(ArticleFactory(status="in_review"), reporter, FIRST)
    for status in ("scheduled", "published", "retracted"):
        with pytest.raises(PermissionDenied):
            write(ArticleFactory(status=status), reporter, FIRST)


def test_existing_claim_moves_with_its_words(editor):
    article = published_article()
    kept = make_claim(article, quote="At least 40 bolts are loose,", by="Ada Roe", review="accepted")
    before = kept.order
    revision = write(article, editor, "Rain fell on the harbour all night.", FIRST, SECOND)

    anchor = kept.anchors.get(revision=revision)

    assert revision.text[anchor.start : anchor.end] == "At least 40 bolts are loose,"
    assert anchor.state == "moved"

    kept.refresh_from_db()

    assert (kept.review, kept.order) == ("accepted", anchor.start)
    assert kept.order > before


def test_claim_without_its_words_is_lost_not_deleted(editor):
    article = published_article()
    kept = make_claim(article, quote="At least 40 bolts are loose,", by="Ada Roe")

    revision = write(article, editor, FIRST)

    assert kept.anchors.get(revision=revision).state == "lost"
    assert article.claims.filter(pk=kept.pk).exists()


def test_claims_in_new_text_are_proposed(editor):
    article = ArticleFactory(revision=False)
    write(article, editor, "“The pier is next,” Mayor Bo Lind said on Monday.")

    found = article.claims.get()

    assert (found.review, found.hops.get().source.name) == ("proposed", "Bo Lind")


def test_finding_claims_again_proposes_nothing_twice(editor):
    article = ArticleFactory(revision=False)
    write(article, editor, "“The pier is next,” Mayor Bo Lind said on Monday.")
    article.refresh_from_db()

    plan = find_claims(article)

    assert (plan.new, article.claims.count()) == ((), 1)


def test_claim_order_follows_its_first_words():
    made = ClaimFactory()
    made.anchors.update(start=7, end=9)

    update_claim_order(made)
    made.refresh_from_db()

    assert made.order == 7


# --- Lost anchors are never measured against a text ---

LONG = "Nobody had thought that the ferry would be late for a whole week, skipper Ada Roe said on Tuesday."


def test_story_whose_last_claim_is_cut_can_be_saved_again(editor):
    article = published_article(paragraphs=[FIRST, LONG])
    made = make_claim(article, quote=LONG[:-33], by="Ada Roe")
    write(article, editor, FIRST)

    last = write(article, editor, FIRST.replace("Monday", "Sunday"))

    lost = made.anchors.filter(revision=last, part="content").get()
    assert lost.state == "lost"
    first = made.anchors.filter(revision__number=1, part="content").get()
    assert (lost.start, lost.end) == (first.start, first.end)


def test_cut_words_can_be_restored_after_another_save(editor):
    article = published_article(paragraphs=[FIRST, LONG])
    make_claim(article, quote=LONG[:-33], by="Ada Roe")
    first = article.latest
    write(article, editor, FIRST)
    seen = write(article, editor, FIRST, headline="Another headline")

    restored = restore_revision(article, first, seen=seen.pk, by=editor)

    assert restored.text == first.text


def test_anchor_beyond_the_text_is_lost_at_the_next_save(editor):
    article = published_article(paragraphs=[FIRST])
    made = make_claim(article, quote="will close on Monday", by="Ada Roe")
    made.anchors.update(end=10_000)

    second = write(article, editor, FIRST, SECOND)

    assert set(made.anchors.filter(revision=second).values_list("state", flat=True)) == {"lost"}
