"""Actions on many stories: confirmation, result and skipped stories."""

from dataclasses import replace

import pytest
from django.urls import reverse

from articles.claims.propose import find_claims
from articles.models import Article, Claim
from record import log
from tests.admin.pages import form_fields
from tests.factories import ArticleFactory, TopicFactory, make_claim, published_article

pytestmark = pytest.mark.django_db

URL = reverse("admin:articles_article_changelist")
PLAIN_TEXT = ("The harbour bridge will close on Monday.",)
QUOTATION = ("“The north span has to close now,” the report reads.",)


def run_action(client, action, stories, **fields):
    """Run an action and confirm it; return (confirmation page, result page)."""
    confirmation = client.post(URL, {"action": action, "_selected_action": [story.pk for story in stories]})
    if confirmation.status_code != 200 or "confirmed" not in form_fields(confirmation):
        return confirmation, confirmation
    return confirmation, client.post(URL, {**form_fields(confirmation), **fields}, follow=True)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_bulk_publish_names_skipped_stories_and_why(editor, client_of):
    ready = ArticleFactory(status="in_review", paragraphs=PLAIN_TEXT, headline="Ready")
    warned = ArticleFactory(status="in_review", paragraphs=QUOTATION, headline="Warned")
    out = published_article(headline="Out already")

    confirmation, result = run_action(client_of(editor), "publish_many", [ready, warned, out])

    assert "2 of 3 selected stories will be published." in text_of(confirmation)
    assert "Ready" in text_of(confirmation)
    assert "Out already" not in text_of(confirmation)
    assert "Published or scheduled 1 story. 1 unchanged." in text_of(result)
    assert "Skipped: 1" in text_of(result)
    assert "There is an open warning." in text_of(result)
    statuses = dict(Article.objects.values_list("latest__headline", "status"))
    assert statuses == {"Ready": "published", "Warned": "in_review", "Out already": "published"}
    assert log.entries_for(ready).get().verb == "published"


def test_bulk_action_waits_for_confirmation(editor, client_of):
    story = ArticleFactory(status="in_review", paragraphs=PLAIN_TEXT)

    client_of(editor).post(URL, {"action": "publish_many", "_selected_action": [story.pk]})

    story.refresh_from_db()
    assert story.status == "in_review"


@pytest.mark.slow
def test_bulk_action_covers_the_whole_filtered_list(editor, client_of):
    for _ in range(60):
        ArticleFactory(status="in_review", paragraphs=PLAIN_TEXT)
    other = ArticleFactory(status="draft", paragraphs=PLAIN_TEXT)
    client, url = client_of(editor), f"{URL}?status__exact=in_review"
    first = Article.objects.filter(status="in_review").first()
    given = {"action": "publish_many", "_selected_action": [first.pk], "select_across": "1"}

    confirmation = client.post(url, given)

    assert "60 of 60 selected stories will be published." in text_of(confirmation)

    client.post(url, form_fields(confirmation))

    assert Article.objects.filter(status="published").count() == 60
    other.refresh_from_db()
    assert other.status == "draft"


def test_bulk_submit_sends_drafts_for_review(reporter, client_of):
    draft, waiting = ArticleFactory(), ArticleFactory(status="in_review")

    run_action(client_of(reporter), "submit_many", [draft, waiting])

    assert set(Article.objects.values_list("status", flat=True)) == {"in_review"}
    assert log.entries_for(draft).get().by == reporter
    assert not log.entries_for(waiting).exists()


def test_bulk_tag_adds_missing_topics(editor, client_of):
    known, new = TopicFactory(name="Bridges"), TopicFactory(name="Harbour")
    filed, other = ArticleFactory(topics=(known, new)), ArticleFactory(topics=(known,))
    client = client_of(editor)

    confirmation, again = run_action(client, "tag_many", [filed, other])

    assert "Bridges" in text_of(confirmation)
    assert "This field is required." in text_of(again)  # no topic was selected

    run_action(client, "tag_many", [filed, other], topics=[known.pk, new.pk])

    assert set(other.topics.all()) == {known, new}
    assert log.entries_for(other).get().details == {"topics": ["Harbour"]}
    assert not log.entries_for(filed).exists()


def test_reporter_cannot_tag_published_story_in_bulk(reporter, client_of):
    topic, out = TopicFactory(), published_article()

    _, result = run_action(client_of(reporter), "tag_many", [out], topics=[topic.pk])

    assert "Your role does not let you change this story any more." in text_of(result)
    assert not out.topics.exists()


def test_bulk_detection_keeps_reviewed_claims(editor, client_of):
    story = ArticleFactory(
        paragraphs=["“We cannot wait,” Ada Roe said.", "The bridge is unsafe, engineer Ada Roe said."]
    )
    kept = make_claim(story, quote="We cannot wait,", by="Ada Roe", review="rejected")

    run_action(client_of(editor), "extract_many", [story])

    assert {made.review for made in story.claims.all()} == {"rejected", "proposed"}
    kept.refresh_from_db()
    assert kept.review == "rejected"
    assert log.entries_for(story).get().verb == "extracted"

    _, again = run_action(client_of(editor), "extract_many", [story])

    assert "Claims changed in 0 stories. 1 unchanged." in text_of(again)


def test_bulk_accept_can_be_undone(editor, client_of):
    stories = [published_article() for _ in range(2)]
    for story in stories:
        make_claim(story, quote="At least 40 bolts are loose,", review="proposed")
    without = published_article()
    client = client_of(editor)

    confirmation, result = run_action(client, "accept_many", [*stories, without])

    assert "2 proposed claims in 2 of 3 selected stories will be accepted." in text_of(confirmation)
    assert "Accepted 2 claims." in text_of(result)
    assert set(Claim.objects.values_list("review", "reviewed_how")) == {("accepted", "bulk")}

    client.post(reverse("admin:articles_claim_undo"))

    assert set(Claim.objects.values_list("review", flat=True)) == {"proposed"}


ALLOWED_ACTIONS = {
    "reporter": {"submit_many", "tag_many"},
    "editor": {"submit_many", "tag_many", "publish_many", "extract_many", "accept_many"},
    "loader": set(),
}


@pytest.mark.parametrize("who", ALLOWED_ACTIONS)
def test_bulk_actions_depend_on_role(request, client_of, who):
    ArticleFactory()
    page = client_of(request.getfixturevalue(who)).get(URL)
    offered = (
        {choice for choice, _label in page.context["action_form"].fields["action"].choices}
        if page.context["action_form"]
        else set()
    )

    assert {action for action in offered if action.endswith("_many")} == ALLOWED_ACTIONS[who]


@pytest.mark.parametrize("action", ["publish_many", "extract_many", "accept_many"])
def test_reporter_cannot_post_other_bulk_actions(reporter, client_of, action):
    story = ArticleFactory(status="in_review", paragraphs=PLAIN_TEXT)
    given = {"action": action, "_selected_action": [story.pk], "confirmed": "yes"}

    client_of(reporter).post(URL, given)

    story.refresh_from_db()
    assert story.status == "in_review"


def test_error_in_one_story_does_not_stop_the_others(editor, client_of, monkeypatch, caplog):
    bad, good = (ArticleFactory(paragraphs=PLAIN_TEXT, headline=name, language="en") for name in ("Bad", "Good"))
    seen = []

    def fail_for_bad(article):
        plan = find_claims(article)
        seen.append(article.pk)
        make_claim(article, quote=PLAIN_TEXT[0], by="Ann Frith", review="proposed")
        if article.pk == bad.pk:
            raise RuntimeError("broken")
        return replace(plan, new=(0,))

    monkeypatch.setattr("articles.admin.bulk_actions.find_claims", fail_for_bad)

    _, result = run_action(client_of(editor), "extract_many", [bad, good])

    assert seen == [bad.pk, good.pk]
    assert "Claims changed in 1 story." in text_of(result)
    assert "Unexpected error (RuntimeError). See the server log." in text_of(result)
    assert not bad.claims.exists()
    assert good.claims.exists()
    assert [record.name for record in caplog.records if record.exc_info] == ["articles.importing"]
