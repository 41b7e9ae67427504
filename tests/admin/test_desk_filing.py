"""Adding figures to ledgers at the review desk."""

import pytest

from articles.models import Claim, Quantity
from tests.admin.desks import DeskClient, make_article_to_review
from tests.factories import LedgerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(db):
    return make_article_to_review()


@pytest.fixture
def bolts_ledger(db):
    return LedgerFactory(name="Loose bolts", counts="bolts", about="bridge")


@pytest.fixture
def desk(article, bolts_ledger, editor, client_of):
    return DeskClient(client_of(editor), article)


def claim_with_figure(desk):
    """Return the claim that has a figure, and the figure."""
    card = next(card for card in desk.cards.values() if card["figures"])
    return card["id"], card["figures"][0]


def test_ledger_that_counts_the_same_is_suggested(desk, bolts_ledger):
    LedgerFactory(name="Loose nuts", counts="nuts")
    LedgerFactory(name="Bolts elsewhere", counts="bolts", about="railway")

    _, figure = claim_with_figure(desk.refresh())

    assert (figure["ledger"], figure["suggested"]) == (None, [bolts_ledger.pk])


def test_filing_a_figure_keeps_the_review(desk, bolts_ledger):
    claim, figure = claim_with_figure(desk)
    answer = desk.send_ok("file", claim, ledgers={figure["id"]: bolts_ledger.pk})

    assert answer["saved"] == "Added figures to ledgers: “At least 40 bolts are loose,”"
    assert Quantity.objects.get().ledger == bolts_ledger
    assert (claim_with_figure(desk)[1]["ledger"], claim_with_figure(desk)[1]["suggested"]) == (bolts_ledger.pk, [])
    assert Claim.objects.get(pk=claim).review == "proposed"


def test_removal_from_ledger_can_be_undone(desk, bolts_ledger):
    claim, figure = claim_with_figure(desk)
    desk.send_ok("file", claim, ledgers={figure["id"]: bolts_ledger.pk})

    desk.send_ok("file", claim, ledgers={figure["id"]: None})

    assert Quantity.objects.get().ledger is None

    desk.send_ok("undo")
    assert Quantity.objects.get().ledger == bolts_ledger

    desk.send_ok("undo")
    assert Quantity.objects.get().ledger is None


@pytest.mark.parametrize(
    "ledgers", [None, {}, [], {"0": None}, {"figure": 999}, {"figure": True}, {"figure": [1]}, {"figure": "1"}]
)
def test_filing_unknown_figure_or_ledger_is_refused(desk, bolts_ledger, ledgers):
    claim, figure = claim_with_figure(desk)
    if isinstance(ledgers, dict):
        ledgers = {str(figure["id"]) if key == "figure" else key: ledger for key, ledger in ledgers.items()}

    response = desk.send("file", claim, ledgers=ledgers)

    assert response.status_code == 422
    assert response.json()["sentence"]
    assert Quantity.objects.get().ledger is None


def test_filing_figure_of_another_claim_is_refused(desk, bolts_ledger):
    claim, figure = claim_with_figure(desk)
    other = next(pk for pk in desk.ids if pk != claim)

    assert desk.send("file", other, ledgers={figure["id"]: bolts_ledger.pk}).status_code == 422
    assert Quantity.objects.get().ledger is None


def test_reporter_may_not_file_figures(article, bolts_ledger, reporter, client_of):
    desk = DeskClient(client_of(reporter), article)
    claim, figure = claim_with_figure(desk)

    assert desk.send("file", claim, ledgers={figure["id"]: bolts_ledger.pk}).status_code == 403
