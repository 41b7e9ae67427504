"""A claim's page: its parts are changed by their words, changes are on record, and many are judged after asking."""

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
def desk(editor, client_of):
    return client_of(editor)


@pytest.fixture
def said(db):
    """Said by an unnamed official, passed on by Ada Roe; accepted on import."""
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


def test_a_changed_statement_makes_a_claim_edited(desk, editor, said):
    assert submit_form(desk, page(said), statement="40 bolts or more are loose.").status_code == 302
    row = refreshed(said)
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
def test_so_does_a_change_of_any_of_its_parts(desk, said, change):
    answer = submit_form(desk, page(said), **change)
    assert answer.status_code == 302, form_errors(answer)
    assert refreshed(said).review == "edited"


def test_saving_it_as_it_is_judges_nothing(desk, said):
    before = refreshed(said).reviewed_at
    assert submit_form(desk, page(said)).status_code == 302
    assert (refreshed(said).review, said.reviewed_how, said.reviewed_at) == ("accepted", "import", before)


def test_filing_a_figure_changes_nothing_that_was_said(desk, said):
    ledger = LedgerFactory()
    submit_form(desk, page(said), **{"quantities-0-ledger": ledger.pk})
    assert said.quantities.get().ledger == ledger
    assert refreshed(said).review == "accepted"


def test_a_judgement_made_while_the_page_was_open_is_kept(desk, said):
    page_as_opened = desk.get(page(said))
    Claim.objects.filter(pk=said.pk).update(review="rejected", reviewed_how="desk")
    from tests.admin.pages import form_fields

    desk.post(page(said), {**form_fields(page_as_opened), "statement": "Mended."})
    assert (refreshed(said).review, said.statement) == ("rejected", "Mended.")


# --- The chain ---


def test_hops_change_places(desk, said):
    answer = submit_form(desk, page(said), **{"hops-0-position": "2", "hops-1-position": "1"})
    assert answer.status_code == 302, form_errors(answer)
    assert [(hop.position, str(hop)) for hop in said.hops.all()] == [(1, "Ada Roe"), (2, "an official")]


def test_a_hop_comes_in_between_and_a_gap_is_closed(desk, said):
    between = SourceFactory(name="Harbour Wire", kind="agency")
    new = {
        "hops-TOTAL_FORMS": "3",
        "hops-2-position": "2",
        "hops-2-source": between.pk,
        "hops-2-claim": said.pk,
        "hops-2-explicit": "on",
        "hops-1-position": "7",
    }
    answer = submit_form(desk, page(said), **new)
    assert answer.status_code == 302, form_errors(answer)
    assert [(hop.position, str(hop)) for hop in said.hops.all()] == [
        (1, "an official"),
        (2, "Harbour Wire"),
        (3, "Ada Roe"),
    ]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"hops-1-position": "1"}, "duplicate data for position"),
        ({"hops-0-position": "0"}, "count from 1"),
        ({"hops-1-unnamed": "3"}, "not both"),
        ({"hops-0-mention": ""}, "words of the story"),
    ],
)
def test_a_chain_that_makes_no_sense_is_refused_in_words(desk, said, change, complaint):
    answer = submit_form(desk, page(said), **change)
    assert answer.status_code == 200
    assert complaint in form_errors(answer)
    assert [hop.position for hop in said.hops.all()] == [1, 2]


# --- Where it stands ---

TWICE = "He said no. She said no. “Never,” Ada Roe said."


def test_an_anchor_is_shown_and_changed_by_its_words(desk, said):
    assert f">\n{QUOTE}</textarea>" in desk.get(page(said)).content.decode()
    submit_form(desk, page(said), **{"anchors-0-words": "We cannot wait."})
    anchor = said.anchors.get()
    text = said.article.live.text
    assert text[anchor.start : anchor.end] == "We cannot wait."
    assert refreshed(said).order == anchor.start


def test_words_that_recur_need_their_place_and_nothing_is_guessed(desk):
    said = make_claim(published_article(text=TWICE), quote="Never,")
    again = {"anchors-0-words": "said no."}
    answer = submit_form(desk, page(said), **again)
    assert "more than once in the text, at 3, 16" in form_errors(answer)
    assert submit_form(desk, page(said), **again, **{"anchors-0-start": "16"}).status_code == 302
    assert said.anchors.get().start == 16


def test_words_that_are_not_there_are_refused(desk, said):
    answer = submit_form(desk, page(said), **{"anchors-0-words": "At least 41 bolts"})
    assert "do not occur in the text" in form_errors(answer)


def test_a_new_anchor_stands_in_the_draft_and_in_what_readers_see(desk):
    article = published_article()
    made = make_claim(article, quote=QUOTE, by="Ada Roe")
    draft = add_revision(
        article, paragraphs=["Rain.", "“At least 40 bolts are loose,” engineer Ada Roe told reporters."]
    )
    new = {"anchors-TOTAL_FORMS": "2", "anchors-1-part": "source", "anchors-1-words": "engineer Ada Roe"}
    answer = submit_form(desk, page(made), **new, **{"anchors-1-claim": made.pk})
    assert answer.status_code == 302, form_errors(answer)
    anchors = {anchor.revision: anchor for anchor in made.anchors.filter(part="source")}
    assert anchors.keys() == {draft, article.live}
    for revision, anchor in anchors.items():
        assert revision.text[anchor.start : anchor.end] == "engineer Ada Roe"


def test_a_lost_anchor_waits_for_words_and_is_found_again_by_them(desk, said):
    Anchor.objects.update(state="lost")
    assert "words lost" in desk.get(page(said)).content.decode()
    assert submit_form(desk, page(said)).status_code == 302
    assert said.anchors.get().state == "lost"
    submit_form(desk, page(said), **{"anchors-0-words": "We cannot wait."})
    assert said.anchors.get().state == "exact"


def test_words_across_paragraphs_survive_the_browsers_line_ends(desk):
    article = published_article(text="“It creaks, Ada Roe said.\n\n“And it leans.”")
    made = make_claim(article, quote="Ada Roe said.\n\n“And it leans.”", statement="It leans.")
    before = made.anchors.values().get()
    assert submit_form(desk, page(made)).status_code == 302
    assert made.anchors.values().get() == before
    assert refreshed(made).review == "accepted"
    assert made.reviewed_how == "desk"


def test_only_anchors_in_current_text_are_shown(desk):
    article = published_article()
    made = make_claim(article, quote=QUOTE, by=())
    add_revision(article, live=True)
    assert desk.get(page(made)).content.decode().count('class="form-row has_original') == 0


# --- A claim by hand ---


def test_a_claim_added_by_hand_is_the_editors_own_and_accepted(desk, editor):
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
    answer = submit_form(desk, url, **given)
    assert answer.status_code == 302, form_errors(answer)
    made = Claim.objects.get()
    assert (made.article, made.review, made.reviewed_by, made.extractor) == (article, "accepted", editor, "")
    anchor = made.anchors.get()
    assert article.live.text[anchor.start : anchor.end] == "We cannot wait."
    assert made.order == anchor.start
    assert list(Claim.objects.public()) == [made]


# --- Judging on the page ---


def test_accept_and_reject_are_one_click_and_lead_to_the_next_claim(desk, editor):
    article = published_article()
    first, second = (make_claim(article, quote=words, review="proposed") for words in (QUOTE, "We cannot wait."))
    answer = submit_form(desk, page(first), _accept="")
    assert answer["Location"].endswith(f"/{article.pk}/review/?after={first.pk}")
    assert (refreshed(first).review, first.reviewed_by) == ("accepted", editor)
    shown = desk.get(answer["Location"])
    assert shown.context["current"].claim == second
    submit_form(desk, page(second), _reject="")
    assert refreshed(second).review == "rejected"


def test_accepting_an_edit_keeps_that_it_was_edited(desk, said):
    submit_form(desk, page(said), statement="Mended.", _accept="")
    assert (refreshed(said).review, said.statement) == ("edited", "Mended.")


def test_a_reporter_reads_a_claim_and_judges_nothing(reporter, client_of, said):
    client = client_of(reporter)
    shown = client.get(page(said)).content.decode()
    assert QUOTE in shown
    assert "_accept" not in shown
    assert client.post(page(said), {"statement": "x", "_accept": ""}).status_code == 403


def test_a_judged_claim_is_never_deleted(chief, client_of, said):
    client = client_of(chief)
    url = reverse("admin:articles_claim_delete", args=[said.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    proposed = ClaimFactory()
    client.post(reverse("admin:articles_claim_delete", args=[proposed.pk]), {"post": "yes"})
    assert list(Claim.objects.all()) == [said]


# --- Judging many ---


@pytest.fixture
def many(db):
    article = published_article()
    return [
        make_claim(article, quote=QUOTE, review=state, statement=f"Statement {state}.")
        for state in ("proposed", "rejected", "accepted", "edited")
    ]


def act(client, rows, verdict, **more):
    given = {"action": f"{verdict}_claims", "_selected_action": [row.pk for row in rows], **more}
    return client.post(reverse(LIST), given, follow=True)


def states(rows):
    return [refreshed(row).review for row in rows]


def test_many_are_judged_only_after_asking_with_how_many_and_which(desk, many):
    asked = act(desk, many, "accept").content.decode()
    assert "2 of the 4 selected claims will be accepted" in " ".join(asked.split())
    assert "Statement proposed." in asked
    assert "Statement edited." not in asked
    assert states(many) == ["proposed", "rejected", "accepted", "edited"]


def test_confirmed_they_are_judged_in_bulk_and_the_rest_is_left_alone(desk, editor, many):
    answer = act(desk, many, "accept", confirmed="yes").content.decode()
    assert "Accepted 2 claims; 2 left as they were." in answer
    assert states(many) == ["accepted", "accepted", "accepted", "edited"]
    assert (many[0].reviewed_how, many[0].reviewed_by) == ("bulk", editor)
    assert many[2].reviewed_how == "desk"


def test_rejecting_many(desk, many):
    act(desk, many, "reject", confirmed="yes")
    assert states(many) == ["rejected"] * 4


def test_all_of_a_filtered_list_means_that_list_and_no_more(desk, many):
    url = reverse(LIST) + "?review__exact=proposed"
    given = {"action": "accept_claims", "_selected_action": [many[0].pk], "select_across": "1", "confirmed": "yes"}
    desk.post(url, given)
    assert states(many) == ["accepted", "rejected", "accepted", "edited"]


def test_many_are_taken_back_at_once(desk, many):
    act(desk, many, "reject", confirmed="yes")
    url = reverse("admin:articles_claim_undo")
    assert "Rejected 3 claims" in desk.get(url).content.decode()
    desk.post(url)
    assert states(many) == ["proposed", "rejected", "accepted", "edited"]
    assert "nothing to take back" in desk.get(url).content.decode()


@pytest.mark.parametrize("who", ["reporter", "loader"])
def test_nobody_else_judges_many(request, client_of, many, who):
    client = client_of(request.getfixturevalue(who))
    act(client, many, "accept", confirmed="yes")
    assert states(many) == ["proposed", "rejected", "accepted", "edited"]
    assert client.post(reverse("admin:articles_claim_undo")).status_code == 403


def test_a_claim_of_a_story_without_text_says_what_is_missing(desk):
    article = ArticleFactory(revision=False)
    given = {
        "statement": "x.",
        "form": "direct",
        "modality": "asserted",
        "anchors-TOTAL_FORMS": "1",
        "anchors-0-part": "content",
        "anchors-0-words": "x",
    }
    answer = submit_form(desk, reverse("admin:articles_claim_add") + f"?article={article.pk}", **given)
    assert "no text yet" in form_errors(answer)
