"""Publishing from the review desk: open warnings, and who may overrule them."""

import pytest

from record import log
from tests.admin.desks import DeskClient, make_article_to_review
from tests.factories import ArticleFactory, make_claim, unnamed_speaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def anonymous_draft(db):
    """A draft that rests on one unnamed speaker."""
    article = ArticleFactory(paragraphs=["“We cannot wait for the county any longer,” an aide said."])
    make_claim(
        article, quote="We cannot wait for the county any longer,", by=unnamed_speaker("an aide"), review="accepted"
    )
    return article


def test_checks_list_open_warnings_with_their_claims(editor, client_of, anonymous_draft):
    desk = DeskClient(client_of(editor), anonymous_draft)
    answer = desk.client.get(desk.url("_checks")).json()

    assert answer["may_overrule"] is False
    assert [(warning["code"], warning["claim"] in desk.ids) for warning in answer["warnings"]] == [
        ("one-anonymous-origin", True)
    ]


def test_chief_overrules_warnings_and_it_is_logged(chief, client_of, anonymous_draft):
    desk = DeskClient(client_of(chief), anonymous_draft)
    answer = desk.client.get(desk.url("_checks")).json()

    assert answer["may_overrule"] is True
    assert desk.send("publish").status_code == 422

    desk.send_ok("publish", overruled=[warning["key"] for warning in answer["warnings"]])
    anonymous_draft.refresh_from_db()
    assert anonymous_draft.status == "published"
    assert log.entries_for(anonymous_draft)[0].details["warnings"]


@pytest.mark.parametrize("overruled", ["one-anonymous-origin", [1, None], {"a": 1}, None])
def test_publish_with_invalid_overruled_keys_is_refused(chief, client_of, anonymous_draft, overruled):
    response = DeskClient(client_of(chief), anonymous_draft).send("publish", overruled=overruled)
    assert (response.status_code, response.json()["code"]) == (422, "warnings")


def test_checks_are_forbidden_without_publish_permission(reporter, client_of):
    desk = DeskClient(client_of(reporter), make_article_to_review())
    response = desk.client.get(desk.url("_checks"))

    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
