"""Two sources that are one: what a merge moves, where the old address leads, and that it can be taken back."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from articles.models import Claim
from record import log
from sources import merge
from sources.models import Affiliation, Merge, PossibleDuplicate, Source
from sources.resolver import NamedSource, Resolver
from tests.factories import get_source, make_claim, published_article, unnamed_speaker

pytestmark = pytest.mark.django_db

QUOTE = "At least 40 bolts are loose,"


@pytest.fixture
def two(db):
    """Bo Lind, and B. Lind who is the same."""
    kept, gone = get_source("Bo Lind"), get_source("B. Lind")
    make_claim(published_article(), quote=QUOTE, by=kept)
    make_claim(published_article(), quote=QUOTE, by=["Ada Roe", gone])
    make_claim(published_article(agency=gone), quote=QUOTE, by=unnamed_speaker("an aide", organisation=gone))
    Affiliation.objects.create(person=gone, role="engineer")
    Affiliation.objects.create(person=kept, role="engineer")
    Affiliation.objects.create(person=gone, role="mayor")
    PossibleDuplicate.objects.create(
        first=min(kept, gone, key=lambda s: s.pk), second=max(kept, gone, key=lambda s: s.pk), evidence="Alike."
    )
    return kept, gone


def state():
    return (
        sorted(Claim.objects.values_list("pk", "hops__source__name", "hops__organisation__name")),
        sorted(Affiliation.objects.values_list("pk", "person__name", "role")),
        sorted(Source.objects.values_list("name", "names__name", "names__preferred", "merged_into__name")),
        sorted(PossibleDuplicate.objects.values_list("pk", "state")),
        sorted(Claim.objects.values_list("pk", "article__agency__name")),
    )


def test_everything_that_points_at_the_one_points_at_the_other(two, chief):
    kept, gone = two
    merge.merge_sources(kept, gone, by=chief)
    assert not Claim.objects.filter(hops__source=gone).exists()
    assert not Claim.objects.filter(hops__organisation=gone).exists()
    assert Claim.objects.filter(hops__source=kept).count() == 2
    assert Claim.objects.filter(article__agency=kept).count() == 1
    assert sorted(kept.affiliations.values_list("role", flat=True)) == ["engineer", "mayor"]
    assert PossibleDuplicate.objects.get().state == "merged"


def test_undo_puts_all_of_it_back(two, chief):
    kept, gone = two
    before = state()
    made = merge.merge_sources(kept, gone, by=chief)
    assert state() != before
    merge.undo_merge(made, by=chief)
    assert state() == before


def test_what_came_since_stays_with_the_one_that_stayed(two, chief):
    kept, gone = two
    made = merge.merge_sources(kept, gone, by=chief)
    since = make_claim(published_article(), quote=QUOTE, by=kept)
    merge.undo_merge(made, by=chief)
    assert since.hops.get().source == kept


def test_the_old_address_leads_to_the_new_one_and_back(client, two, chief):
    kept, gone = two
    made = merge.merge_sources(kept, gone, by=chief)
    answer = client.get(gone.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (301, kept.get_absolute_url())
    merge.undo_merge(made, by=chief)
    assert client.get(gone.get_absolute_url()).status_code == 200


def test_a_merge_of_what_was_merged_never_loops(client, two, chief):
    kept, gone = two
    third = get_source("Robert Lind")
    merge.merge_sources(kept, gone, by=chief)
    merge.merge_sources(third, kept, by=chief)
    gone.refresh_from_db()
    assert gone.merged_into == third
    with pytest.raises(merge.MergeError, match="merged into another source already"):
        merge.merge_sources(gone, third, by=chief)
    with pytest.raises(merge.MergeError, match="was itself merged since"):
        merge.undo_merge(Merge.objects.order_by("id").first(), by=chief)


def test_names_learnt_from_a_merge_resolve_at_the_next_import(two, chief, tmp_path):
    kept, gone = two
    merge.merge_sources(kept, gone, by=chief)
    resolver = Resolver()
    resolver.load_names(["B. Lind"])
    assert resolver.find_or_create(NamedSource("B. Lind", "person")) == kept


def test_it_says_beforehand_what_it_would_move(two):
    kept, gone = two
    moves = dict(merge.preview_merge(kept, gone))
    assert moves["names"] == 1
    assert moves["hops (source)"] == 1
    assert moves["hops (organisation)"] == 1
    assert moves["affiliations (person)"] == 2


def test_it_is_on_record(two, chief):
    kept, gone = two
    made = merge.merge_sources(kept, gone, by=chief)
    merge.undo_merge(made, by=chief)
    assert [act.verb for act in log.entries_for(kept)] == ["parted", "merged"]


def test_only_who_may(two, editor):
    kept, gone = two
    with pytest.raises(PermissionDenied):
        merge.merge_sources(kept, gone, by=editor)


@pytest.mark.parametrize("again", [True, False])
def test_twice_is_refused(two, chief, again):
    kept, gone = two
    if not again:
        with pytest.raises(merge.MergeError, match="into itself"):
            merge.merge_sources(kept, kept, by=chief)
        return
    made = merge.merge_sources(kept, gone, by=chief)
    merge.undo_merge(made, by=chief)
    with pytest.raises(merge.MergeError, match="taken back already"):
        merge.undo_merge(made, by=chief)


# --- In the newsroom ---


def test_the_page_previews_merges_and_takes_back(client_of, chief, two):
    kept, gone = two
    desk, page = client_of(chief), f"/admin/sources/source/{kept.pk}/merge/"
    assert "Likely duplicates" in desk.get(page).content.decode()
    assert gone.name in desk.get(page, {"q": "lind"}).content.decode()
    shown = desk.get(page, {"other": gone.pk}).content.decode()
    assert "Hops (source): <strong>" in shown
    assert not Merge.objects.exists()
    desk.post(page, {"other": gone.pk, "merge": "yes"})
    gone.refresh_from_db()
    assert gone.merged_into == kept
    desk.post(page, {"other": gone.pk, "merge": "yes"})  # a double click
    assert Merge.objects.count() == 1
    desk.post(page, {"undo": Merge.objects.get().pk})
    gone.refresh_from_db()
    assert gone.merged_into is None


def test_who_may_not_merge_has_no_page(client_of, editor, two):
    kept, _ = two
    assert client_of(editor).get(f"/admin/sources/source/{kept.pk}/merge/").status_code == 403


def test_search_follows(client, two, chief):
    kept, gone = two
    merge.merge_sources(kept, gone, by=chief)
    call_command("reindex")
    assert gone.get_absolute_url() not in client.get("/search/?q=lind").content.decode()
