"""Possible duplicates: which pairs are found, and with what evidence."""

import pytest
from django.core.management import call_command

from sources import duplicates, merge
from sources.models import Affiliation, PossibleDuplicate, Source
from sources.preferred_names import update_preferred_name
from tests.factories import get_source, make_claim, published_article

pytestmark = pytest.mark.django_db

QUOTE = "At least 40 bolts are loose,"


def pairs():
    return {(row.first.name, row.second.name) for row in PossibleDuplicate.objects.select_related("first", "second")}


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Lee Seong-kweun", "Seong-kweun Lee", "person"),
        ("Ada Roe", "A. Roe", "person"),
        ("National Intelligence Service", "NIS", "organisation"),
        ("Northern Lights Trust", "Northern Light Trust", "organisation"),
        ("Health-care Board", "Healthcare Board", "organisation"),
    ],
)
def test_similar_names_are_possible_duplicates(one, other, kind):
    for name in (one, other, "Somebody Else"):
        get_source(name, kind=kind)

    assert duplicates.find_duplicates() == (1, 1)
    assert pairs() == {(one, other)}
    assert one in PossibleDuplicate.objects.get().evidence


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Ada Roe", "person"), ("Ida Roe", "person")),  # perhaps a sister
        (("Roe", "person"), ("Roe", "document")),
        (("Ada Roe", "person"), ("Bo Lind", "person")),
        (("Harbour Order 44 of 2024", "document"), ("Harbour Order 45 of 2024", "document")),
    ],
)
def test_different_names_are_not_possible_duplicates(one, other):
    for name, kind in (one, other):
        get_source(name, kind=kind)

    assert duplicates.find_duplicates() == (0, 0)


def test_different_wikidata_ids_are_not_possible_duplicates():
    for name, wikidata_id in (("Ada Roe", "Q1"), ("A. Roe", "Q2")):
        Source.objects.filter(pk=get_source(name).pk).update(wikidata_id=wikidata_id)

    assert duplicates.find_duplicates() == (0, 0)


def test_shared_organisation_lowers_the_limit_for_names():
    first, second, board = get_source("Adam Roe"), get_source("Ad Roe"), get_source("Water Board", kind="organisation")

    assert duplicates.find_duplicates() == (0, 0)

    for person in (first, second):
        Affiliation.objects.create(person=person, organisation=board, role="engineer")

    assert duplicates.find_duplicates() == (1, 1)
    assert "Both belong to Water Board." in PossibleDuplicate.objects.get().evidence


def test_articles_in_which_both_speak_are_evidence():
    first, second = get_source("Ada Roe"), get_source("A. Roe")
    for _ in range(2):
        article = published_article()
        make_claim(article, quote=QUOTE, by=first)
        make_claim(article, quote=QUOTE, by=second, order=2)

    duplicates.find_duplicates()

    assert "Both speak in the same 2 stories." in PossibleDuplicate.objects.get().evidence
    assert "One of them never speaks without the other." in PossibleDuplicate.objects.get().evidence
    assert duplicates.list_evidence(second, first)[-1].startswith("Both speak in the same 2 stories.")


def test_search_again_keeps_decisions_and_evidence_of_stories():
    first, second, third = get_source("Ada Roe"), get_source("A. Roe"), get_source("Ada M. Roe")
    PossibleDuplicate.objects.create(first=first, second=second, evidence="A story equates them.", state="dismissed")
    PossibleDuplicate.objects.create(first=first, second=third, evidence="A story equates “Roe” with “Ada”.")
    duplicates.find_duplicates()
    duplicates.find_duplicates()

    dismissed, open_ = (
        PossibleDuplicate.objects.get(second=second, first=first),
        PossibleDuplicate.objects.get(second=third, first=first),
    )

    assert (dismissed.state, dismissed.evidence) == ("dismissed", "A story equates them.")
    assert open_.evidence.startswith("A story equates “Roe” with “Ada”.\nBy name:")
    assert open_.evidence.count("By name:") == 1


def test_merged_source_is_not_a_possible_duplicate(chief):
    merge.merge_sources(get_source("Ada Roe"), get_source("A. Roe"), by=chief)

    assert duplicates.find_duplicates() == (0, 0)


def test_query_count_does_not_grow_with_sources(django_assert_max_num_queries):
    for number in range(40):
        surname = "".join(chr(97 + int(digit)) * 2 for digit in f"{number * 7919:06}").capitalize()
        get_source(f"Ada {surname}")
        get_source(f"A. {surname}")
    with django_assert_max_num_queries(10):
        assert duplicates.find_duplicates() == (40, 40)


def test_command_prints_how_many_were_found(capsys):
    get_source("Ada Roe")
    get_source("A. Roe")

    call_command("find_duplicates")

    assert capsys.readouterr().out.startswith("Found 1 new possible duplicates. 1 are open")


def test_merge_moves_possible_duplicates_to_the_kept_source(chief):
    kept, gone, third = get_source("Ada Roe"), get_source("A. Roe"), get_source("Adda Roe")
    PossibleDuplicate.objects.create(first=kept, second=gone, evidence="First.")
    PossibleDuplicate.objects.create(first=gone, second=third, evidence="Second.")

    merged = merge.merge_sources(kept, gone, by=chief)

    assert pairs() == {("Ada Roe", "A. Roe"), ("A. Roe", "Adda Roe"), ("Ada Roe", "Adda Roe")}
    assert PossibleDuplicate.objects.get(state="open").evidence == "Second."
    assert PossibleDuplicate.objects.get(state="open").first == kept

    merge.undo_merge(merged, by=chief)

    assert pairs() == {("Ada Roe", "A. Roe"), ("A. Roe", "Adda Roe")}
    assert set(PossibleDuplicate.objects.values_list("state", flat=True)) == {"open"}


def test_undo_returns_what_was_changed_since(chief):
    kept, gone, other = get_source("Ada Roe"), get_source("A. Roe"), get_source("Bo Lind")
    claim = make_claim(published_article(), quote=QUOTE, by=gone)
    merged = merge.merge_sources(kept, gone, by=chief)

    claim.hops.update(source=other)

    assert merge.undo_merge(merged, by=chief) == [("hops", 1)]
    assert claim.hops.get().source == other


def test_undo_restores_the_preferred_names(chief):
    kept, gone = get_source("Ada Roe"), get_source("Old Name")
    merged = merge.merge_sources(kept, gone, by=chief)
    kept.name = "Old Name"
    kept.save()
    update_preferred_name(kept)

    merge.undo_merge(merged, by=chief)

    for source in (kept, gone):
        assert [row.name for row in source.names.filter(preferred=True)] == [Source.objects.get(pk=source.pk).name]
