"""Comparing, restoring and previewing the versions of a story."""

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
    """An article with two revisions; the first is live."""
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


def test_compare_shows_live_and_latest_by_default(desk, story):
    html = desk.get(page("compare", story)).content.decode()
    assert "<ins>not </ins>" in html
    assert "<del>" not in html.replace("<del>struck through", "")
    assert "1 word added," in html
    assert "0 removed." in html


def test_compare_accepts_newer_before_older(desk, story):
    html = desk.get(page("compare", story, old=2, new=1)).content.decode()
    assert "<del>not </del>" in html


def test_compare_with_one_revision_shows_no_change(desk):
    html = desk.get(page("compare", ArticleFactory())).content.decode()
    assert "The two versions are the same." in html


def test_compare_reports_format_only_changes():
    old, new = VersionText("H", "", "<p>One</p><p>Two</p>"), VersionText("H", "", "<p>One</p><h2>Two</h2>")
    headline, text = compare_versions(old, new)
    assert not headline.changed
    assert text.changed
    assert [line.has_format_change for group in text.groups for line in group.lines] == [False, True]


def test_compare_folds_unchanged_paragraphs():
    same = "".join(f"<p>Paragraph {n}.</p>" for n in range(9))
    parts = compare_versions(VersionText("H", "", f"<p>Old.</p>{same}"), VersionText("H", "", f"<p>New.</p>{same}"))
    assert [(group.folded, len(group.lines)) for group in parts[-1].groups] == [(False, 2), (True, 8)]


def test_restore_makes_a_new_revision(desk, story, editor):
    first, second = story.revisions.order_by("number")
    answer = desk.post(page("restore", story), {"revision": 1, "seen": second.pk}, follow=True)
    assert "Revision 1 was restored as revision 3." in answer.content.decode()
    story.refresh_from_db()
    assert (story.latest.number, story.latest.text, story.latest.author) == (3, first.text, editor)
    assert story.latest.note == "Restored from revision 1"
    assert story.live == first
    assert Revision.objects.count() == 3
    assert log.entries_for(story)[0].by == editor


def test_restore_is_refused_after_a_newer_revision(desk, story):
    answer = desk.post(page("restore", story), {"revision": 1, "seen": story.live_id}, follow=True)
    assert "a newer version was saved" in answer.content.decode()
    assert Revision.objects.count() == 2


def test_restore_needs_permission_and_post(story, reporter, client_of):
    data = {"revision": 1, "seen": story.latest_id}
    assert client_of(reporter).post(page("restore", story), data).status_code == 403
    assert client_of(reporter).get(page("restore", story)).status_code == 405
    assert Revision.objects.count() == 2


def test_restore_refuses_other_article_or_stale_revision(story, editor):
    with pytest.raises(ValueError, match="another story"):
        restore_revision(story, ArticleFactory().latest, seen=story.latest_id, by=editor)
    with pytest.raises(StaleVersionError):
        restore_revision(story, story.live, seen=None, by=editor)


@pytest.mark.parametrize("query", [{"old": 99}, {"new": "x"}, {"old": "1", "new": "-1"}])
def test_compare_with_unknown_revision_is_404(desk, story, query):
    assert desk.get(page("compare", story, **query)).status_code == 404


def test_preview_shows_claims_and_allows_own_frame_only(desk, editor):
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


def test_preview_of_undated_draft(desk):
    assert desk.get(page("framed", ArticleFactory(), revision=1)).status_code == 200


def test_other_pages_cannot_be_framed(desk, story):
    answer = desk.get(page("compare", story))
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["compare", "preview", "framed"])
def test_versions_are_forbidden_without_view_permission(story, reader, client_of, name):
    assert client_of(reader).get(page(name, story, **({"revision": 1} if name == "framed" else {}))).status_code in (
        302,
        403,
    )
