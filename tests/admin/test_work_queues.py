"""The work queues on the admin's first page, and resolving import items."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.admin.work_queues import list_work_queues
from articles.models import Article, ImportItem
from articles.publishing.actions import send_back
from tests.factories import (
    AnchorFactory,
    ArticleFactory,
    ImportItemFactory,
    ImportRunFactory,
    OriginalFactory,
    add_revision,
    make_claim,
    published_article,
)

pytestmark = pytest.mark.django_db

QUOTE = "At least 40 bolts are loose,"


def lose_anchor(claim):
    """Add a revision in which the claim's text is not found."""
    revision = add_revision(claim.article, paragraphs=["Nothing of it."])
    old = claim.anchors.first()
    return AnchorFactory(claim=claim, revision=revision, start=old.start, end=old.end, state="lost")


@pytest.fixture
def newsroom(editor):
    """Fill each queue with two items, and add similar rows that belong to no queue."""
    now = timezone.now()
    for number in range(2):
        ArticleFactory(status="in_review", headline=f"Review {number}")
        send_back(ArticleFactory(status="in_review", headline=f"Back {number}"), by=editor, note="No.")
        make_claim(published_article(headline=f"Claims {number}"), quote=QUOTE, review="proposed")
        ArticleFactory(status="scheduled", headline=f"Later {number}", published_at=now + timedelta(hours=number + 1))
        ArticleFactory(headline=f"Embargo {number}", embargo_until=now + timedelta(hours=number + 1))
        add_revision(published_article(headline=f"Correction {number}"), paragraphs=["Changed."])
        lose_anchor(make_claim(ArticleFactory(headline=f"Lost {number}"), quote=QUOTE, by="Ada Roe"))
        ImportItemFactory(outcome="warned", path=f"wire/odd-{number}.txt")
    ArticleFactory(headline="A draft")
    published_article(headline="Out")
    ArticleFactory(status="scheduled", published_at=now - timedelta(hours=1), headline="Came")
    ArticleFactory(embargo_until=now - timedelta(hours=1), headline="Free")
    make_claim(ArticleFactory(status="retracted", headline="Gone"), quote=QUOTE, review="proposed")
    lose_anchor(make_claim(ArticleFactory(), quote=QUOTE, by="Ada Roe", review="rejected"))
    ImportItemFactory(outcome="imported")
    ImportItemFactory(outcome="warned", settled_at=now, settled_by=editor)
    ImportItemFactory(outcome="warned", run=ImportRunFactory(state="undone"))


EXPECTED = {
    "sent-back": ["Back 0", "Back 1"],
    "review": ["Review 0", "Review 1"],
    "claims": ["Claims 0", "Claims 1"],
    "scheduled": ["Later 0", "Later 1"],
    "embargo": ["Embargo 0", "Embargo 1"],
    "correction": ["Correction 0", "Correction 1"],
}


def test_work_queues_hold_what_waits_and_nothing_else(newsroom, editor):
    found = {queue.code: (queue.count, [item.name for item in queue.items]) for queue in list_work_queues(editor)}

    assert {code: found[code] for code in EXPECTED} == {code: (2, names) for code, names in EXPECTED.items()}
    assert found["lost"] == (2, [QUOTE] * 2)
    assert found["imports"] == (2, ["wire/odd-0.txt", "wire/odd-1.txt"])


@pytest.mark.parametrize("code", EXPECTED)
def test_queue_count_links_to_exactly_those_stories(newsroom, editor, client_of, code):
    client = client_of(editor)

    home = client.get("/admin/").content.decode()

    url, count = re.search(rf'id="work-queue-{code}"><a href="([^"]+)"><span class="count">(\d+)<', home).groups()

    rows = client.get(unescape(url)).context["cl"].result_list

    assert sorted(str(row) for row in rows) == EXPECTED[code]
    assert int(count) == len(rows)


def test_queue_count_links_to_anchors_and_items(newsroom, editor, client_of):
    client = client_of(editor)
    found = {queue.code: queue.url for queue in list_work_queues(editor)}

    assert len(client.get(found["lost"]).context["rows"]) == 2

    listed = client.get(found["imports"]).context["cl"].result_list

    assert [item.path for item in listed] == ["wire/odd-1.txt", "wire/odd-0.txt"]


VISIBLE_QUEUES = {
    "reporter": {"sent-back", "review", "scheduled", "embargo", "correction"},
    "editor": {*EXPECTED, "lost", "imports"},
    "chief": {*EXPECTED, "lost", "imports"},
    "loader": {"sent-back", "review", "scheduled", "embargo", "correction", "imports"},
    "reader": set(),
}


@pytest.mark.parametrize("who", VISIBLE_QUEUES)
def test_work_queues_depend_on_role(request, newsroom, who):
    assert {queue.code for queue in list_work_queues(request.getfixturevalue(who))} == VISIBLE_QUEUES[who]


def test_first_page_has_a_fixed_number_of_queries(newsroom, chief, client_of, django_assert_num_queries):
    client = client_of(chief)

    client.get("/admin/")
    for extra in (0, 3):
        for number in range(extra):
            make_claim(published_article(headline=f"More {number}"), quote=QUOTE, review="proposed")
            ImportItemFactory(outcome="warned")
        # Session, user, two for permissions; one per queue; recent activity.
        with django_assert_num_queries(4 + 8 + 1):
            client.get("/admin/")


def test_first_page_says_that_nothing_waits(chief, client_of):
    html = client_of(chief).get("/admin/").content.decode()

    assert "Nothing to do in:" in html


def test_first_page_shows_recent_activity(newsroom, editor, client_of):
    html = " ".join(client_of(editor).get("/admin/").content.decode().split())

    assert "<strong>edna</strong> sent back" in html


# --- Resolving import items ---


def test_resolving_an_item_leads_to_the_next(editor, client_of):
    first, second = (ImportItemFactory(outcome="warned") for _ in range(2))
    client = client_of(editor)
    url = reverse("admin:articles_importitem_settle", args=[first.pk])

    assert client.get(url).status_code == 405

    answer = client.post(url)

    assert answer["Location"] == reverse("admin:articles_importitem_change", args=[second.pk])
    first.refresh_from_db()
    assert first.settled_by == editor
    assert list(ImportItem.objects.unsettled()) == [second]

    last = client.post(reverse("admin:articles_importitem_settle", args=[second.pk]), follow=True)

    assert "All import warnings are resolved." in last.content.decode()


def test_items_are_resolved_in_bulk_once(chief, editor, client_of):
    items = [ImportItemFactory(outcome="rejected") for _ in range(3)]
    given = {"action": "settle", "_selected_action": [item.pk for item in items]}

    client_of(editor).post(reverse("admin:articles_importitem_changelist"), given)
    client_of(chief).post(reverse("admin:articles_importitem_changelist"), given)

    assert {item.settled_by for item in ImportItem.objects.all()} == {editor}


@pytest.mark.parametrize("who", ["reporter", "reader"])
def test_resolving_items_needs_permission(request, client_of, who):
    item = ImportItemFactory(outcome="warned")
    client = client_of(request.getfixturevalue(who))

    assert client.post(reverse("admin:articles_importitem_settle", args=[item.pk])).status_code in (302, 403)
    item.refresh_from_db()
    assert item.settled_at is None


def test_item_page_shows_source_file_and_imported_text(editor, client_of):
    story = ArticleFactory(headline="Bridge & tunnel", paragraphs=["It is closed."])
    item = ImportItemFactory(
        article=story, revision=story.latest, original=OriginalFactory(data=b"BRIDGE\n<script>alert(1)</script>")
    )

    html = client_of(editor).get(reverse("admin:articles_importitem_change", args=[item.pk])).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<h3>Bridge &amp; tunnel</h3>" in html
    assert "<p>It is closed.</p>" in html
    assert Article.objects.count() == 1
