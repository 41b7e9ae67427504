"""A story's versions: compared word by word, restored, looked at as readers would see them."""

import pytest
from django.urls import reverse

from articles.editing import revisions
from articles.editing.versions import StaleVersionError, VersionText, compare_versions, restore_revision
from articles.models import Revision
from record import log
from tests.factories import ArticleFactory, add_revision, make_claim, published_article

pytestmark = pytest.mark.django_db


def page(name, story, **query):
    return reverse(f"admin:articles_article_{name}", args=[story.pk], query=query or None)


@pytest.fixture
def story(db):
    """Two versions; readers see the first."""
    article = published_article(
        headline="Bridge closes", paragraphs=["The bridge will close.", "“It is old,” Ada Roe said."]
    )
    add_revision(
        article, paragraphs=["The bridge will not close.", "“It is old,” Ada Roe said."], headline="Bridge closes"
    )
    article.refresh_from_db()
    return article


@pytest.fixture
def desk(editor, client_of):
    return client_of(editor)


def test_what_readers_see_is_compared_with_the_draft(desk, story):
    html = desk.get(page("compare", story)).content.decode()
    assert "<ins>not </ins>" in html
    assert "<del>" not in html.replace("<del>struck", "")
    assert "0 words went," in html
    assert "1 came." in html


def test_any_two_are_compared_either_way(desk, story):
    html = desk.get(page("compare", story, old=2, new=1)).content.decode()
    assert "<del>not </del>" in html


def test_one_version_alone_is_the_same_as_itself(desk):
    html = desk.get(page("compare", ArticleFactory())).content.decode()
    assert "The two are the same." in html


def test_what_differs_in_form_alone_is_said():
    old, new = VersionText("H", "", "<p>One</p><p>Two</p>"), VersionText("H", "", "<p>One</p><h2>Two</h2>")
    headline, text = compare_versions(old, new)
    assert not headline.changed
    assert text.changed
    assert [line.has_format_change for stretch in text.groups for line in stretch.lines] == [False, True]


def test_long_stretches_that_are_the_same_are_folded():
    same = "".join(f"<p>Paragraph {n}.</p>" for n in range(9))
    parts = compare_versions(VersionText("H", "", f"<p>Old.</p>{same}"), VersionText("H", "", f"<p>New.</p>{same}"))
    assert [(stretch.folded, len(stretch.lines)) for stretch in parts[-1].groups] == [(False, 2), (True, 8)]


def test_an_older_version_stands_on_top_again(desk, story, editor):
    first, second = story.revisions.order_by("number")
    answer = desk.post(page("restore", story), {"revision": 1, "seen": second.pk}, follow=True)
    assert "Revision 1 stands on top again, as revision 3." in answer.content.decode()
    story.refresh_from_db()
    assert (story.latest.number, story.latest.text, story.latest.author) == (3, first.text, editor)
    assert story.latest.note == "Restored from revision 1"
    assert story.live == first
    assert Revision.objects.count() == 3
    assert log.entries_for(story)[0].by == editor


def test_nothing_is_restored_over_what_was_not_seen(desk, story):
    answer = desk.post(page("restore", story), {"revision": 1, "seen": story.live_id}, follow=True)
    assert "a version was saved meanwhile" in answer.content.decode()
    assert Revision.objects.count() == 2


def test_restoring_asks_for_the_permission(story, reporter, client_of):
    data = {"revision": 1, "seen": story.latest_id}
    assert client_of(reporter).post(page("restore", story), data).status_code == 403
    assert client_of(reporter).get(page("restore", story)).status_code == 405
    assert Revision.objects.count() == 2


def test_another_storys_version_is_not_restored(story, editor):
    with pytest.raises(ValueError, match="another article"):
        restore_revision(story, ArticleFactory().latest, seen=story.latest_id, by=editor)
    with pytest.raises(StaleVersionError):
        restore_revision(story, story.live, seen=None, by=editor)


@pytest.mark.parametrize("query", [{"old": 99}, {"new": "x"}, {"old": "1", "new": "-1"}])
def test_a_version_there_is_not_has_no_page(desk, story, query):
    assert desk.get(page("compare", story, **query)).status_code == 404


def test_a_preview_shows_a_version_with_its_claims_and_is_framed_here_alone(desk, editor):
    story = published_article(paragraphs=["The bridge will close.", "“It is old,” Ada Roe said."])
    make_claim(story, quote="It is old,", by="Ada Roe", review="accepted")
    written = "The bridge will not close.\n\n“It is old,” Ada Roe said."
    revisions.create_revision(story, headline="Bridge", summary="", body=written, by=editor)
    outer = desk.get(page("preview", story))
    assert f'src="{page("framed", story, revision=2)}"' in outer.content.decode()
    assert "frame-src 'self'" in outer["Content-Security-Policy"]
    framed = desk.get(page("framed", story, revision=2))
    html = framed.content.decode()
    assert "will not close" in html
    assert "<mark" in html
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert "no-store" in framed["Cache-Control"]
    assert "will not close" not in desk.get(page("framed", story, revision=1)).content.decode()


def test_a_draft_without_a_date_is_previewed(desk):
    assert desk.get(page("framed", ArticleFactory(), revision=1)).status_code == 200


def test_other_pages_are_still_framed_nowhere(desk, story):
    answer = desk.get(page("compare", story))
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["compare", "preview", "framed"])
def test_whoever_may_not_see_stories_sees_no_version(story, reader, client_of, name):
    assert client_of(reader).get(page(name, story, **({"revision": 1} if name == "framed" else {}))).status_code in (
        302,
        403,
    )
