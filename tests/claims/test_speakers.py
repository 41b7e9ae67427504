"""A claim without a speaker is never public, however it is accepted."""

import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.claims import review
from articles.claims.build import build_from_drafts
from articles.errors import NoSpeakerError
from articles.models import Claim
from articles.parsing.draft import DraftClaim, DraftHop
from sources.resolver import Resolver
from tests.admin.desks import DeskClient
from tests.admin.pages import form_errors, submit_form
from tests.factories import ApiKeyFactory, ClaimFactory, make_claim, published_article, unnamed_speaker

pytestmark = pytest.mark.django_db

QUOTE = "At least 40 bolts are loose,"


@pytest.fixture
def story(db):
    return published_article()


@pytest.fixture
def silent(story):
    """Return a proposed claim without a speaker."""
    return make_claim(story, quote=QUOTE, by=(), review="proposed")


def review_of(row):
    return Claim.objects.values_list("review", flat=True).get(pk=row.pk)


def change_page(row):
    return reverse("admin:articles_claim_change", args=[row.pk])


# --- The rule ---


def test_accepted_claim_without_speaker_is_not_public(story):
    ClaimFactory(article=story, review="accepted", speakers=())
    spoken = ClaimFactory(article=story, review="accepted", speakers=[unnamed_speaker("an official")])

    assert list(Claim.objects.public()) == [spoken]
    assert list(Claim.objects.for_article_preview(story, story.latest_id)) == [spoken]


def test_accepting_one_without_speaker_is_refused(editor, silent):
    with pytest.raises(NoSpeakerError, match="has no speaker"):
        review.accept_claims([silent], by=editor, how="desk")

    assert review_of(silent) == "proposed"


def test_accepting_in_bulk_leaves_those_without_speaker(editor, story, silent):
    spoken = make_claim(story, quote=QUOTE, by="Ada Roe", review="proposed")

    judged = review.accept_claims([silent, spoken], by=editor, how="bulk")

    assert [judgement.claim for judgement in judged] == [spoken.pk]
    assert review_of(silent) == "proposed"


@pytest.mark.parametrize("before", ["proposed", "rejected"])
def test_edited_claim_without_speaker_keeps_its_state(editor, story, before):
    row = make_claim(story, quote=QUOTE, by=(), review=before)

    review.mark_edited([row], by=editor)

    assert review_of(row) == before


@pytest.mark.parametrize("before", ["accepted", "edited"])
def test_edit_that_leaves_a_shown_claim_silent_is_refused(editor, story, before):
    row = make_claim(story, quote=QUOTE, by=(), review=before)

    with pytest.raises(NoSpeakerError):
        review.mark_edited([row], by=editor)


def test_undo_does_not_accept_what_lost_its_speaker(editor, story):
    row = make_claim(story, quote=QUOTE, by="Ada Roe")
    judged = review.reject_claims([row], by=editor, how="desk")
    row.hops.all().delete()

    assert review.undo_reviews(judged, by=editor) == 0
    assert review_of(row) == "rejected"


# --- The ways to accept ---


def test_desk_refuses_to_accept_without_speaker(editor, client_of, story, silent):
    desk = DeskClient(client_of(editor), story)

    answer = desk.send("accept", silent.pk)

    assert (answer.status_code, answer.json()["code"]) == (422, "no-speaker")
    assert review_of(silent) == "proposed"


def test_desk_accepts_the_rest_but_those_without_speaker(editor, client_of, story, silent):
    spoken = make_claim(story, quote="We cannot wait.", by="Ada Roe", review="proposed")
    desk = DeskClient(client_of(editor), story)

    answer = desk.send_ok("accept-rest", silent.pk, spoken.pk)

    assert answer["saved"] == "Accepted 1 remaining claim. 1 has no speaker and was not accepted"
    assert (review_of(silent), review_of(spoken)) == ("proposed", "accepted")


def test_new_claim_waits_until_its_speaker_is_saved(editor, client_of, story):
    desk = DeskClient(client_of(editor), story)
    start = story.latest.text.index("We cannot wait.")

    made = desk.send_ok("new", spans=[[start, start + 15]])["cards"][0]["id"]
    assert review_of(Claim(pk=made)) == "proposed"
    desk.send_ok("edit", made, hops=[{"name": "Ada Roe", "kind": "person"}])

    assert review_of(Claim(pk=made)) == "edited"
    assert [row.pk for row in Claim.objects.public()] == [made]


def test_desk_refuses_to_remove_the_last_speaker(editor, client_of, story):
    row = make_claim(story, quote=QUOTE, by="Ada Roe")
    desk = DeskClient(client_of(editor), story)

    answer = desk.send("edit", row.pk, hops=[])

    assert answer.status_code == 422
    assert "Add a speaker" in answer.json()["sentence"]
    assert row.hops.count() == 1


def test_claim_form_refuses_to_accept_without_speaker(editor, client_of, silent):
    answer = submit_form(client_of(editor), change_page(silent), _accept="")

    assert "Add a speaker" in form_errors(answer)
    assert review_of(silent) == "proposed"


def test_claim_form_refuses_to_remove_the_last_speaker(editor, client_of, story):
    row = make_claim(story, quote=QUOTE, by="Ada Roe")

    answer = submit_form(client_of(editor), change_page(row), **{"hops-0-DELETE": "on"})

    assert "it needs a speaker" in form_errors(answer)
    assert row.hops.count() == 1


def test_claim_form_rejects_a_claim_without_speaker(editor, client_of, story):
    row = make_claim(story, quote=QUOTE, by="Ada Roe")

    submit_form(client_of(editor), change_page(row), **{"hops-0-DELETE": "on", "_reject": ""})

    assert (review_of(row), row.hops.count()) == ("rejected", 0)


def test_claim_added_without_speaker_waits(editor, client_of, story):
    given = {"statement": "They cannot wait.", "form": "direct", "modality": "asserted"}
    url = reverse("admin:articles_claim_add") + f"?article={story.pk}"

    answer = submit_form(client_of(editor), url, **given)

    assert answer.status_code == 302
    assert Claim.objects.get().review == "proposed"


def test_list_action_says_which_are_not_accepted(editor, client_of, silent):
    given = {"action": "accept_claims", "_selected_action": [silent.pk]}
    client, url = client_of(editor), reverse("admin:articles_claim_changelist")

    asked = client.post(url, given).content.decode()
    client.post(url, {**given, "confirmed": "yes"})

    assert "1 claim has no speaker" in asked
    assert review_of(silent) == "proposed"


def test_accepting_claims_of_many_stories_leaves_it(editor, client_of, story, silent):
    given = {"action": "accept_many", "_selected_action": [story.pk], "confirmed": "yes"}

    answer = client_of(editor).post(reverse("admin:articles_article_changelist"), given, follow=True)

    assert "1 claim was not accepted because it has no speaker." in answer.content.decode()
    assert review_of(silent) == "proposed"


def test_api_refuses_to_accept_without_speaker(editor, client, silent):
    token = ApiKeyFactory.build(user=editor)
    key = token.generate_key()
    token.save()

    answer = client.post(
        f"/api/claims/{silent.public_id}/review/",
        json.dumps({"verdict": "accept", "seen": "proposed"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "no-speaker")
    assert review_of(silent) == "proposed"


@pytest.mark.parametrize(("hops", "review"), [((), "proposed"), ((DraftHop("Ada Roe", "person"),), "accepted")])
def test_accepted_claim_of_an_exchange_file_needs_a_speaker(story, hops, review):
    draft = DraftClaim(
        id=str(uuid.uuid4()),
        statement="It is so.",
        form="direct",
        modality="asserted",
        cue="",
        review="accepted",
        confidence=None,
        extractor="",
        stated_from=None,
        stated_to=None,
        stated_words="",
        hops=hops,
        anchors=(),
        quantities=(),
    )

    row = build_from_drafts([draft], story, story.latest, Resolver(), timezone.now())[0].claim

    assert (row.review, bool(row.reviewed_how)) == (review, review == "accepted")
