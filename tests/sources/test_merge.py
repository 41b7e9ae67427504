"""Merging two_sources sources: what is moved, where the old URL leads, and undo."""

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
def two_sources(db):
    """Return two sources that are the same person, with claims and affiliations."""
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


def test_merge_moves_all_references_to_the_kept_source(two_sources, chief):
    kept, gone = two_sources

    merge.merge_sources(kept, gone, by=chief)

    assert not Claim.objects.filter(hops__source=gone).exists()
    assert not Claim.objects.filter(hops__organisation=gone).exists()
    assert Claim.objects.filter(hops__source=kept).count() == 2
    assert Claim.objects.filter(article__agency=kept).count() == 1
    assert sorted(kept.affiliations.values_list("role", flat=True)) == ["engineer", "mayor"]
    assert PossibleDuplicate.objects.get().state == "merged"


def test_undo_restores_everything(two_sources, chief):
    kept, gone = two_sources
    before = state()

    merged = merge.merge_sources(kept, gone, by=chief)

    assert state() != before

    merge.undo_merge(merged, by=chief)

    assert state() == before


def test_undo_leaves_newer_claims_with_the_kept_source(two_sources, chief):
    kept, gone = two_sources
    merged = merge.merge_sources(kept, gone, by=chief)
    newer = make_claim(published_article(), quote=QUOTE, by=kept)

    merge.undo_merge(merged, by=chief)

    assert newer.hops.get().source == kept


def test_old_url_redirects_until_undo(client, two_sources, chief):
    kept, gone = two_sources
    merged = merge.merge_sources(kept, gone, by=chief)

    response = client.get(gone.get_absolute_url())

    assert (response.status_code, response["Location"]) == (301, kept.get_absolute_url())

    merge.undo_merge(merged, by=chief)

    assert client.get(gone.get_absolute_url()).status_code == 200


def test_chained_merges_redirect_to_the_last_source(client, two_sources, chief):
    kept, gone = two_sources
    third = get_source("Robert Lind")
    merge.merge_sources(kept, gone, by=chief)
    merge.merge_sources(third, kept, by=chief)

    gone.refresh_from_db()

    assert gone.merged_into == third
    with pytest.raises(merge.MergeError, match="already merged into another source"):
        merge.merge_sources(gone, third, by=chief)
    with pytest.raises(merge.MergeError, match="merged into another source since"):
        merge.undo_merge(Merge.objects.order_by("id").first(), by=chief)


def test_name_of_merged_source_resolves_to_the_kept_source(two_sources, chief, tmp_path):
    kept, gone = two_sources
    merge.merge_sources(kept, gone, by=chief)
    resolver = Resolver()

    resolver.load_names(["B. Lind"])

    assert resolver.find_or_create(NamedSource("B. Lind", "person")) == kept


def test_preview_counts_what_a_merge_would_move(two_sources):
    kept, gone = two_sources

    moves = dict(merge.preview_merge(kept, gone))

    assert moves["names"] == 1
    assert moves["hops (source)"] == 1
    assert moves["hops (organisation)"] == 1
    assert moves["affiliations (person)"] == 2


def test_merge_and_undo_are_in_the_audit_log(two_sources, chief):
    kept, gone = two_sources
    merged = merge.merge_sources(kept, gone, by=chief)

    merge.undo_merge(merged, by=chief)

    assert [entry.verb for entry in log.entries_for(kept)] == ["parted", "merged"]


def test_merge_without_permission_is_refused(two_sources, editor):
    kept, gone = two_sources

    with pytest.raises(PermissionDenied):
        merge.merge_sources(kept, gone, by=editor)


def test_merge_into_itself_is_refused(two_sources, chief):
    kept, _gone = two_sources

    with pytest.raises(merge.MergeError, match="into itself"):
        merge.merge_sources(kept, kept, by=chief)


def test_second_undo_is_refused(two_sources, chief):
    kept, gone = two_sources
    merged = merge.merge_sources(kept, gone, by=chief)

    merge.undo_merge(merged, by=chief)

    with pytest.raises(merge.MergeError, match="already undone"):
        merge.undo_merge(merged, by=chief)


# --- Pages ---


def test_merge_page_previews_merges_and_undoes(client_of, chief, two_sources):
    kept, gone = two_sources

    browser, page = client_of(chief), f"/admin/sources/source/{kept.pk}/merge/"

    assert "Likely duplicates" in browser.get(page).content.decode()
    assert gone.name in browser.get(page, {"q": "lind"}).content.decode()

    shown = browser.get(page, {"other": gone.pk}).content.decode()

    assert "Hops (source): <strong>" in shown
    assert not Merge.objects.exists()

    browser.post(page, {"other": gone.pk, "merge": "yes"})

    gone.refresh_from_db()

    assert gone.merged_into == kept

    browser.post(page, {"other": gone.pk, "merge": "yes"})  # a double click

    assert Merge.objects.count() == 1

    browser.post(page, {"undo": Merge.objects.get().pk})

    gone.refresh_from_db()

    assert gone.merged_into is None


def test_merge_page_without_permission_is_403(client_of, editor, two_sources):
    kept, _ = two_sources

    assert client_of(editor).get(f"/admin/sources/source/{kept.pk}/merge/").status_code == 403


def test_search_does_not_show_the_merged_source(client, two_sources, chief):
    kept, gone = two_sources
    merge.merge_sources(kept, gone, by=chief)

    call_command("reindex")

    assert gone.get_absolute_url() not in client.get("/search/?q=lind").content.decode()
