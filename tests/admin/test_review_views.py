"""Reviewing a story's claims beside its text: one form a claim, no script, nothing lost, everything taken back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.desk.snapshots import snapshot_version, take_snapshot, with_parts
from articles.models import Claim, DeskAction
from tests.admin.desks import DeskClient
from tests.admin.pages import form_fields, submit_form
from tests.factories import (
    Anchor,
    ArticleFactory,
    ClaimFactory,
    add_revision,
    make_claim,
    make_quantity,
    published_article,
    unnamed_speaker,
)

pytestmark = pytest.mark.django_db

QUOTES = ("will close on Monday", "At least 40 bolts are loose,", "We cannot wait.")


def page(article):
    return reverse("admin:articles_article_review", args=[article.pk])


@pytest.fixture
def desk(editor, client_of):
    return client_of(editor)


@pytest.fixture
def story(db):
    """Three claims that wait, in the order of the text."""
    article = published_article()
    for quote in QUOTES:
        make_claim(article, quote=quote, by="Ada Roe", review="proposed")
    return article


def claims_of(article):
    return list(article.claims.order_by("order"))


def judge(client, article, row, verdict, **more):
    row = with_parts(Claim.objects.filter(pk=row.pk)).get()
    given = {"claim": row.pk, "seen": snapshot_version(take_snapshot(row)), "verdict": verdict, **more}
    return client.post(page(article), given)


def states(article):
    return [row.review for row in claims_of(article)]


def test_each_claim_is_marked_in_the_text_and_has_a_card(desk, story):
    shown = desk.get(page(story))
    html = shown.content.decode()
    for number, (row, quote) in enumerate(zip(claims_of(story), QUOTES, strict=True), start=1):
        assert f'id="{number}"' in html
        assert f">{quote}</mark>" in html
        assert f'id="card-{row.pk}"' in html
    rows = shown.context["rows"]
    assert [[card.number for card in row.cards] for row in rows] == [[1], [2, 3]]


def test_a_card_says_all_there_is_to_know(desk):
    article = published_article()
    make_claim(
        article,
        quote=QUOTES[1],
        by=[unnamed_speaker("an inspector", organisation="The inspectorate"), "Ada Roe"],
        figures=[make_quantity("At least 40", lower=40)],
        cue="told",
        confidence=0.84,
        review="proposed",
    )
    html = desk.get(page(article)).content.decode()
    for words in (
        "an inspector",
        "(The inspectorate)",
        "Ada Roe",
        "At least 40",
        "(40 or more)",
        "“told”",
        "84% sure",
    ):
        assert words in html


def test_a_verdict_is_kept_and_leads_to_the_next_claim_that_waits(desk, editor, story):
    first, second, third = claims_of(story)
    answer = judge(desk, story, first, "accept")
    assert answer["Location"] == f"{page(story)}?at={second.pk}#card-{second.pk}"
    answer = judge(desk, story, third, "reject")
    assert answer["Location"].endswith(f"#card-{second.pk}")  # round again
    answer = judge(desk, story, second, "accept")
    assert answer["Location"].endswith(f"#card-{second.pk}")  # none is left: one stays
    assert states(story) == ["accepted", "accepted", "rejected"]
    first.refresh_from_db()
    assert (first.reviewed_by, first.reviewed_how) == (editor, "desk")
    assert "All 3 claims judged" in desk.get(page(story)).content.decode()


def test_the_first_claim_that_waits_is_the_current_one_unless_the_address_says(desk, story):
    first, second, third = claims_of(story)
    assert desk.get(page(story)).context["current"].claim == first
    assert desk.get(page(story), {"at": third.pk}).context["current"].claim == third
    assert desk.get(page(story), {"after": first.pk}).context["current"].claim == second
    assert desk.get(page(story), {"at": "x", "after": "99999"}).context["current"].claim == first


def test_steps_are_taken_back_one_after_the_other(desk, story):
    first, second, _ = claims_of(story)
    judge(desk, story, first, "accept")
    judge(desk, story, second, "reject")
    assert "Undo: Rejected “At least 40 bolts" in desk.get(page(story)).content.decode()
    answer = desk.post(page(story), {"verdict": "undo"})
    assert answer["Location"].endswith(f"#card-{second.pk}")
    assert states(story) == ["accepted", "proposed", "proposed"]
    desk.post(page(story), {"verdict": "undo"})
    assert states(story) == ["proposed"] * 3
    first.refresh_from_db()
    assert (first.reviewed_at, first.reviewed_by, first.reviewed_how) == (None, None, "")
    desk.post(page(story), {"verdict": "undo"})  # nothing is left to undo
    assert states(story) == ["proposed"] * 3


def test_a_verdict_on_what_somebody_else_has_judged_is_refused_with_who_and_what(desk, chief, client_of, story):
    first, *_ = claims_of(story)
    judge(client_of(chief), story, first, "reject")
    answer = desk.post(page(story), {"claim": first.pk, "seen": "proposed", "verdict": "accept"}, follow=True)
    assert "somebody else has changed this claim" in answer.content.decode()
    assert "Last changed by carl: Rejected “will close on Monday”" in answer.content.decode()
    assert states(story)[0] == "rejected"


def test_the_rest_is_accepted_after_asking(desk, story):
    first, second, third = claims_of(story)
    judge(desk, story, first, "reject")
    asked = desk.post(page(story), {"verdict": "rest"})
    html = asked.content.decode()
    assert second.statement in html
    assert first.statement not in html
    assert states(story) == ["rejected", "proposed", "proposed"]
    new = make_claim(story, quote="the town council", review="proposed")  # found while the editor was reading
    desk.post(page(story), {**form_fields(asked), "verdict": "rest"})
    for row, review in ((first, "rejected"), (second, "accepted"), (third, "accepted"), (new, "proposed")):
        row.refresh_from_db()
        assert row.review == review
    assert second.reviewed_how == "bulk"
    desk.post(page(story), {"verdict": "undo"})
    second.refresh_from_db()
    assert second.review == "proposed"


@pytest.mark.parametrize(
    ("review", "how", "offered"),
    [
        ("proposed", "", {"accept", "reject"}),
        ("accepted", "import", {"accept", "reject"}),
        ("accepted", "bulk", {"accept", "reject"}),
        ("accepted", "desk", {"reject"}),
        ("edited", "desk", {"reject"}),
        ("rejected", "desk", {"accept"}),
    ],
)
def test_a_card_offers_what_would_change_something(desk, review, how, offered):
    article = published_article()
    ClaimFactory(article=article, review=review, **({"reviewed_how": how} if how else {}))
    html = desk.get(page(article)).content.decode()
    assert {verdict for verdict in ("accept", "reject") if f'value="{verdict}"' in html} == offered


def test_a_claim_whose_words_are_gone_stands_apart_and_can_be_judged(desk, story):
    first, *_ = claims_of(story)
    add_revision(story, paragraphs=["All new."])
    Anchor.objects.create(claim=first, revision=story.latest, part="content", start=0, end=5, state="lost")
    shown = desk.get(page(story))
    assert len(shown.context["unplaced"]) == 3
    assert "Not in this text any more" in shown.content.decode()
    judge(desk, story, first, "reject")
    assert states(story)[0] == "rejected"


def test_words_that_look_like_markup_are_shown_as_words(desk):
    article = published_article(paragraphs=["“<script>alert(1)</script> & more,” Ada Roe said."])
    make_claim(article, quote="<script>alert(1)</script>", review="proposed")
    html = desk.get(page(article)).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize("article", [lambda: ArticleFactory(revision=False), published_article])
def test_a_story_without_text_or_claims_says_so(desk, article):
    assert "No claims were found" in desk.get(page(article())).content.decode()


@pytest.mark.parametrize(("who", "status"), [("reporter", 200), ("loader", 200), ("reader", 302)])
def test_others_read_and_judge_nothing(request, client_of, story, who, status):
    client = client_of(request.getfixturevalue(who))
    answer = client.get(page(story))
    assert answer.status_code == status
    assert 'name="verdict"' not in answer.content.decode()
    for given in ({"verdict": "accept"}, {"verdict": "rest", "confirmed": "yes"}, {"verdict": "undo"}):
        row = claims_of(story)[0]
        refused = client.post(page(story), {"claim": row.pk, "seen": "proposed", **given})
        assert refused.status_code == (403 if status == 200 else 302)
    assert states(story) == ["proposed"] * 3


@pytest.mark.parametrize("given", [{}, {"verdict": "publish"}, {"verdict": "accept", "claim": "x"}])
def test_nonsense_changes_nothing(desk, story, given):
    assert desk.post(page(story), given).status_code in (302, 404)
    assert states(story) == ["proposed"] * 3


def test_a_claim_of_another_story_is_not_judged_from_here(desk, story):
    other = ClaimFactory()
    assert judge(desk, story, other, "accept").status_code == 404
    assert Claim.objects.get(pk=other.pk).review == "proposed"


def test_a_story_that_is_not_there_is_not_found(desk):
    assert desk.get(reverse("admin:articles_article_review", args=[99999])).status_code == 404


def test_ten_claims_cost_as_many_queries_as_one(desk):
    article = published_article()

    def one_more() -> None:
        figures = [make_quantity("at least 40", lower=40)]
        make_claim(
            article, quote=QUOTES[1], by=[unnamed_speaker("an official", organisation="A"), "Bo"], figures=figures
        )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page(article)).status_code == 200
        return len(captured)

    one_more()
    queries()
    for_one = queries()
    for _ in range(9):
        one_more()
    assert queries() == for_one
    assert for_one <= 14


# --- One undo with the desk ---


def test_verdict_is_taken_back_at_the_desk(desk, story):
    first, *_ = claims_of(story)
    judge(desk, story, first, "accept")

    DeskClient(desk, story).send_ok("undo")

    assert states(story) == ["proposed"] * 3
    assert DeskAction.objects.get(kind="accept").undone_by is not None


def test_undo_brings_back_what_was_edited_at_the_desk(desk, story):
    first, *_ = claims_of(story)
    DeskClient(desk, story).send_ok("edit", first.pk, fields={"statement": "Other words"})

    answer = desk.post(page(story), {"verdict": "undo"}, follow=True)

    first.refresh_from_db()
    assert first.statement == QUOTES[0]
    assert "Undone: Edited “Other words”." in answer.content.decode()


def test_undo_passes_over_what_was_changed_since(desk, chief, client_of, story):
    first, second, _third = claims_of(story)
    judge(desk, story, first, "accept")
    judge(desk, story, second, "accept")
    judge(client_of(chief), story, second, "reject")

    refused = desk.post(page(story), {"verdict": "undo"}, follow=True)
    assert "Not undone" in refused.content.decode()
    desk.post(page(story), {**form_fields(refused), "verdict": "undo"})

    assert states(story) == ["proposed", "rejected", "proposed"]


def test_verdict_of_the_claim_form_is_taken_back_here(desk, story):
    first, *_ = claims_of(story)
    submit_form(desk, reverse("admin:articles_claim_change", args=[first.pk]), _reject="")
    assert states(story)[0] == "rejected"

    desk.post(page(story), {"verdict": "undo"})

    assert states(story)[0] == "proposed"


def test_accepting_without_speaker_is_refused_with_why(desk, story):
    silent = make_claim(story, quote="the town council", by=(), review="proposed")

    judge(desk, story, silent, "accept")

    assert "this claim has no speaker" in desk.get(page(story)).content.decode()
    silent.refresh_from_db()
    assert silent.review == "proposed"


def test_edit_in_the_claim_form_is_taken_back_here(desk, story):
    first, *_ = claims_of(story)
    submit_form(
        desk, reverse("admin:articles_claim_change", args=[first.pk]), statement="Other", **{"hops-0-verb": "said"}
    )

    desk.post(page(story), {"verdict": "undo"})

    first.refresh_from_db()
    assert (first.statement, first.review) == (QUOTES[0], "proposed")
    assert first.hops.get().verb == ""
