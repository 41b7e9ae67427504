"""The plain review page: forms that work without scripts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.desk.snapshots import snapshot_version, take_snapshot, with_parts
from articles.errors import NoSpeakerError, changed_meanwhile
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
def editor_client(editor, client_of):
    return client_of(editor)


@pytest.fixture
def article(db):
    """An article with three proposed claims, in the order of the text."""
    article = published_article()
    for quote in QUOTES:
        make_claim(article, quote=quote, by="Ada Roe", review="proposed")
    return article


def claims_of(article):
    return list(article.claims.order_by("order"))


def review(client, article, row, verdict, **more):
    row = with_parts(Claim.objects.filter(pk=row.pk)).get()
    given = {"claim": row.pk, "seen": snapshot_version(take_snapshot(row)), "verdict": verdict, **more}
    return client.post(page(article), given)


def states(article):
    return [row.review for row in claims_of(article)]


def test_each_claim_has_a_mark_and_a_card(editor_client, article):
    shown = editor_client.get(page(article))
    html = shown.content.decode()

    for number, (row, quote) in enumerate(zip(claims_of(article), QUOTES, strict=True), start=1):
        assert f'id="{number}"' in html
        assert f">{quote}</mark>" in html
        assert f'id="card-{row.pk}"' in html

    rows = shown.context["rows"]
    assert [[card.number for card in row.cards] for row in rows] == [[1], [2, 3]]


def test_card_shows_chain_figures_cue_and_confidence(editor_client):
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

    html = editor_client.get(page(article)).content.decode()

    for text in (
        "an inspector",
        "(The inspectorate)",
        "Ada Roe",
        "At least 40",
        "(40 or more)",
        "“told”",
        "84% confidence",
    ):
        assert text in html


def test_review_goes_to_the_next_waiting_claim(editor_client, editor, article):
    first, second, third = claims_of(article)
    answer = review(editor_client, article, first, "accept")

    assert answer["Location"] == f"{page(article)}?at={second.pk}#card-{second.pk}"

    answer = review(editor_client, article, third, "reject")
    assert answer["Location"].endswith(f"#card-{second.pk}")  # round again

    answer = review(editor_client, article, second, "accept")
    assert answer["Location"].endswith(f"#card-{second.pk}")  # none is left: one stays
    assert states(article) == ["accepted", "accepted", "rejected"]

    first.refresh_from_db()
    assert (first.reviewed_by, first.reviewed_how) == (editor, "desk")
    assert "All 3 claims reviewed" in editor_client.get(page(article)).content.decode()


def test_current_claim_is_first_waiting_or_from_the_url(editor_client, article):
    first, second, third = claims_of(article)
    assert editor_client.get(page(article)).context["current"].claim == first
    assert editor_client.get(page(article), {"at": third.pk}).context["current"].claim == third
    assert editor_client.get(page(article), {"after": first.pk}).context["current"].claim == second
    assert editor_client.get(page(article), {"at": "x", "after": "99999"}).context["current"].claim == first


def test_undo_goes_back_one_action_at_a_time(editor_client, article):
    first, second, _ = claims_of(article)
    review(editor_client, article, first, "accept")

    review(editor_client, article, second, "reject")

    assert "Undo: Rejected “At least 40 bolts" in editor_client.get(page(article)).content.decode()

    answer = editor_client.post(page(article), {"verdict": "undo"})
    assert answer["Location"].endswith(f"#card-{second.pk}")
    assert states(article) == ["accepted", "proposed", "proposed"]

    editor_client.post(page(article), {"verdict": "undo"})
    assert states(article) == ["proposed"] * 3

    first.refresh_from_db()
    assert (first.reviewed_at, first.reviewed_by, first.reviewed_how) == (None, None, "")

    editor_client.post(page(article), {"verdict": "undo"})  # nothing is left to undo
    assert states(article) == ["proposed"] * 3


def test_stale_review_is_refused_with_last_change(editor_client, chief, client_of, article):
    first, *_ = claims_of(article)
    review(client_of(chief), article, first, "reject")

    answer = editor_client.post(
        page(article), {"claim": first.pk, "seen": "proposed", "verdict": "accept"}, follow=True
    )

    assert changed_meanwhile([first.pk], {}).sentence in answer.content.decode()
    assert "Last change by carl: Rejected “will close on Monday”" in answer.content.decode()
    assert states(article)[0] == "rejected"


def test_accept_rest_asks_first(editor_client, article):
    first, second, third = claims_of(article)
    review(editor_client, article, first, "reject")
    asked = editor_client.post(page(article), {"verdict": "rest"})

    html = asked.content.decode()

    assert second.statement in html
    assert first.statement not in html
    assert states(article) == ["rejected", "proposed", "proposed"]

    new = make_claim(article, quote="the town council", review="proposed")  # found while the editor was reading
    editor_client.post(page(article), {**form_fields(asked), "verdict": "rest"})
    for row, state in ((first, "rejected"), (second, "accepted"), (third, "accepted"), (new, "proposed")):
        row.refresh_from_db()
        assert row.review == state
    assert second.reviewed_how == "bulk"

    editor_client.post(page(article), {"verdict": "undo"})
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
def test_card_offers_only_reviews_that_change_it(editor_client, review, how, offered):
    article = published_article()
    ClaimFactory(article=article, review=review, **({"reviewed_how": how} if how else {}))

    html = editor_client.get(page(article)).content.decode()

    assert {verdict for verdict in ("accept", "reject") if f'value="{verdict}"' in html} == offered


def test_lost_claim_is_listed_apart_and_can_be_rejected(editor_client, article):
    first, *_ = claims_of(article)
    add_revision(article, paragraphs=["All new."])
    Anchor.objects.create(claim=first, revision=article.latest, part="content", start=0, end=5, state="lost")

    shown = editor_client.get(page(article))

    assert len(shown.context["unplaced"]) == 3
    assert "No longer in this text" in shown.content.decode()

    review(editor_client, article, first, "reject")
    assert states(article)[0] == "rejected"


def test_markup_in_the_text_is_escaped(editor_client):
    article = published_article(paragraphs=["“<script>alert(1)</script> & more,” Ada Roe said."])
    make_claim(article, quote="<script>alert(1)</script>", review="proposed")

    html = editor_client.get(page(article)).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize("article", [lambda: ArticleFactory(revision=False), published_article])
def test_article_without_claims_says_so(editor_client, article):
    assert "This story has no claims yet." in editor_client.get(page(article())).content.decode()


@pytest.mark.parametrize(("who", "status"), [("reporter", 200), ("loader", 200), ("reader", 302)])
def test_review_needs_permission(request, client_of, article, who, status):
    client = client_of(request.getfixturevalue(who))
    answer = client.get(page(article))

    assert answer.status_code == status
    assert 'name="verdict"' not in answer.content.decode()

    for given in ({"verdict": "accept"}, {"verdict": "rest", "confirmed": "yes"}, {"verdict": "undo"}):
        row = claims_of(article)[0]
        refused = client.post(page(article), {"claim": row.pk, "seen": "proposed", **given})
        assert refused.status_code == (403 if status == 200 else 302)
    assert states(article) == ["proposed"] * 3


@pytest.mark.parametrize("given", [{}, {"verdict": "publish"}, {"verdict": "accept", "claim": "x"}])
def test_invalid_post_changes_nothing(editor_client, article, given):
    assert editor_client.post(page(article), given).status_code in (302, 404)
    assert states(article) == ["proposed"] * 3


def test_claim_of_another_article_is_404(editor_client, article):
    other = ClaimFactory()
    assert review(editor_client, article, other, "accept").status_code == 404
    assert Claim.objects.get(pk=other.pk).review == "proposed"


def test_unknown_article_is_404(editor_client):
    assert editor_client.get(reverse("admin:articles_article_review", args=[99999])).status_code == 404


def test_review_page_queries_do_not_grow_with_claims(editor_client):
    article = published_article()

    def one_more() -> None:
        figures = [make_quantity("at least 40", lower=40)]
        make_claim(
            article, quote=QUOTES[1], by=[unnamed_speaker("an official", organisation="A"), "Bo"], figures=figures
        )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert editor_client.get(page(article)).status_code == 200
        return len(captured)

    one_more()
    queries()
    for_one = queries()
    for _ in range(9):
        one_more()
    assert queries() == for_one
    assert for_one <= 14


# --- The same undo as at the desk ---


def test_review_is_undone_at_the_desk(editor_client, article):
    first, *_ = claims_of(article)
    review(editor_client, article, first, "accept")

    DeskClient(editor_client, article).send_ok("undo")

    assert states(article) == ["proposed"] * 3
    assert DeskAction.objects.get(kind="accept").undone_by is not None


def test_undo_restores_an_edit_of_the_desk(editor_client, article):
    first, *_ = claims_of(article)
    DeskClient(editor_client, article).send_ok("edit", first.pk, fields={"statement": "Other words"})

    answer = editor_client.post(page(article), {"verdict": "undo"}, follow=True)

    first.refresh_from_db()
    assert first.statement == QUOTES[0]
    assert "Undone: Edited “Other words”." in answer.content.decode()


def test_undo_skips_an_action_that_became_stale(editor_client, chief, client_of, article):
    first, second, _third = claims_of(article)
    review(editor_client, article, first, "accept")
    review(editor_client, article, second, "accept")
    review(client_of(chief), article, second, "reject")

    refused = editor_client.post(page(article), {"verdict": "undo"}, follow=True)
    assert "Could not undo" in refused.content.decode()
    editor_client.post(page(article), {**form_fields(refused), "verdict": "undo"})

    assert states(article) == ["proposed", "rejected", "proposed"]


def test_undo_restores_a_review_of_the_claim_form(editor_client, article):
    first, *_ = claims_of(article)
    submit_form(editor_client, reverse("admin:articles_claim_change", args=[first.pk]), _reject="")
    assert states(article)[0] == "rejected"

    editor_client.post(page(article), {"verdict": "undo"})

    assert states(article)[0] == "proposed"


def test_accept_without_speaker_is_refused(editor_client, article):
    unattributed = make_claim(article, quote="the town council", by=(), review="proposed")

    review(editor_client, article, unattributed, "accept")

    assert str(NoSpeakerError([unattributed.pk])) in editor_client.get(page(article)).content.decode()
    unattributed.refresh_from_db()
    assert unattributed.review == "proposed"


def test_undo_restores_an_edit_of_the_claim_form(editor_client, article):
    first, *_ = claims_of(article)
    submit_form(
        editor_client,
        reverse("admin:articles_claim_change", args=[first.pk]),
        statement="Other",
        **{"hops-0-verb": "said"},
    )

    editor_client.post(page(article), {"verdict": "undo"})

    first.refresh_from_db()
    assert (first.statement, first.review) == (QUOTES[0], "proposed")
    assert first.hops.get().verb == ""
