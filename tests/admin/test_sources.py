"""Sources in the admin: names, affiliations, likely duplicates, the merge page."""

import pytest
from django.urls import reverse

from sources.models import PossibleDuplicate, Source
from sources.preferred_names import update_preferred_name
from tests.admin.pages import form_errors, form_fields, submit_form
from tests.factories import AffiliationFactory, PossibleDuplicateFactory, SourceFactory, SourceNameFactory

pytestmark = pytest.mark.django_db


def page(source):
    return reverse("admin:sources_source_change", args=[source.pk])


def names_of(source):
    return {(row.name, row.preferred) for row in source.names.all()}


@pytest.fixture
def desk(editor, client_of):
    """Return a client of an editor."""
    return client_of(editor)


def test_new_source_gets_name_and_slug(desk):
    given = {"name": "  The  Harbour Board ", "kind": "organisation"}

    answer = submit_form(desk, reverse("admin:sources_source_add"), **given)

    assert answer.status_code == 302, form_errors(answer)
    source = Source.objects.get()
    assert (source.name, source.slug, source.wikidata_id) == ("The Harbour Board", "harbour-board", None)
    assert [(row.name, row.folded, row.preferred) for row in source.names.all()] == [
        ("The Harbour Board", "harbour board", True)
    ]


def test_other_name_is_stored_normalized(desk):
    source = SourceFactory(name="National Intelligence Service")

    answer = submit_form(desk, page(source), **{"names-0-name": "South Korea’s spy agency"})

    assert answer.status_code == 302, form_errors(answer)
    assert names_of(source) == {("National Intelligence Service", True), ("South Korea’s spy agency", False)}
    assert source.names.filter(folded="south korea's spy agency").exists()


def test_renamed_source_keeps_its_old_name_as_other_name(desk):
    source = SourceFactory(name="Ada Roe")

    submit_form(desk, page(source), name="Ada Roe-Lind")

    source.refresh_from_db()
    assert source.name == "Ada Roe-Lind"
    assert names_of(source) == {("Ada Roe-Lind", True), ("Ada Roe", False)}


def test_other_name_can_become_the_preferred_name(desk):
    source = SourceFactory(name="NIS", names=["National Intelligence Service"])

    answer = submit_form(desk, page(source), name="National Intelligence Service")

    assert answer.status_code == 302, form_errors(answer)
    assert names_of(source) == {("National Intelligence Service", True), ("NIS", False)}


def test_respelt_name_adds_no_other_name(desk):
    source = SourceFactory(name="harbour board")

    submit_form(desk, page(source), name="The Harbour Board")

    assert names_of(source) == {("The Harbour Board", True)}


@pytest.mark.parametrize("again", ["The harbour BOARD", "Harbour-Board"])
def test_same_name_in_another_spelling_is_refused(desk, again):
    source = SourceFactory(name="Harbour Board")

    answer = submit_form(desk, page(source), **{"names-0-name": again})

    assert "same name as “Harbour Board”" in form_errors(answer)


@pytest.mark.parametrize("name", ["", " ", "…"])
def test_name_without_letters_is_refused(desk, name):
    source = SourceFactory(name="Harbour Board")

    assert submit_form(desk, page(source), name=name).status_code == 200
    source.refresh_from_db()
    assert source.name == "Harbour Board"


def test_update_preferred_name_leaves_one_preferred():
    source = SourceFactory(name="A")
    source.names.all().delete()
    SourceNameFactory(source=source, name="B", preferred=True)
    update_preferred_name(source)

    assert names_of(source) == {("A", True), ("B", False)}


def test_shared_name_makes_a_likely_duplicate(desk):
    known = SourceFactory(name="Ada Roe")
    source = SourceFactory(name="A. Roe")
    fields = {**form_fields(desk.get(page(source))), "names-0-name": "Dr Ada Roe"}

    answer = desk.post(page(source), fields, follow=True)

    assert "likely duplicates" in answer.content.decode()
    pair = PossibleDuplicate.objects.get()
    assert {pair.first, pair.second} == {known, source}


def test_many_sources_may_have_no_wikidata_id(desk):
    SourceFactory()
    source = SourceFactory()

    assert submit_form(desk, page(source), wikidata_id="").status_code == 302


@pytest.mark.parametrize("given", ["42", "q42", "Q0"])
def test_malformed_wikidata_id_is_refused(desk, given):
    assert "the letter Q and a number" in form_errors(submit_form(desk, page(SourceFactory()), wikidata_id=given))


def test_affiliation_cannot_end_before_it_begins(desk):
    row = AffiliationFactory()

    answer = submit_form(
        desk, page(row.person), **{"affiliations-0-since": "2024-02-01", "affiliations-0-until": "2024-01-01"}
    )

    assert "must not be before the beginning" in form_errors(answer)


def test_source_cannot_be_deleted(chief, client_of):
    source = SourceFactory()

    answer = client_of(chief).post(reverse("admin:sources_source_delete", args=[source.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert Source.objects.exists()


def test_likely_duplicate_is_dismissed_and_reopened(desk):
    pair = PossibleDuplicateFactory()
    url = reverse("admin:sources_possibleduplicate_changelist")

    desk.post(url, {"action": "dismiss", "_selected_action": [pair.pk]})

    pair.refresh_from_db()
    assert pair.state == "dismissed"

    desk.post(url, {"action": "reopen", "_selected_action": [pair.pk]})

    pair.refresh_from_db()
    assert pair.state == "open"


def test_state_merged_cannot_be_set_by_hand(desk):
    pair = PossibleDuplicateFactory()
    url = reverse("admin:sources_possibleduplicate_change", args=[pair.pk])

    desk.post(url, {"state": "merged"})

    pair.refresh_from_db()
    assert pair.state == "open"


def test_reporter_cannot_dismiss_likely_duplicate(reporter, client_of):
    pair = PossibleDuplicateFactory()
    url = reverse("admin:sources_possibleduplicate_changelist")

    client_of(reporter).post(url, {"action": "dismiss", "_selected_action": [pair.pk]})

    pair.refresh_from_db()
    assert pair.state == "open"


def test_duplicate_search_reports_new_pairs(desk):
    first, second = SourceFactory(name="Ada Roe"), SourceFactory(name="A. Roe")

    assert desk.get("/admin/sources/possibleduplicate/look/").status_code == 405

    answer = desk.post("/admin/sources/possibleduplicate/look/", follow=True)

    assert "1 new pair found. 1 pair to decide." in answer.content.decode()
    compare = f"/admin/sources/source/{first.pk}/merge/?other={second.pk}"
    assert compare in answer.content.decode()


def test_merge_page_compares_two_sources(client_of, chief):
    first, second = (
        SourceFactory(name="Ada Roe", description="An engineer."),
        SourceFactory(name="A. Roe", description="Of the board."),
    )

    page = client_of(chief).get(f"/admin/sources/source/{first.pk}/merge/?other={second.pk}").content.decode()

    assert "the same surname and initial" in page
    assert "An engineer." in page
    assert "Of the board." in page


def test_merge_page_dismisses_a_likely_duplicate(client_of, chief):
    pair = PossibleDuplicateFactory()
    page = f"/admin/sources/source/{pair.second_id}/merge/?other={pair.first_id}"

    assert pair.evidence in client_of(chief).get(page).content.decode()

    client_of(chief).post(page, {"other": pair.first_id, "dismiss": "yes"})

    pair.refresh_from_db()
    assert pair.state == "dismissed"
