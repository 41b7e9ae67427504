"""JSON views of the review desk: what each action does, answers and refuses."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Anchor, Article, Claim, DeskAction, Hop
from record import log, verbs
from sources.models import PossibleDuplicate, Source
from tests.admin.desks import QUOTES, DeskClient, make_article_to_review
from tests.factories import (
    ArticleFactory,
    add_revision,
    get_source,
    make_claim,
    make_quantity,
    published_article,
    unnamed_speaker,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(db):
    return make_article_to_review()


@pytest.fixture
def desk(article, editor, client_of):
    return DeskClient(client_of(editor), article)


def span(article, words):
    start = article.latest.text.index(words)
    return [start, start + len(words)]


def claim_rows(article):
    """Return all rows of an article's claims, to compare them."""
    return [
        list(model.objects.filter(**{where: article}).order_by("pk").values(*columns))
        for model, where, columns in (
            (Claim, "article", ("pk", "statement", "form", "review", "reviewed_by", "reviewed_at", "cue", "order")),
            (Hop, "claim__article", ("pk", "claim", "position", "source", "unnamed", "mention", "organisation")),
            (Anchor, "claim__article", ("pk", "claim", "revision", "part", "start", "end", "state")),
        )
    ]


# --- The page ---


def test_desk_page_has_text_and_a_card_for_each_claim(desk, article):
    html = desk.client.get(desk.url()).content.decode()
    for quote in QUOTES:
        assert quote in html
    assert [card["statement"] for card in desk.state["cards"]] == list(QUOTES)

    card = desk.state["cards"][1]
    assert (card["confidence"], card["extractor"], card["lost"]) == (0.9, "rules-1", False)
    assert [hop["unnamed"] or hop["source"]["name"] for hop in card["hops"]] == [1, "Ada Roe"]
    assert card["hops"][0]["organisation"]["name"] == "The inspectorate"
    assert card["figures"][0] | {"id": 0} == {
        "id": 0, "raw": "At least 40", "counts": "bolts", "unit": "", "lower": "40", "upper": "",
        "lower_inclusive": True, "upper_inclusive": True, "approximate": False, "bounds": "40 or more", "ledger": None, "suggested": [],
    }  # fmt: skip
    assert card["spans"] == [span(article, QUOTES[1])]


def test_desk_page_without_scripts_redirects_to_review_page(desk, article):
    html = desk.client.get(desk.url()).content.decode()
    plain = reverse("admin:articles_article_review", args=[article.pk])

    assert f'<noscript><meta http-equiv="refresh" content="0; url={plain}"></noscript>' in html


def test_overlapping_claims_are_both_marked(desk, article, editor, client_of):
    make_claim(article, quote="40 bolts are loose,", by="Ada Roe", review="proposed")
    marked = "".join(block["html"] for block in DeskClient(client_of(editor), article).state["story"])

    assert marked.count("<mark") == 4


@pytest.mark.parametrize("claims", [1, 30])
def test_desk_page_queries_do_not_grow_with_claims(editor, client_of, claims):
    words = [f"Thing {n} was said," for n in range(claims)]
    article = published_article(paragraphs=[f"“{line}” Ada Roe told reporters." for line in words])
    for line in words:
        make_claim(
            article, quote=line, by=[unnamed_speaker("an aide"), "Ada Roe"], figures=[make_quantity("3", lower=3)]
        )
    client = client_of(editor)
    client.get(reverse("admin:articles_article_desk", args=[article.pk]))

    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("admin:articles_article_desk", args=[article.pk]))

    assert len(captured) == PAGE_QUERIES


#: Session, user, 2 for permissions; article; claims, hops, sources, anchors, figures; ledgers to suggest; marks; last
#: action to undo; ledgers to choose from.
PAGE_QUERIES = 14


@pytest.mark.parametrize("claims", [2, 40])
def test_action_queries_do_not_grow_with_claims(editor, client_of, claims):
    words = [f"Thing {n} was said," for n in range(claims)]
    article = published_article(paragraphs=[f"“{line}” Ada Roe told reporters." for line in words])
    for line in words:
        make_claim(
            article,
            quote=line,
            by=[unnamed_speaker("an aide"), "Ada Roe"],
            figures=[make_quantity("3", lower=3)],
            review="proposed",
        )
    desk = DeskClient(client_of(editor), article)

    with CaptureQueriesContext(connection) as captured:
        desk.send_ok("accept-rest", *desk.ids)

    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) == ACTION_QUERIES


#: As above without the marks. The claims are read four times: before, for the review, after, for the answer. Then the
#: earlier action with this id, the lock, three statements of the review, and the recorded action with its claims.
ACTION_QUERIES = 33


# --- Review ---


def test_accept_answers_with_the_changed_card(desk, editor):
    answer = desk.send_ok("accept", desk.ids[0])
    assert answer["saved"] == "Accepted “will close on Monday”"
    assert [(card["id"], card["review"], card["reviewed_by"]) for card in answer["cards"]] == [
        (desk.ids[0], "accepted", editor.username)
    ]
    assert answer["undo"]["sentence"] == answer["saved"]
    assert Claim.objects.get(pk=desk.ids[0]).reviewed_how == "desk"


def test_accept_rest_skips_rejected_claims(desk, article):
    desk.send_ok("reject", desk.ids[1])
    answer = desk.send_ok("accept-rest", *desk.ids)

    assert answer["saved"] == "Accepted 2 remaining claims"
    assert list(article.claims.order_by("order").values_list("review", "reviewed_how")) == [
        ("accepted", "bulk"), ("rejected", "desk"), ("accepted", "bulk"),
    ]  # fmt: skip


def test_accept_rest_skips_claims_not_on_the_page(desk, article):
    later = make_claim(article, quote="engineer Ada Roe", by="Ada Roe", review="proposed")
    desk.send_ok("accept-rest", *desk.ids)

    later.refresh_from_db()

    assert later.review == "proposed"


def test_accept_rest_skips_thoughts_and_plans(desk, article):
    Claim.objects.filter(pk=desk.ids[2]).update(reporting=False)
    desk.refresh().send_ok("accept-rest", *desk.ids)

    assert Claim.objects.get(pk=desk.ids[2]).review == "proposed"


def test_action_sent_twice_is_applied_once(desk):
    same_id = {"id": str(uuid.uuid4())}
    desk.send_ok("accept", desk.ids[0], **same_id)

    answer = desk.send_ok("accept", desk.ids[0], **same_id)

    assert answer["repeated"]
    assert answer["saved"] == "Accepted “will close on Monday”"
    assert DeskAction.objects.count() == 1


# --- Edit ---


def test_edit_sets_fields_and_marks_claim_edited(desk):
    desk.send_ok(
        "edit",
        desk.ids[0],
        fields={"statement": "The bridge closes.", "modality": "planned", "stated_from": "2024-12-17"},
    )
    row = Claim.objects.get(pk=desk.ids[0])

    assert (row.statement, row.modality, row.review) == ("The bridge closes.", "planned", "edited")
    assert (row.stated_from, row.stated_to) == (date(2024, 12, 17), date(2024, 12, 17))


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"statement": "  "}, "statement"),
        ({"form": "sung"}, "form"),
        ({"stated_from": "Tuesday"}, "stated_from"),
        ({"stated_from": "2024-12-17", "stated_to": "2024-12-16"}, ""),
    ],
)
def test_edit_with_invalid_field_saves_nothing(desk, article, fields, where):
    before = claim_rows(article)
    response = desk.send("edit", desk.ids[0], fields=fields)

    assert response.status_code == 422
    assert where in response.json()["fields"]
    assert claim_rows(article) == before


def test_edited_cue_is_anchored_in_the_paragraph(desk, article):
    desk.send_ok("edit", desk.ids[0], fields={"cue": "said"})
    anchors = Anchor.objects.filter(claim=desk.ids[0], part="cue")

    assert [[anchor.start, anchor.end] for anchor in anchors] == [span(article, "said")]


def test_edit_of_figure_changes_bounds_but_not_its_text(desk):
    pk = desk.ids[1]
    kept = desk.cards[pk]["figures"][0]
    answer = desk.send_ok(
        "edit", pk, figures=[{**kept, "raw": "exactly 41", "lower": "41", "upper": "1,000", "upper_inclusive": False}]
    )

    row = Claim.objects.get(pk=pk).quantities.get()

    assert (row.pk, row.raw, row.lower, row.upper) == (kept["id"], "At least 40", Decimal(41), Decimal(1000))
    assert not row.upper_inclusive
    assert answer["cards"][0]["figures"][0]["lower"] == "41"


@pytest.mark.parametrize(
    "bounds", [{"lower": "", "upper": ""}, {"lower": "many"}, {"lower": "1e40"}, {"lower": "5", "upper": "4"}]
)
def test_invalid_bounds_are_refused(desk, bounds):
    kept = desk.cards[desk.ids[1]]["figures"][0]
    assert desk.send("edit", desk.ids[1], figures=[{**kept, **bounds}]).status_code == 422


# --- Speakers ---


def test_hops_are_added_removed_and_reordered(desk):
    ada = Source.objects.get(name="Ada Roe")
    answer = desk.send_ok(
        "edit",
        desk.ids[0],
        hops=[
            {"source": ada.pk, "verb": "said"},
            {"name": "The Harbour Board", "kind": "organisation", "mention": "the board"},
            {"source": None, "unnamed": None, "mention": "an aide"},
        ],
    )

    hops = answer["cards"][0]["hops"]

    assert [hop["source"]["name"] if hop["source"] else hop["unnamed"] for hop in hops] == [
        "Ada Roe", "The Harbour Board", 2,
    ]  # fmt: skip
    assert answer["saved"].startswith("Changed the speaker of")
    assert Source.objects.get(name="The Harbour Board").names.filter(preferred=True).exists()


def test_typed_alias_finds_its_source(desk):
    service = get_source("National Intelligence Service", "organisation")
    service.names.create(name="the spy agency", folded="spy agency")

    answer = desk.send_ok("edit", desk.ids[0], hops=[{"name": "The Spy Agency"}])

    assert answer["cards"][0]["hops"][0]["source"]["id"] == service.pk


def test_unknown_name_without_kind_creates_no_source(desk):
    response = desk.send("edit", desk.ids[0], hops=[{"name": "Aad Roe"}])
    assert response.status_code == 422
    assert not Source.objects.filter(name="Aad Roe").exists()


def test_unnamed_hop_without_mention_is_refused(desk):
    response = desk.send("edit", desk.ids[0], hops=[{"source": None, "mention": ""}])
    assert response.status_code == 422
    assert "words of the story" in response.json()["sentence"]


def test_merge_speakers_changes_all_claims_of_the_article(desk, article):
    ada = Source.objects.get(name="Ada Roe")
    desk.send_ok("same", *desk.ids, keep={"unnamed": 1}, other={"source": ada.pk})

    hops = Hop.objects.filter(claim__article=article)

    assert set(hops.values_list("source__name", flat=True)) == {"Ada Roe"}
    assert hops.filter(mention="an inspector").count() == 3
    assert ada.affiliations.get().organisation.name == "The inspectorate"


def test_merge_of_named_speakers_stores_possible_duplicate(desk, article):
    ada, other = Source.objects.get(name="Ada Roe"), get_source("A. Roe")
    Hop.objects.filter(claim=desk.ids[2], source=ada).update(source=other)
    desk.refresh()

    answer = desk.send_ok("same", *desk.ids, keep={"source": ada.pk}, other={"source": other.pk})

    assert [card["id"] for card in answer["cards"]] == [desk.ids[2]]
    assert "edna" in PossibleDuplicate.objects.get().evidence


def test_source_search_finds_names_aliases_and_duplicates(desk):
    service = get_source("National Intelligence Service", "organisation")
    service.names.create(name="the spy agency", folded="spy agency")

    found = desk.client.get(desk.url("_sources"), {"q": "spy ag"}).json()["sources"]

    assert [(row["name"], row["alias"]) for row in found] == [("National Intelligence Service", "the spy agency")]

    found = desk.client.get(desk.url("_sources"), {"q": "Roe Ada"}).json()["sources"]
    assert [(row["name"], row["here"]) for row in found] == [("Ada Roe", True)]
    assert found[0]["why"] == "the same words in another order"


def test_source_search_lists_sources_of_the_article_first(desk):
    get_source("Ada Aardvark")
    found = desk.client.get(desk.url("_sources"), {"q": "ada"}).json()["sources"]

    assert [row["name"] for row in found] == ["Ada Roe", "Ada Aardvark"]


# --- Place in the text ---


def test_new_claim_is_created_from_selected_text(desk, article):
    answer = desk.send_ok("new", spans=[span(article, " “At least 40 bolts are loose,” ".strip())])
    card = answer["cards"][0]

    assert (card["statement"], card["form"], card["review"]) == ("At least 40 bolts are loose,", "direct", "proposed")
    assert card["figures"][0]["lower"] == "40"
    assert f'data-mark="c{card["id"]}"' in "".join(block["html"] for block in answer["story"])


def test_new_claim_offsets_are_code_points(editor, client_of):
    article = ArticleFactory(paragraphs=["😀 𠮷野家 said 🎉 it opens today."])
    desk = DeskClient(client_of(editor), article)

    answer = desk.send_ok("new", spans=[span(article, "it opens today")])

    assert answer["cards"][0]["statement"] == "it opens today"


@pytest.mark.parametrize("spans", [[], [[0, 0]], [[5, 2]], [[0, 10_000]], [["0", 4]], [[-1, 4]], "all", [[True, 4]]])
def test_invalid_spans_are_refused(desk, spans):
    assert desk.send("new", spans=spans).status_code == 422


def test_selection_in_an_older_revision_is_refused(desk, article):
    add_revision(article, paragraphs=["Quite another text."])
    response = desk.send("new", spans=[[0, 5]])

    assert (response.status_code, response.json()["code"]) == (422, "text-changed")


def test_lost_claim_can_be_anchored_again(desk, article):
    Anchor.objects.filter(claim=desk.ids[0]).update(state="lost")
    assert desk.refresh().cards[desk.ids[0]]["lost"]

    answer = desk.send_ok("anchor", desk.ids[0], spans=[span(article, "harbour bridge will close")])
    assert not answer["cards"][0]["lost"]
    assert answer["cards"][0]["spans"] == [span(article, "harbour bridge will close")]


def test_split_moves_figures_with_their_text(desk, article):
    pk = desk.ids[1]
    desk.send_ok("split", pk, spans=[span(article, "At least 40")])
    made = article.claims.exclude(pk__in=desk.ids[:3]).get()

    row = Claim.objects.get(pk=pk)

    assert (made.statement, row.statement) == ("At least 40", "bolts are loose,")
    assert (made.quantities.count(), row.quantities.count()) == (1, 0)
    assert made.hops.count() == row.hops.count() == 2


def test_split_of_the_whole_claim_is_refused(desk, article):
    response = desk.send("split", desk.ids[1], spans=[span(article, QUOTES[1])])
    assert response.json()["code"] == "not-a-part"


def test_join_rejects_the_second_claim(desk, article):
    desk.send_ok("join", desk.ids[1], desk.ids[2], other=desk.ids[2])
    row, other = Claim.objects.get(pk=desk.ids[1]), Claim.objects.get(pk=desk.ids[2])

    assert row.statement == "At least 40 bolts are loose, We cannot wait."
    assert row.anchors.filter(part="content").count() == 2
    assert (row.review, other.review) == ("edited", "rejected")


# --- Undo ---


def test_every_kind_of_action_can_be_undone(desk, article):
    before = claim_rows(article)
    figures = list(article.claims.values_list("quantities", "quantities__claim", "quantities__lower").order_by("pk"))
    ada = Source.objects.get(name="Ada Roe")
    first, second, third = desk.ids
    desk.send_ok("accept", first)
    desk.send_ok("reject", second)
    desk.send_ok("edit", second, fields={"statement": "Other words"}, hops=[], figures=[])
    desk.send_ok("split", third, spans=[span(article, "We cannot")])
    desk.send_ok("new", spans=[span(article, "engineer Ada Roe")])
    desk.send_ok("same", *desk.ids, keep={"source": ada.pk}, other={"unnamed": 1})
    desk.send_ok("join", first, third, other=third)
    desk.send_ok("accept-rest", *desk.ids) if any(
        c["review"] == "proposed" and c["hops"] for c in desk.cards.values()
    ) else None

    while desk.state["undo"]:
        desk.send_ok("undo")

    assert claim_rows(article) == before

    after = list(article.claims.values_list("quantities", "quantities__claim", "quantities__lower").order_by("pk"))
    assert after == figures
    assert DeskAction.objects.filter(kind="undo").count() == DeskAction.objects.exclude(kind="undo").count()


def test_undo_without_earlier_action_is_refused(desk):
    desk.send_ok("accept", desk.ids[0])
    answer = desk.send_ok("undo")

    assert answer["saved"] == "Undone: Accepted “will close on Monday”"

    response = desk.send("undo")
    assert (response.status_code, response.json()["code"]) == (422, "nothing")


def test_undo_works_in_another_session(desk, article, editor, client_of):
    desk.send_ok("accept", desk.ids[0])
    other = DeskClient(client_of(editor), article)

    other.send_ok("undo")

    assert Claim.objects.get(pk=desk.ids[0]).review == "proposed"


def test_undo_ignores_actions_of_others(desk, article, chief, client_of):
    desk.send_ok("accept", desk.ids[0])
    assert DeskClient(client_of(chief), article).state["undo"] is None


def test_undo_of_a_claim_changed_by_others_is_refused(desk, article, chief, client_of):
    desk.send_ok("accept", desk.ids[1])
    desk.send_ok("accept", desk.ids[0])
    DeskClient(client_of(chief), article).send_ok("reject", desk.ids[0])
    response = desk.send("undo")

    refused = response.json()

    assert response.status_code == 409
    assert refused["changes"][str(desk.ids[0])]["by"] == chief.username

    desk.send_ok("undo", skip=[refused["fields"]["action"]])
    assert Claim.objects.get(pk=desk.ids[1]).review == "proposed"


# --- Two editors ---


def test_stale_action_is_refused_with_last_change(desk, article, chief, client_of):
    theirs = DeskClient(client_of(chief), article)
    theirs.send_ok("edit", desk.ids[0], fields={"statement": "Shut on Monday"})
    response = desk.send("accept", desk.ids[0])

    refused = response.json()

    assert (response.status_code, refused["code"]) == (409, "stale")

    change = refused["changes"][str(desk.ids[0])]
    assert (change["by"], change["sentence"]) == (chief.username, "Edited “Shut on Monday”")
    assert change["at"]
    assert refused["cards"][0]["statement"] == "Shut on Monday"
    assert Claim.objects.get(pk=desk.ids[0]).reviewed_by == chief


def test_action_is_stale_after_change_outside_the_desk(desk):
    Hop.objects.filter(claim=desk.ids[0]).delete()
    assert desk.send("accept", desk.ids[0]).status_code == 409


def test_action_is_not_stale_after_change_of_another_claim(desk, article, chief, client_of):
    DeskClient(client_of(chief), article).send_ok("accept", desk.ids[0])
    desk.send_ok("accept", desk.ids[1])


def test_claim_of_another_article_is_refused(desk):
    other = make_claim(published_article(), quote=QUOTES[0], review="proposed")
    desk.cards[other.pk] = {"version": "x"}

    assert desk.send("accept", other.pk).json()["code"] == "gone"


# --- Publishing ---


def test_publish_from_the_desk(editor, client_of):
    article = ArticleFactory(status=Article.Status.IN_REVIEW, paragraphs=["It rained."])
    desk = DeskClient(client_of(editor), article)

    assert desk.state["may_publish"]

    answer = desk.send_ok("publish")
    assert answer["saved"] == "The story is published"
    assert (answer["status"], answer["may_publish"], answer["undo"]) == ("published", False, None)


def test_publish_without_changes_is_refused(desk):
    response = desk.send("publish")
    assert (response.status_code, response.json()["code"]) == (422, "nothing-new")


# --- Permissions ---


def test_signed_out_requests_get_401_json(desk, article):
    desk.client.logout()
    for response in (desk.send("accept", desk.ids[0]), desk.client.get(desk.url("_state"))):
        assert (response.status_code, response.json()["code"]) == (401, "signed-out")
    assert Claim.objects.get(pk=desk.ids[0]).review == "proposed"


def test_reporter_can_see_but_not_change_claims(article, reporter, client_of):
    desk = DeskClient(client_of(reporter), article)
    assert desk.client.get(desk.url()).status_code == 200
    for kind in ("accept", "edit", "undo", "publish"):
        assert desk.send(kind, *desk.ids[:1]).status_code == 403
    assert not DeskAction.objects.exists()


def test_desk_is_forbidden_without_view_permission(article, reader, client_of):
    reader.is_staff = True
    reader.save()

    client = client_of(reader)

    assert client.get(reverse("admin:articles_article_desk", args=[article.pk])).status_code == 403
    assert client.get(reverse("admin:articles_article_desk_state", args=[article.pk])).status_code == 403


def test_action_without_csrf_token_is_refused(article, editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)

    assert DeskClient(client, article).send("accept", article.claims.first().pk).status_code == 403
    assert not DeskAction.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"id": "x", "kind": "accept"}', '{"id": null, "seen": [1]}', "\ud800"]
)
def test_invalid_action_body_is_refused(desk, body):
    sent = body.encode("utf-8", "surrogatepass")
    assert desk.client.post(desk.url("_act"), sent, content_type="application/json").status_code == 422


def test_desk_answers_are_not_cached(desk):
    assert "no-store" in desk.client.get(desk.url("_state"))["Cache-Control"]


def test_undo_is_logged(editor, client_of):
    article = published_article(paragraphs=["“It was said,” Ada Roe told reporters."])
    one = make_claim(article, quote="It was said,", by="Ada Roe", review="proposed")
    desk = DeskClient(client_of(editor), article)
    desk.send_ok("accept", one.pk)

    desk.send_ok("undo")

    assert [act.verb for act in log.entries_for(one)][:1] == [verbs.REVIEW_UNDONE]


def test_lost_cue_is_anchored_again_when_it_is_edited(desk, article):
    """By chance, the offsets of the lost cue hold the same word elsewhere."""
    text = article.latest.text
    desk.send_ok("edit", desk.ids[0], fields={"cue": "said"})
    elsewhere = text.rindex("said")
    Anchor.objects.filter(claim=desk.ids[0], part="cue").update(
        start=elsewhere, end=elsewhere + len("said"), state="lost"
    )
    desk.refresh()

    desk.send_ok("edit", desk.ids[0], fields={"cue": "said", "statement": "It will close on Monday"})

    assert set(Anchor.objects.filter(claim=desk.ids[0], part="cue").values_list("state", flat=True)) == {"exact"}
