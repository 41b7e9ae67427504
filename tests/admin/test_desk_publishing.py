"""Before a story is published from the desk: the warnings that stand, and who may publish over them."""

import pytest

from record import log
from tests.admin.desks import DeskClient, make_article_to_review
from tests.factories import ArticleFactory, make_claim, unnamed_speaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubtful(db):
    """A draft that hangs on one unnamed speaker."""
    article = ArticleFactory(paragraphs=["“We cannot wait for the county any longer,” an aide said."])
    make_claim(
        article, quote="We cannot wait for the county any longer,", by=unnamed_speaker("an aide"), review="accepted"
    )
    return article


def test_the_warnings_that_stand_are_given_with_their_claims(editor, client_of, doubtful):
    desk = DeskClient(client_of(editor), doubtful)
    answer = desk.client.get(desk.url("_checks")).json()
    assert answer["may_overrule"] is False
    assert [(one["code"], one["claim"] in desk.ids) for one in answer["warnings"]] == [("one-anonymous-origin", True)]


def test_a_chief_names_those_to_publish_over_and_that_is_on_record(chief, client_of, doubtful):
    desk = DeskClient(client_of(chief), doubtful)
    answer = desk.client.get(desk.url("_checks")).json()
    assert answer["may_overrule"] is True
    assert desk.send("publish").status_code == 422
    desk.send_ok("publish", over=[one["key"] for one in answer["warnings"]])
    doubtful.refresh_from_db()
    assert doubtful.status == "published"
    assert log.entries_for(doubtful)[0].details["warnings"]


@pytest.mark.parametrize("over", ["one-anonymous-origin", [1, None], {"a": 1}, None])
def test_what_names_none_publishes_over_none(chief, client_of, doubtful, over):
    response = DeskClient(client_of(chief), doubtful).send("publish", over=over)
    assert (response.status_code, response.json()["code"]) == (422, "warnings")


def test_whoever_may_not_publish_is_told_so(reporter, client_of):
    desk = DeskClient(client_of(reporter), make_article_to_review())
    response = desk.client.get(desk.url("_checks"))
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
