"""Sources: one preferred name, names compared folded, and likely duplicates noted instead of guessed."""

import pytest
from django.urls import reverse

from sources.models import PossibleDuplicate, Source
from sources.preferred_names import update_preferred_name
from tests.admin.pages import form_errors, submit_form
from tests.factories import AffiliationFactory, PossibleDuplicateFactory, SourceFactory, SourceNameFactory

pytestmark = pytest.mark.django_db


def page(source):
    return reverse("admin:sources_source_change", args=[source.pk])


def names_of(source):
    return {(row.name, row.preferred) for row in source.names.all()}


@pytest.fixture
def desk(editor, client_of):
    return client_of(editor)


def test_a_new_source_has_its_name_and_its_address(desk):
    given = {"name": "  The  Harbour Board ", "kind": "organisation"}
    answer = submit_form(desk, reverse("admin:sources_source_add"), **given)
    assert answer.status_code == 302, form_errors(answer)
    source = Source.objects.get()
    assert (source.name, source.slug, source.wikidata_id) == ("The Harbour Board", "harbour-board", None)
    assert [(row.name, row.folded, row.preferred) for row in source.names.all()] == [
        ("The Harbour Board", "harbour board", True)
    ]


def test_another_name_is_folded_and_kept(desk):
    source = SourceFactory(name="National Intelligence Service")
    answer = submit_form(desk, page(source), **{"names-0-name": "South Korea’s spy agency"})
    assert answer.status_code == 302, form_errors(answer)
    assert names_of(source) == {("National Intelligence Service", True), ("South Korea’s spy agency", False)}
    assert source.names.filter(folded="south korea's spy agency").exists()


def test_a_new_name_leaves_the_old_one_as_an_alias(desk):
    source = SourceFactory(name="Ada Roe")
    submit_form(desk, page(source), name="Ada Roe-Lind")
    source.refresh_from_db()
    assert source.name == "Ada Roe-Lind"
    assert names_of(source) == {("Ada Roe-Lind", True), ("Ada Roe", False)}


def test_an_alias_can_become_the_name(desk):
    source = SourceFactory(name="NIS", names=["National Intelligence Service"])
    answer = submit_form(desk, page(source), name="National Intelligence Service")
    assert answer.status_code == 302, form_errors(answer)
    assert names_of(source) == {("National Intelligence Service", True), ("NIS", False)}


def test_a_respelt_name_stays_one_name(desk):
    source = SourceFactory(name="harbour board")
    submit_form(desk, page(source), name="The Harbour Board")
    assert names_of(source) == {("The Harbour Board", True)}


@pytest.mark.parametrize("again", ["The harbour BOARD", "Harbour-Board"])
def test_the_same_name_spelt_otherwise_is_refused(desk, again):
    source = SourceFactory(name="Harbour Board")
    answer = submit_form(desk, page(source), **{"names-0-name": again})
    assert "same name as “Harbour Board”" in form_errors(answer)


@pytest.mark.parametrize("name", ["", " ", "…"])
def test_a_name_needs_a_letter(desk, name):
    source = SourceFactory(name="Harbour Board")
    assert submit_form(desk, page(source), name=name).status_code == 200
    source.refresh_from_db()
    assert source.name == "Harbour Board"


def test_whatever_was_there_before_one_name_is_preferred_after():
    source = SourceFactory(name="A")
    source.names.all().delete()
    SourceNameFactory(source=source, name="B", preferred=True)
    update_preferred_name(source)
    assert names_of(source) == {("A", True), ("B", False)}


def test_two_sources_of_one_name_are_noted_as_likely_duplicates(desk):
    known = SourceFactory(name="Ada Roe")
    source = SourceFactory(name="A. Roe")
    page_of_names = {"names-0-name": "Dr Ada Roe"}
    answer = desk.post(page(source), {**_fields(desk, source), **page_of_names}, follow=True)
    assert "likely duplicates" in answer.content.decode()
    pair = PossibleDuplicate.objects.get()
    assert {pair.first, pair.second} == {known, source}


def _fields(client, source):
    from tests.admin.pages import form_fields

    return form_fields(client.get(page(source)))


def test_two_sources_may_both_be_unknown_to_wikidata(desk):
    SourceFactory()
    source = SourceFactory()
    assert submit_form(desk, page(source), wikidata_id="").status_code == 302


@pytest.mark.parametrize("given", ["42", "q42", "Q0"])
def test_a_wikidata_id_is_a_q_number(desk, given):
    assert "the letter Q and a number" in form_errors(submit_form(desk, page(SourceFactory()), wikidata_id=given))


def test_an_affiliation_that_ends_before_it_begins_is_refused_in_words(desk):
    row = AffiliationFactory()
    answer = submit_form(
        desk, page(row.person), **{"affiliations-0-since": "2024-02-01", "affiliations-0-until": "2024-01-01"}
    )
    assert "must not be before the beginning" in form_errors(answer)


def test_nobody_deletes_a_source(chief, client_of):
    source = SourceFactory()
    answer = client_of(chief).post(reverse("admin:sources_source_delete", args=[source.pk]), {"post": "yes"})
    assert answer.status_code == 403
    assert Source.objects.exists()


def test_a_likely_duplicate_is_dismissed_and_asked_again(desk):
    pair = PossibleDuplicateFactory()
    url = reverse("admin:sources_possibleduplicate_changelist")
    desk.post(url, {"action": "dismiss", "_selected_action": [pair.pk]})
    pair.refresh_from_db()
    assert pair.state == "dismissed"
    desk.post(url, {"action": "reopen", "_selected_action": [pair.pk]})
    pair.refresh_from_db()
    assert pair.state == "open"


def test_that_two_were_merged_is_not_written_by_hand(desk):
    pair = PossibleDuplicateFactory()
    url = reverse("admin:sources_possibleduplicate_change", args=[pair.pk])
    desk.post(url, {"state": "merged"})
    pair.refresh_from_db()
    assert pair.state == "open"


def test_a_reporter_dismisses_nothing(reporter, client_of):
    pair = PossibleDuplicateFactory()
    url = reverse("admin:sources_possibleduplicate_changelist")
    client_of(reporter).post(url, {"action": "dismiss", "_selected_action": [pair.pk]})
    pair.refresh_from_db()
    assert pair.state == "open"


def test_more_pairs_are_looked_for_from_their_list(desk):
    first, second = SourceFactory(name="Ada Roe"), SourceFactory(name="A. Roe")
    assert desk.get("/admin/sources/possibleduplicate/look/").status_code == 405
    answer = desk.post("/admin/sources/possibleduplicate/look/", follow=True)
    assert "1 new pair found. 1 waits for a decision." in answer.content.decode()
    compare = f"/admin/sources/source/{first.pk}/merge/?other={second.pk}"
    assert compare in answer.content.decode()


def test_two_sources_stand_side_by_side_with_the_evidence(client_of, chief):
    first, second = (
        SourceFactory(name="Ada Roe", description="An engineer."),
        SourceFactory(name="A. Roe", description="Of the board."),
    )
    page = client_of(chief).get(f"/admin/sources/source/{first.pk}/merge/?other={second.pk}").content.decode()
    assert "the same surname and initial" in page
    assert "An engineer." in page
    assert "Of the board." in page


def test_a_pair_is_dismissed_where_it_is_compared(client_of, chief):
    likeness = PossibleDuplicateFactory()
    page = f"/admin/sources/source/{likeness.second_id}/merge/?other={likeness.first_id}"
    assert likeness.evidence in client_of(chief).get(page).content.decode()
    client_of(chief).post(page, {"other": likeness.first_id, "dismiss": "yes"})
    likeness.refresh_from_db()
    assert likeness.state == "dismissed"
