"""Figures are filed under their ledgers at the desk: suggested, chosen, taken back."""

import pytest

from articles.models import Claim, Quantity
from tests.admin.desks import DeskClient, make_article_to_review
from tests.factories import LedgerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db):
    return make_article_to_review()


@pytest.fixture
def bolts(db):
    return LedgerFactory(name="Loose bolts", counts="bolts", about="bridge")


@pytest.fixture
def desk(story, bolts, editor, client_of):
    return DeskClient(client_of(editor), story)


def the_one(desk):
    """The claim with a figure, and its figure."""
    card = next(card for card in desk.cards.values() if card["figures"])
    return card["id"], card["figures"][0]


def test_a_ledger_that_counts_the_same_is_suggested(desk, bolts):
    LedgerFactory(name="Loose nuts", counts="nuts")
    LedgerFactory(name="Bolts elsewhere", counts="bolts", about="railway")
    _, figure = the_one(desk.refresh())
    assert (figure["ledger"], figure["suggested"]) == (None, [bolts.pk])


def test_a_figure_is_filed_and_its_claim_still_waits(desk, bolts):
    claim, figure = the_one(desk)
    answer = desk.send_ok("file", claim, places={figure["id"]: bolts.pk})
    assert answer["saved"] == "Filed the figures of “At least 40 bolts are loose,”"
    assert Quantity.objects.get().ledger == bolts
    assert (the_one(desk)[1]["ledger"], the_one(desk)[1]["suggested"]) == (bolts.pk, [])
    assert Claim.objects.get(pk=claim).review == "proposed"


def test_it_is_taken_out_and_taken_back(desk, bolts):
    claim, figure = the_one(desk)
    desk.send_ok("file", claim, places={figure["id"]: bolts.pk})
    desk.send_ok("file", claim, places={figure["id"]: None})
    assert Quantity.objects.get().ledger is None
    desk.send_ok("undo")
    assert Quantity.objects.get().ledger == bolts
    desk.send_ok("undo")
    assert Quantity.objects.get().ledger is None


@pytest.mark.parametrize(
    "places", [None, {}, [], {"0": None}, {"figure": 999}, {"figure": True}, {"figure": [1]}, {"figure": "1"}]
)
def test_what_is_no_figure_or_no_ledger_is_refused(desk, bolts, places):
    claim, figure = the_one(desk)
    if isinstance(places, dict):
        places = {str(figure["id"]) if key == "figure" else key: place for key, place in places.items()}
    response = desk.send("file", claim, places=places)
    assert response.status_code == 422
    assert response.json()["sentence"]
    assert Quantity.objects.get().ledger is None


def test_another_claims_figure_is_not_touched(desk, bolts):
    claim, figure = the_one(desk)
    other = next(pk for pk in desk.ids if pk != claim)
    assert desk.send("file", other, places={figure["id"]: bolts.pk}).status_code == 422
    assert Quantity.objects.get().ledger is None


def test_a_reporter_files_nothing(story, bolts, reporter, client_of):
    desk = DeskClient(client_of(reporter), story)
    claim, figure = the_one(desk)
    assert desk.send("file", claim, places={figure["id"]: bolts.pk}).status_code == 403
