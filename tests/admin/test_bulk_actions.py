"""One thing done with many stories: how many and which it touches, then the doing, and what was left alone and why."""

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
QUIET = ("The harbour bridge will close on Monday.",)
QUOTED = ("“The north span has to close now,” the report reads.",)


def do(client, action, stories, **given):
    """Choose stories in the list, choose what to do, and confirm; returns (the page that asked, what came of it)."""
    asked = client.post(URL, {"action": action, "_selected_action": [story.pk for story in stories]})
    if asked.status_code != 200 or "confirmed" not in form_fields(asked):
        return asked, asked
    return asked, client.post(URL, {**form_fields(asked), **given}, follow=True)


def words(answer):
    return " ".join(answer.content.decode().split())


def test_publishing_touches_what_can_be_published_and_names_what_it_leaves_and_why(editor, client_of):
    ready = ArticleFactory(status="in_review", paragraphs=QUIET, headline="Ready")
    warned = ArticleFactory(status="in_review", paragraphs=QUOTED, headline="Warned")
    out = published_article(headline="Out already")
    asked, done = do(client_of(editor), "publish_many", [ready, warned, out])
    assert "This touches 2 of the 3 selected." in words(asked)
    assert "Ready" in words(asked)
    assert "Out already" not in words(asked)
    assert "Publish: 1 story: done. 1 stays as it was." in words(done)
    assert "Left alone: 1" in words(done)
    assert "There is an open warning." in words(done)
    statuses = {
        story.headline: story.status for story in Article.objects.select_related("latest") for story in [named(story)]
    }
    assert statuses == {"Ready": "published", "Warned": "in_review", "Out already": "published"}
    assert log.entries_for(ready).get().verb == "published"


def named(story):
    story.headline = story.latest.headline
    return story


def test_nothing_happens_before_it_is_confirmed(editor, client_of):
    story = ArticleFactory(status="in_review", paragraphs=QUIET)
    client_of(editor).post(URL, {"action": "publish_many", "_selected_action": [story.pk]})
    story.refresh_from_db()
    assert story.status == "in_review"


def test_all_of_a_filtered_list_is_touched_and_not_the_page_alone(editor, client_of):
    for _ in range(60):
        ArticleFactory(status="in_review", paragraphs=QUIET)
    other = ArticleFactory(status="draft", paragraphs=QUIET)
    client, url = client_of(editor), f"{URL}?status__exact=in_review"
    first = Article.objects.filter(status="in_review").first()
    given = {"action": "publish_many", "_selected_action": [first.pk], "select_across": "1"}
    asked = client.post(url, given)
    assert "This touches 60 of the 60 selected." in words(asked)
    client.post(url, form_fields(asked))
    assert Article.objects.filter(status="published").count() == 60
    other.refresh_from_db()
    assert other.status == "draft"


def test_drafts_are_sent_for_review(reporter, client_of):
    draft, waiting = ArticleFactory(), ArticleFactory(status="in_review")
    do(client_of(reporter), "submit_many", [draft, waiting])
    assert set(Article.objects.values_list("status", flat=True)) == {"in_review"}
    assert log.entries_for(draft).get().by == reporter
    assert not log.entries_for(waiting).exists()


def test_stories_are_filed_under_topics(editor, client_of):
    known, new = TopicFactory(name="Bridges"), TopicFactory(name="Harbour")
    filed, other = ArticleFactory(topics=(known, new)), ArticleFactory(topics=(known,))
    client = client_of(editor)
    asked, again = do(client, "tag_many", [filed, other])
    assert "Bridges" in words(asked)
    assert "This field is required." in words(again)  # no topic was chosen
    do(client, "tag_many", [filed, other], topics=[known.pk, new.pk])
    assert set(other.topics.all()) == {known, new}
    assert log.entries_for(other).get().details == {"topics": ["Harbour"]}
    assert not log.entries_for(filed).exists()


def test_a_reporter_files_no_story_that_is_out(reporter, client_of):
    topic, out = TopicFactory(), published_article()
    _, done = do(client_of(reporter), "tag_many", [out], topics=[topic.pk])
    assert "Your role does not let you change this story any more." in words(done)
    assert not out.topics.exists()


def test_claims_are_looked_for_again_and_what_was_judged_stays(editor, client_of):
    story = ArticleFactory(
        paragraphs=["“We cannot wait,” Ada Roe said.", "The bridge is unsafe, engineer Ada Roe said."]
    )
    kept = make_claim(story, quote="We cannot wait,", by="Ada Roe", review="rejected")
    do(client_of(editor), "extract_many", [story])
    assert {made.review for made in story.claims.all()} == {"rejected", "proposed"}
    kept.refresh_from_db()
    assert kept.review == "rejected"
    assert log.entries_for(story).get().verb == "extracted"
    _, again = do(client_of(editor), "extract_many", [story])
    assert "0 stories: done. 1 stays as it was." in words(again)


def test_the_claims_of_many_stories_are_accepted_and_that_can_be_taken_back(editor, client_of):
    stories = [published_article() for _ in range(2)]
    for story in stories:
        make_claim(story, quote="At least 40 bolts are loose,", review="proposed")
    without = published_article()
    client = client_of(editor)
    asked, done = do(client, "accept_many", [*stories, without])
    assert "This touches 2 of the 3 selected. They have 2 claims that wait." in words(asked)
    assert "Accepted 2 claims." in words(done)
    assert set(Claim.objects.values_list("review", "reviewed_how")) == {("accepted", "bulk")}
    client.post(reverse("admin:articles_claim_undo"))
    assert set(Claim.objects.values_list("review", flat=True)) == {"proposed"}


MAY = {
    "reporter": {"submit_many", "tag_many"},
    "editor": {"submit_many", "tag_many", "publish_many", "extract_many", "accept_many"},
    "loader": set(),
}


@pytest.mark.parametrize("who", MAY)
def test_everybody_is_offered_what_their_role_may_do(request, client_of, who):
    ArticleFactory()
    page = client_of(request.getfixturevalue(who)).get(URL)
    offered = (
        {choice for choice, _label in page.context["action_form"].fields["action"].choices}
        if page.context["action_form"]
        else set()
    )
    assert {action for action in offered if action.endswith("_many")} == MAY[who]


@pytest.mark.parametrize("action", ["publish_many", "extract_many", "accept_many"])
def test_a_reporter_does_none_of_the_others(reporter, client_of, action):
    story = ArticleFactory(status="in_review", paragraphs=QUIET)
    given = {"action": action, "_selected_action": [story.pk], "confirmed": "yes"}
    client_of(reporter).post(URL, given)
    story.refresh_from_db()
    assert story.status == "in_review"


def test_error_in_one_story_leaves_the_others_done(editor, client_of, monkeypatch, caplog):
    bad, good = (ArticleFactory(paragraphs=QUIET, headline=name, language="en") for name in ("Bad", "Good"))
    looked = []

    def fails(article):
        plan = find_claims(article)
        looked.append(article.pk)
        make_claim(article, quote=QUIET[0], by="Ann Frith", review="proposed")
        if article.pk == bad.pk:
            raise RuntimeError("broken")
        return replace(plan, new=(0,))

    monkeypatch.setattr("articles.admin.bulk_actions.find_claims", fails)
    _, done = do(client_of(editor), "extract_many", [bad, good])
    assert looked == [bad.pk, good.pk]
    assert "1 story: done." in words(done)
    assert "An error stopped it (RuntimeError). The log says where." in words(done)
    assert not bad.claims.exists()
    assert good.claims.exists()
    assert [record.name for record in caplog.records if record.exc_info] == ["articles.importing"]
