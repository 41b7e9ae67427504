"""Comparing, restoring and previewing the versions of a story."""

import pytest
from django.urls import reverse

from articles.editing import revisions
from articles.editing.versions import StaleVersionError, VersionText, compare_versions, restore_revision
from articles.models import Revision
from record import log
from tests.factories import ArticleFactory, add_revision, make_claim, published_article

pytestmark = pytest.mark.django_db


def page(name, article, **query):
    return reverse(f"admin:articles_article_{name}", args=[article.pk], query=query or None)


@pytest.fixture
def article(db):
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
def editor_client(editor, client_of):
    return client_of(editor)


def test_compare_shows_live_and_latest_by_default(editor_client, article):
    html = editor_client.get(page("compare", article)).content.decode()
    assert "<ins>not </ins>" in html
    assert "<del>" not in html.replace("<del>struck through", "")
    assert "1 word added," in html
    assert "0 removed." in html


def test_compare_accepts_newer_before_older(editor_client, article):
    html = editor_client.get(page("compare", article, old=2, new=1)).content.decode()
    assert "<del>not </del>" in html


def test_compare_with_one_revision_shows_no_change(editor_client):
    html = editor_client.get(page("compare", ArticleFactory())).content.decode()
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


def test_restore_makes_a_new_revision(editor_client, article, editor):
    first, second = article.revisions.order_by("number")
    answer = editor_client.post(page("restore", article), {"revision": 1, "seen": second.pk}, follow=True)

    assert "Revision 1 was restored as revision 3." in answer.content.decode()

    article.refresh_from_db()
    assert (article.latest.number, article.latest.text, article.latest.author) == (3, first.text, editor)
    assert article.latest.note == "Restored from revision 1"
    assert article.live == first
    assert Revision.objects.count() == 3
    assert log.entries_for(article)[0].by == editor


def test_restore_is_refused_after_a_newer_revision(editor_client, article):
    answer = editor_client.post(page("restore", article), {"revision": 1, "seen": article.live_id}, follow=True)
    assert "a newer version was saved" in answer.content.decode()
    assert Revision.objects.count() == 2


def test_restore_needs_permission_and_post(article, reporter, client_of):
    data = {"revision": 1, "seen": article.latest_id}
    assert client_of(reporter).post(page("restore", article), data).status_code == 403
    assert client_of(reporter).get(page("restore", article)).status_code == 405
    assert Revision.objects.count() == 2


def test_restore_refuses_other_article_or_stale_revision(article, editor):
    with pytest.raises(ValueError, match="another article"):
        restore_revision(article, ArticleFactory().latest, seen=article.latest_id, by=editor)
    with pytest.raises(StaleVersionError):
        restore_revision(article, article.live, seen=None, by=editor)


@pytest.mark.parametrize("query", [{"old": 99}, {"new": "x"}, {"old": "1", "new": "-1"}])
def test_compare_with_unknown_revision_is_404(editor_client, article, query):
    assert editor_client.get(page("compare", article, **query)).status_code == 404


def test_preview_shows_claims_and_allows_own_frame_only(editor_client, editor):
    article = published_article(paragraphs=["The bridge will close.", "“It is old,” Ada Roe said."])
    make_claim(article, quote="It is old,", by="Ada Roe", review="accepted")
    written = "The bridge will not close.\n\n“It is old,” Ada Roe said."
    revisions.create_revision(article, headline="Bridge", summary="", body=written, by=editor)

    outer = editor_client.get(page("preview", article))

    assert f'src="{page("framed", article, revision=2)}"' in outer.content.decode()
    assert "frame-src 'self'" in outer["Content-Security-Policy"]

    framed = editor_client.get(page("framed", article, revision=2))
    html = framed.content.decode()
    assert "will not close" in html
    assert "<mark" in html
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert "no-store" in framed["Cache-Control"]
    assert "will not close" not in editor_client.get(page("framed", article, revision=1)).content.decode()


def test_preview_of_undated_draft(editor_client):
    assert editor_client.get(page("framed", ArticleFactory(), revision=1)).status_code == 200


def test_other_pages_cannot_be_framed(editor_client, article):
    answer = editor_client.get(page("compare", article))
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["compare", "preview", "framed"])
def test_versions_are_forbidden_without_view_permission(article, reader, client_of, name):
    assert client_of(reader).get(page(name, article, **({"revision": 1} if name == "framed" else {}))).status_code in (
        302,
        403,
    )
