"""The claim form, and the review of many claims in the list."""

import pytest
from django.urls import reverse

from articles.models import Anchor, Claim
from tests.admin.pages import form_errors, submit_form
from tests.factories import (
    ArticleFactory,
    ClaimFactory,
    LedgerFactory,
    SourceFactory,
    add_revision,
    make_claim,
    make_quantity,
    published_article,
    unnamed_speaker,
)

pytestmark = pytest.mark.django_db

QUOTE = "At least 40 bolts are loose,"
LIST = "admin:articles_claim_changelist"


def page(row):
    return reverse("admin:articles_claim_change", args=[row.pk])


@pytest.fixture
def editor_client(editor, client_of):
    return client_of(editor)


@pytest.fixture
def claim(db):
    """A claim of an unnamed official, relayed by Ada Roe; accepted on import."""
    return make_claim(
        published_article(),
        quote=QUOTE,
        by=[unnamed_speaker("an official"), "Ada Roe"],
        figures=[make_quantity("At least 40", lower=40, counts="bolts")],
        reviewed_how="import",
    )


def refreshed(row):
    row.refresh_from_db()
    return row


# --- Editing ---


def test_changed_statement_marks_claim_edited(editor_client, editor, claim):
    assert submit_form(editor_client, page(claim), statement="40 bolts or more are loose.").status_code == 302

    row = refreshed(claim)
    assert (row.review, row.reviewed_by, row.reviewed_how) == ("edited", editor, "desk")
    assert row.statement == "40 bolts or more are loose."
    assert refreshed(row.article).edited_at is not None


@pytest.mark.parametrize(
    "change",
    [
        {"hops-1-mention": "the engineer"},
        {"quantities-0-upper": "50"},
        {"anchors-0-words": "bolts are loose"},
        {"stated_from": "2024-12-17", "stated_to": "2024-12-17"},
        {"hops-1-DELETE": "on"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_changed_part_marks_claim_edited(editor_client, claim, change):
    answer = submit_form(editor_client, page(claim), **change)
    assert answer.status_code == 302, form_errors(answer)
    assert refreshed(claim).review == "edited"


def test_save_without_changes_keeps_review(editor_client, claim):
    before = refreshed(claim).reviewed_at
    assert submit_form(editor_client, page(claim)).status_code == 302
    assert (refreshed(claim).review, claim.reviewed_how, claim.reviewed_at) == ("accepted", "import", before)


def test_ledger_of_a_figure_keeps_review(editor_client, claim):
    ledger = LedgerFactory()
    submit_form(editor_client, page(claim), **{"quantities-0-ledger": ledger.pk})

    assert claim.quantities.get().ledger == ledger
    assert refreshed(claim).review == "accepted"


def test_review_by_others_while_form_is_open_is_kept(editor_client, claim):
    page_as_opened = editor_client.get(page(claim))
    Claim.objects.filter(pk=claim.pk).update(review="rejected", reviewed_how="desk")
    from tests.admin.pages import form_fields

    editor_client.post(page(claim), {**form_fields(page_as_opened), "statement": "Mended."})
    assert (refreshed(claim).review, claim.statement) == ("rejected", "Mended.")


# --- The chain ---


def test_hops_swap_positions(editor_client, claim):
    answer = submit_form(editor_client, page(claim), **{"hops-0-position": "2", "hops-1-position": "1"})
    assert answer.status_code == 302, form_errors(answer)
    assert [(hop.position, str(hop)) for hop in claim.hops.all()] == [(1, "Ada Roe"), (2, "an official")]


def test_inserted_hop_renumbers_the_chain(editor_client, claim):
    between = SourceFactory(name="Harbour Wire", kind="agency")
    new = {
        "hops-TOTAL_FORMS": "3",
        "hops-2-position": "2",
        "hops-2-source": between.pk,
        "hops-2-claim": claim.pk,
        "hops-2-explicit": "on",
        "hops-1-position": "7",
    }

    answer = submit_form(editor_client, page(claim), **new)

    assert answer.status_code == 302, form_errors(answer)
    assert [(hop.position, str(hop)) for hop in claim.hops.all()] == [
        (1, "an official"),
        (2, "Harbour Wire"),
        (3, "Ada Roe"),
    ]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"hops-1-position": "1"}, "duplicate data for position"),
        ({"hops-0-position": "0"}, "start at 1"),
        ({"hops-1-unnamed": "3"}, "not both"),
        ({"hops-0-mention": ""}, "words of the story"),
    ],
)
def test_invalid_chain_is_refused(editor_client, claim, change, complaint):
    answer = submit_form(editor_client, page(claim), **change)
    assert answer.status_code == 200
    assert complaint in form_errors(answer)
    assert [hop.position for hop in claim.hops.all()] == [1, 2]


# --- Place in the text ---

TWICE = "He said no. She said no. “Never,” Ada Roe said."


def test_anchor_is_edited_by_its_text(editor_client, claim):
    assert f">\n{QUOTE}</textarea>" in editor_client.get(page(claim)).content.decode()

    submit_form(editor_client, page(claim), **{"anchors-0-words": "We cannot wait."})
    anchor = claim.anchors.get()
    text = claim.article.live.text
    assert text[anchor.start : anchor.end] == "We cannot wait."
    assert refreshed(claim).order == anchor.start


def test_repeated_anchor_text_needs_an_offset(editor_client):
    claim = make_claim(published_article(text=TWICE), quote="Never,")
    again = {"anchors-0-words": "said no."}

    answer = submit_form(editor_client, page(claim), **again)

    assert "more than once in the text, at 3, 16" in form_errors(answer)
    assert submit_form(editor_client, page(claim), **again, **{"anchors-0-start": "16"}).status_code == 302
    assert claim.anchors.get().start == 16


def test_anchor_text_not_in_the_story_is_refused(editor_client, claim):
    answer = submit_form(editor_client, page(claim), **{"anchors-0-words": "At least 41 bolts"})
    assert "do not occur in the text" in form_errors(answer)


def test_new_anchor_is_saved_for_latest_and_live_revision(editor_client):
    article = published_article()
    made = make_claim(article, quote=QUOTE, by="Ada Roe")
    draft = add_revision(
        article, paragraphs=["Rain.", "“At least 40 bolts are loose,” engineer Ada Roe told reporters."]
    )
    new = {"anchors-TOTAL_FORMS": "2", "anchors-1-part": "source", "anchors-1-words": "engineer Ada Roe"}

    answer = submit_form(editor_client, page(made), **new, **{"anchors-1-claim": made.pk})

    assert answer.status_code == 302, form_errors(answer)

    anchors = {anchor.revision: anchor for anchor in made.anchors.filter(part="source")}
    assert anchors.keys() == {draft, article.live}
    for revision, anchor in anchors.items():
        assert revision.text[anchor.start : anchor.end] == "engineer Ada Roe"


def test_lost_anchor_is_found_by_its_new_text(editor_client, claim):
    Anchor.objects.update(state="lost")
    assert "lost passage" in editor_client.get(page(claim)).content.decode()
    assert submit_form(editor_client, page(claim)).status_code == 302
    assert claim.anchors.get().state == "lost"

    submit_form(editor_client, page(claim), **{"anchors-0-words": "We cannot wait."})
    assert claim.anchors.get().state == "exact"


def test_anchor_across_paragraphs_survives_crlf(editor_client):
    article = published_article(text="“It creaks, Ada Roe said.\n\n“And it leans.”")
    made = make_claim(article, quote="Ada Roe said.\n\n“And it leans.”", statement="It leans.")

    before = made.anchors.values().get()

    assert submit_form(editor_client, page(made)).status_code == 302
    assert made.anchors.values().get() == before
    assert refreshed(made).review == "accepted"
    assert made.reviewed_how == "desk"


def test_only_anchors_in_current_text_are_shown(editor_client):
    article = published_article()
    made = make_claim(article, quote=QUOTE, by=())

    add_revision(article, live=True)

    assert editor_client.get(page(made)).content.decode().count('class="form-row has_original') == 0


# --- A claim by hand ---


def test_claim_added_by_hand_is_accepted(editor_client, editor):
    article = published_article()
    speaker = SourceFactory(name="Ada Roe")
    given = {
        "statement": "They cannot wait.",
        "form": "direct",
        "modality": "asserted",
        "hops-TOTAL_FORMS": "1",
        "hops-0-position": "1",
        "hops-0-source": speaker.pk,
        "hops-0-explicit": "on",
        "anchors-TOTAL_FORMS": "1",
        "anchors-0-part": "content",
        "anchors-0-words": "We cannot wait.",
    }
    url = reverse("admin:articles_claim_add") + f"?article={article.pk}"

    answer = submit_form(editor_client, url, **given)

    assert answer.status_code == 302, form_errors(answer)

    made = Claim.objects.get()
    assert (made.article, made.review, made.reviewed_by, made.extractor) == (article, "accepted", editor, "")

    anchor = made.anchors.get()
    assert article.live.text[anchor.start : anchor.end] == "We cannot wait."
    assert made.order == anchor.start
    assert list(Claim.objects.public()) == [made]


# --- Review on the form ---


def test_save_and_accept_goes_to_the_next_claim(editor_client, editor):
    article = published_article()
    first, second = (make_claim(article, quote=words, review="proposed") for words in (QUOTE, "We cannot wait."))

    answer = submit_form(editor_client, page(first), _accept="")

    assert answer["Location"].endswith(f"/{article.pk}/review/?after={first.pk}")
    assert (refreshed(first).review, first.reviewed_by) == ("accepted", editor)

    shown = editor_client.get(answer["Location"])
    assert shown.context["current"].claim == second

    submit_form(editor_client, page(second), _reject="")
    assert refreshed(second).review == "rejected"


def test_accept_of_changed_claim_stays_edited(editor_client, claim):
    submit_form(editor_client, page(claim), statement="Mended.", _accept="")
    assert (refreshed(claim).review, claim.statement) == ("edited", "Mended.")


def test_reporter_may_not_review_on_the_claim_form(reporter, client_of, claim):
    client = client_of(reporter)
    shown = client.get(page(claim)).content.decode()

    assert QUOTE in shown
    assert "_accept" not in shown
    assert client.post(page(claim), {"statement": "x", "_accept": ""}).status_code == 403


def test_reviewed_claim_cannot_be_deleted(chief, client_of, claim):
    client = client_of(chief)
    url = reverse("admin:articles_claim_delete", args=[claim.pk])

    assert client.post(url, {"post": "yes"}).status_code == 403

    proposed = ClaimFactory()
    client.post(reverse("admin:articles_claim_delete", args=[proposed.pk]), {"post": "yes"})
    assert list(Claim.objects.all()) == [claim]


# --- Review of many claims ---


@pytest.fixture
def many(db):
    article = published_article()
    return [
        make_claim(article, quote=QUOTE, review=state, statement=f"Statement {state}.")
        for state in ("proposed", "rejected", "accepted", "edited")
    ]


def run_action(client, rows, verdict, **more):
    given = {"action": f"{verdict}_claims", "_selected_action": [row.pk for row in rows], **more}
    return client.post(reverse(LIST), given, follow=True)


def states(rows):
    return [refreshed(row).review for row in rows]


def test_bulk_accept_asks_first(editor_client, many):
    asked = run_action(editor_client, many, "accept").content.decode()
    assert "2 of the 4 selected claims will be accepted" in " ".join(asked.split())
    assert "Statement proposed." in asked
    assert "Statement edited." not in asked
    assert states(many) == ["proposed", "rejected", "accepted", "edited"]


def test_bulk_accept_keeps_accepted_claims(editor_client, editor, many):
    answer = run_action(editor_client, many, "accept", confirmed="yes").content.decode()
    assert "Accepted 2 claims; 2 unchanged." in answer
    assert states(many) == ["accepted", "accepted", "accepted", "edited"]
    assert (many[0].reviewed_how, many[0].reviewed_by) == ("bulk", editor)
    assert many[2].reviewed_how == "desk"


def test_bulk_reject_rejects_all(editor_client, many):
    run_action(editor_client, many, "reject", confirmed="yes")
    assert states(many) == ["rejected"] * 4


def test_bulk_accept_of_all_respects_the_filter(editor_client, many):
    url = reverse(LIST) + "?review__exact=proposed"
    given = {"action": "accept_claims", "_selected_action": [many[0].pk], "select_across": "1", "confirmed": "yes"}

    editor_client.post(url, given)

    assert states(many) == ["accepted", "rejected", "accepted", "edited"]


def test_bulk_review_can_be_undone(editor_client, many):
    run_action(editor_client, many, "reject", confirmed="yes")
    url = reverse("admin:articles_claim_undo")

    assert "Rejected 3 claims" in editor_client.get(url).content.decode()

    editor_client.post(url)
    assert states(many) == ["proposed", "rejected", "accepted", "edited"]
    assert "nothing to undo" in editor_client.get(url).content.decode()


@pytest.mark.parametrize("who", ["reporter", "loader"])
def test_bulk_review_needs_permission(request, client_of, many, who):
    client = client_of(request.getfixturevalue(who))
    run_action(client, many, "accept", confirmed="yes")

    assert states(many) == ["proposed", "rejected", "accepted", "edited"]
    assert client.post(reverse("admin:articles_claim_undo")).status_code == 403


def test_anchor_in_a_story_without_text_is_refused(editor_client):
    article = ArticleFactory(revision=False)
    given = {
        "statement": "x.",
        "form": "direct",
        "modality": "asserted",
        "anchors-TOTAL_FORMS": "1",
        "anchors-0-part": "content",
        "anchors-0-words": "x",
    }

    answer = submit_form(editor_client, reverse("admin:articles_claim_add") + f"?article={article.pk}", **given)

    assert "Choose a story that has text" in form_errors(answer)
