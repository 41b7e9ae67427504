"""The lists: everyone's pages open, the number of queries does not grow with the rows, filters filter."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.extraction import EXTRACTOR_VERSION
from articles.models import ApiKey, Claim, ImportItem
from tests import factories
from tests.factories import ArticleFactory, get_source, make_claim, make_quantity, published_article, unnamed_speaker

pytestmark = pytest.mark.django_db

OURS = [model for model in admin.site._registry if model._meta.app_label in ("articles", "sources")]
#: Read only from their own story.
WITHOUT_ADDING = {"revision", "importrun", "importitem", "original", "possibleduplicate"}


def url_of(model, page="changelist", *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def one_more() -> None:
    """A row more in every list, as different from the others as rows are."""
    story = published_article(
        publisher=factories.SourceFactory(kind="organisation", names=["The Paper"]),
        agency=factories.SourceFactory(kind="agency"),
    )
    factories.add_revision(story)
    story.topics.add(factories.TopicFactory())
    quote = "At least 40 bolts are loose,"
    said = make_claim(
        story,
        quote=quote,
        by=[
            unnamed_speaker("an official", organisation=factories.SourceFactory(kind="organisation")),
            factories.SourceFactory(),
        ],
        figures=[
            make_quantity("at least 40", lower=40, ledger=factories.LedgerFactory()),
            make_quantity("14", lower=14, upper=14),
        ],
        reviewed_by=factories.UserFactory(),
    )
    proposed = make_claim(story, quote=quote, by=factories.SourceFactory(), review="proposed", confidence=0.9)
    factories.ClaimLinkFactory(claim=said, other=proposed)
    factories.ClaimRepeatFactory(claim=said)
    factories.AffiliationFactory(person=factories.SourceFactory())
    factories.SourceFactory(merged_into=factories.SourceFactory())
    factories.PossibleDuplicateFactory()
    factories.PublisherHostFactory(publisher=factories.SourceFactory())
    factories.ArticleImageFactory(article=story, image=factories.ImageFactory())
    factories.ApiKeyFactory()
    run = factories.ImportRunFactory(user=factories.UserFactory(), counts={"imported": 1, "warned": 2})
    factories.ImportItemFactory(
        run=run,
        article=story,
        revision=story.live,
        original=factories.OriginalFactory(),
        outcome="warned",
        warnings=[{"code": "date-missing", "detail": "No date."}],
    )


def queries_for(client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get(url)
    assert page.status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_ten_rows_cost_as_many_queries_as_one(chief, client_of, model):
    client = client_of(chief)
    one_more()
    client.get(url_of(model))  # content types and the like are read once a process
    for_one = queries_for(client, url_of(model))
    for _ in range(9):
        one_more()
    assert model._default_manager.count() >= 10
    assert queries_for(client, url_of(model)) == for_one
    assert for_one < 20


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_an_empty_list_says_so(chief, client_of, model):
    model._default_manager.all().delete()
    page = client_of(chief).get(url_of(model))
    assert page.status_code == 200
    assert f"0 {model._meta.verbose_name_plural}".lower() in page.content.decode().lower()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_search_and_every_filter_answer(chief, client_of, model):
    one_more()
    client, model_admin = client_of(chief), admin.site._registry[model]
    assert client.get(url_of(model), {"q": "bridge"}).status_code == 200
    changelist = client.get(url_of(model)).context["cl"]
    tried = 0
    for spec in changelist.filter_specs:
        for choice in spec.choices(changelist):
            page = client.get(url_of(model) + choice["query_string"])
            assert page.status_code == 200, choice
            tried += 1
    assert tried or not model_admin.list_filter


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_each_row_and_each_empty_form_opens(chief, client_of, model):
    one_more()
    client = client_of(chief)
    for row in model._default_manager.all()[:2]:
        assert client.get(url_of(model, "change", row.pk)).status_code == 200
        assert client.get(url_of(model, "history", row.pk)).status_code == 200
    expected = 403 if model._meta.model_name in WITHOUT_ADDING else 200
    assert client.get(url_of(model, "add")).status_code == expected


@pytest.mark.parametrize("who", ["reporter", "editor", "loader"])
@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_who_sees_which_list(request, client_of, model, who):
    one_more()
    user = request.getfixturevalue(who)
    ApiKey.objects.update(user=user)  # everybody sees their own
    allowed = user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    client, row = client_of(user), model._default_manager.first()
    expected = 200 if allowed else 403
    assert client.get(url_of(model)).status_code == expected
    assert client.get(url_of(model, "change", row.pk)).status_code == expected


def test_readers_see_none_of_it(reader, client_of, client):
    for visitor in (client_of(reader), client):
        for model in OURS:
            answer = visitor.get(url_of(model))
            assert answer.status_code == 302
            assert "/login/" in answer["Location"]


# --- What the filters of claims find ---


@pytest.fixture
def five(db):
    story = published_article()
    quote = "At least 40 bolts are loose,"
    return {
        "sure": make_claim(story, quote=quote, by="Ada Roe", confidence=0.8, extractor="other-1"),
        "middling": make_claim(
            story, quote=quote, by=unnamed_speaker("an official"), confidence=0.79, review="proposed"
        ),
        "unsure": make_claim(
            story, quote=quote, by=factories.SourceFactory(kind="agency"), confidence=0.49, review="rejected"
        ),
        "by hand": make_claim(
            story, quote=quote, by="Ada Lind", figures=[make_quantity("40", lower=40)], review="edited"
        ),
        "loaded": make_claim(
            story, quote=quote, by="Ada Lind", confidence=0.5, reviewed_how="import", extractor=EXTRACTOR_VERSION
        ),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"review__exact": "proposed"}, {"middling"}),
        ({"reviewed_how__exact": "import"}, {"loaded"}),
        ({"confidence_band": "sure"}, {"sure"}),
        ({"confidence_band": "middling"}, {"middling", "loaded"}),
        ({"confidence_band": "unsure"}, {"unsure"}),
        ({"confidence_band": "none"}, {"by hand"}),
        ({"speakers": "unnamed"}, {"middling"}),
        ({"speakers": "agency"}, {"unsure"}),
        ({"speakers": "person"}, {"sure", "by hand", "loaded"}),
        ({"figures": "yes"}, {"by hand"}),
        ({"figures": "no"}, {"sure", "middling", "unsure", "loaded"}),
        ({"found_by": "other"}, {"sure"}),
        ({"found_by": "editor"}, {"middling", "unsure", "by hand"}),
        ({"q": "Ada Roe"}, {"sure"}),
        ({"q": "an official"}, {"middling"}),
    ],
)
def test_what_a_filter_of_claims_finds(editor, client_of, five, query, found, monkeypatch):
    page = client_of(editor).get(url_of(Claim), query)
    names = {row.pk: name for name, row in five.items()}
    assert {names[row.pk] for row in page.context["cl"].result_list} == found


def test_claims_by_the_day_they_were_said(editor, client_of):
    said = factories.ClaimFactory(stated_from=date(2024, 12, 17), stated_to=date(2024, 12, 17))
    factories.ClaimFactory()
    page = client_of(editor).get(url_of(Claim), {"stated_from__year": 2024})
    assert list(page.context["cl"].result_list) == [said]


def test_claims_of_a_source_are_one_link_away(editor, client_of):
    said = make_claim(published_article(), quote="At least 40 bolts are loose,", by=["Ada Roe", "Bo Lind"])
    factories.ClaimFactory()
    page = client_of(editor).get(url_of(Claim), {"hops__source__id__exact": said.hops.first().source_id})
    assert list(page.context["cl"].result_list) == [said]


@pytest.mark.parametrize(("query", "count"), [({"warnings": "yes"}, 1), ({"warnings": "no"}, 2)])
def test_files_with_warnings(editor, client_of, query, count):
    factories.ImportItemFactory(warnings=[{"code": "date-missing", "detail": "No date."}])
    factories.ImportItemFactory()
    factories.ImportItemFactory(outcome="rejected")
    assert len(client_of(editor).get(url_of(ImportItem), query).context["cl"].result_list) == count


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"claims": "waiting"}, {"waits"}),
        ({"claims": "none"}, {"judged", "ahead"}),
        ({"draft": "ahead"}, {"ahead"}),
        ({"status__exact": "draft"}, {"waits"}),
        ({"q": "Ferry"}, {"judged"}),
    ],
)
def test_what_a_filter_of_articles_finds(editor, client_of, query, found):
    waits = factories.ArticleFactory(slug="waits")
    factories.ClaimFactory(article=waits)
    factories.ClaimFactory(article=published_article(slug="judged", headline="Ferry sails"), review="accepted")
    factories.add_revision(published_article(slug="ahead"))
    page = client_of(editor).get(reverse("admin:articles_article_changelist"), query)
    assert {article.slug for article in page.context["cl"].result_list} == found


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("byline", "source"),
        ("hop", "source"),
        ("article", "publisher"),
        ("article", "topics"),
        ("claim", "article"),
        ("quantity", "ledger"),
        ("articleimage", "image"),
        ("claimrepeat", "claim"),
    ],
)
def test_fields_to_choose_from_complete_as_you_type(chief, client_of, model, field):
    one_more()
    query = {"app_label": "articles", "model_name": model, "field_name": field, "term": ""}
    answer = client_of(chief).get(reverse("admin:autocomplete"), query)
    assert answer.status_code == 200
    assert answer.json()["results"]


def test_a_source_that_was_merged_away_is_no_choice(editor, client_of):
    kept = factories.SourceFactory(name="Ada Roe")
    factories.SourceFactory(name="A. Roe", merged_into=kept)
    query = {"app_label": "articles", "model_name": "hop", "field_name": "source", "term": "Roe"}
    answer = client_of(editor).get(reverse("admin:autocomplete"), query)
    assert [row["text"] for row in answer.json()["results"]] == ["Ada Roe"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("loose bolts", True), ("bri", True), ("northern wire", True), ("bridge-st", True), ("zebra", False)],
)
def test_the_articles_box_finds_words_addresses_and_agencies_drafts_too(client_of, editor, typed, found):
    ArticleFactory(
        headline="Bridge shut", slug="bridge-story", text="Loose bolts.", agency=get_source("Northern Wire")
    )
    page = client_of(editor).get(reverse("admin:articles_article_changelist"), {"q": typed})
    assert ("Bridge shut" in page.content.decode()) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [("bolts", True), ("ada r", True), ("official", True), ("zebra", False), ("\x00", True), ('"', False)],
)
def test_the_claims_box_finds_statements_and_speakers_whatever_their_state(client_of, editor, typed, found):
    story = published_article()
    make_claim(
        story,
        quote="At least 40 bolts are loose,",
        by=["Ada Roe", unnamed_speaker("a senior official")],
        statement="At least 40 bolts are loose",
        review="proposed",
    )
    page = client_of(editor).get(reverse("admin:articles_claim_changelist"), {"q": typed})
    assert page.status_code == 200
    assert ("At least 40 bolts are loose" in page.content.decode()) == found
