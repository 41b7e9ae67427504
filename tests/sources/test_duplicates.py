"""Likely duplicates: which pairs are asked about, with what evidence, and that asking stays cheap."""

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
def test_names_that_are_alike_are_asked_about(one, other, kind):
    get_source(one, kind=kind), get_source(other, kind=kind), get_source("Somebody Else", kind=kind)
    assert duplicates.find_duplicates() == (1, 1)
    assert pairs() == {(one, other)}
    assert one in PossibleDuplicate.objects.get().evidence


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Ada Roe", "person"), ("Ida Roe", "person")),  # a sister, for all a name can tell
        (("Roe", "person"), ("Roe", "document")),
        (("Ada Roe", "person"), ("Bo Lind", "person")),
        (("Harbour Order 44 of 2024", "document"), ("Harbour Order 45 of 2024", "document")),
    ],
)
def test_others_are_not(one, other):
    get_source(one[0], kind=one[1]), get_source(other[0], kind=other[1])
    assert duplicates.find_duplicates() == (0, 0)


def test_wikidata_knows_better():
    for name, wikidata_id in (("Ada Roe", "Q1"), ("A. Roe", "Q2")):
        Source.objects.filter(pk=get_source(name).pk).update(wikidata_id=wikidata_id)
    assert duplicates.find_duplicates() == (0, 0)


def test_a_house_in_common_makes_a_likeness_of_less():
    first, second, board = get_source("Adam Roe"), get_source("Ad Roe"), get_source("Water Board", kind="organisation")
    assert duplicates.find_duplicates() == (0, 0)
    for person in (first, second):
        Affiliation.objects.create(person=person, organisation=board, role="engineer")
    assert duplicates.find_duplicates() == (1, 1)
    assert "Both belong to Water Board." in PossibleDuplicate.objects.get().evidence


def test_stories_in_which_both_speak_are_evidence():
    first, second = get_source("Ada Roe"), get_source("A. Roe")
    for _ in range(2):
        story = published_article()
        make_claim(story, quote=QUOTE, by=first)
        make_claim(story, quote=QUOTE, by=second, order=2)
    duplicates.find_duplicates()
    assert "Both speak in the same 2 stories." in PossibleDuplicate.objects.get().evidence
    assert "One of them never speaks without the other." in PossibleDuplicate.objects.get().evidence
    assert duplicates.list_evidence(second, first)[-1].startswith("Both speak in the same 2 stories.")


def test_what_an_editor_judged_is_not_asked_again_and_what_copy_said_is_kept():
    first, second, third = get_source("Ada Roe"), get_source("A. Roe"), get_source("Ada M. Roe")
    PossibleDuplicate.objects.create(first=first, second=second, evidence="Copy equates them.", state="dismissed")
    PossibleDuplicate.objects.create(first=first, second=third, evidence="Copy equates “Roe” with “Ada”.")
    duplicates.find_duplicates()
    duplicates.find_duplicates()
    judged, open_ = (
        PossibleDuplicate.objects.get(second=second, first=first),
        PossibleDuplicate.objects.get(second=third, first=first),
    )
    assert (judged.state, judged.evidence) == ("dismissed", "Copy equates them.")
    assert open_.evidence.startswith("Copy equates “Roe” with “Ada”.\nBy name:")
    assert open_.evidence.count("By name:") == 1


def test_a_merged_source_is_no_duplicate(chief):
    merge.merge_sources(get_source("Ada Roe"), get_source("A. Roe"), by=chief)
    assert duplicates.find_duplicates() == (0, 0)


def test_it_asks_the_database_as_often_however_many_there_are(django_assert_max_num_queries):
    for number in range(40):
        surname = "".join(chr(97 + int(digit)) * 2 for digit in f"{number * 7919:06}").capitalize()
        get_source(f"Ada {surname}"), get_source(f"A. {surname}")
    with django_assert_max_num_queries(10):
        assert duplicates.find_duplicates() == (40, 40)


def test_the_command_says_what_it_found(capsys):
    get_source("Ada Roe"), get_source("A. Roe")
    call_command("find_duplicates")
    assert capsys.readouterr().out.startswith("1 new; 1 likely duplicates wait")


def test_a_merge_asks_about_the_one_that_stays(chief):
    kept, gone, third = get_source("Ada Roe"), get_source("A. Roe"), get_source("Adda Roe")
    PossibleDuplicate.objects.create(first=kept, second=gone, evidence="One.")
    PossibleDuplicate.objects.create(first=gone, second=third, evidence="Two.")
    made = merge.merge_sources(kept, gone, by=chief)
    assert pairs() == {("Ada Roe", "A. Roe"), ("A. Roe", "Adda Roe"), ("Ada Roe", "Adda Roe")}
    assert PossibleDuplicate.objects.get(state="open").evidence == "Two."
    assert PossibleDuplicate.objects.get(state="open").first == kept
    merge.undo_merge(made, by=chief)
    assert pairs() == {("Ada Roe", "A. Roe"), ("A. Roe", "Adda Roe")}
    assert set(PossibleDuplicate.objects.values_list("state", flat=True)) == {"open"}


def test_undo_says_what_was_changed_since(chief):
    kept, gone, other = get_source("Ada Roe"), get_source("A. Roe"), get_source("Bo Lind")
    said = make_claim(published_article(), quote=QUOTE, by=gone)
    made = merge.merge_sources(kept, gone, by=chief)
    said.hops.update(source=other)
    assert merge.undo_merge(made, by=chief) == [("hops", 1)]
    assert said.hops.get().source == other


def test_after_undo_each_has_its_own_name_again(chief):
    kept, gone = get_source("Ada Roe"), get_source("Old Name")
    made = merge.merge_sources(kept, gone, by=chief)
    kept.name = "Old Name"
    kept.save()
    update_preferred_name(kept)
    merge.undo_merge(made, by=chief)
    for one in (kept, gone):
        assert [row.name for row in one.names.filter(preferred=True)] == [Source.objects.get(pk=one.pk).name]
