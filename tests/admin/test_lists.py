"""The lists of the admin: permissions, queries, filters, search, autocomplete."""

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

MODELS = [model for model in admin.site._registry if model._meta.app_label in ("articles", "sources")]
#: Models whose rows nobody adds by hand.
WITHOUT_ADD_FORM = {"revision", "importrun", "importitem", "original", "possibleduplicate"}


def url_of(model, page="changelist", *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def add_row_to_each_list() -> None:
    """Add a row to every list, with all its related rows."""
    story = published_article(
        publisher=factories.SourceFactory(kind="organisation", names=["The Paper"]),
        agency=factories.SourceFactory(kind="agency"),
    )
    factories.add_revision(story)
    story.topics.add(factories.TopicFactory())
    quote = "At least 40 bolts are loose,"
    claim = make_claim(
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
    factories.ClaimLinkFactory(claim=claim, other=proposed)
    factories.ClaimRepeatFactory(claim=claim)
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


def count_queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url)
    assert page.status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_has_a_fixed_number_of_queries(chief, client_of, model):
    client = client_of(chief)
    add_row_to_each_list()

    client.get(url_of(model))  # content types are read once per process

    for_one = count_queries(client, url_of(model))

    for _ in range(9):
        add_row_to_each_list()

    assert model._default_manager.count() >= 10
    assert count_queries(client, url_of(model)) == for_one
    assert for_one < 20


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_empty_list_opens(chief, client_of, model):
    model._default_manager.all().delete()

    page = client_of(chief).get(url_of(model))

    assert page.status_code == 200
    assert f"0 {model._meta.verbose_name_plural}".lower() in page.content.decode().lower()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_search_and_every_filter_answer(chief, client_of, model):
    add_row_to_each_list()
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


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_each_row_and_each_empty_form_opens(chief, client_of, model):
    add_row_to_each_list()
    client = client_of(chief)

    for row in model._default_manager.all()[:2]:
        assert client.get(url_of(model, "change", row.pk)).status_code == 200
        assert client.get(url_of(model, "history", row.pk)).status_code == 200
    expected = 403 if model._meta.model_name in WITHOUT_ADD_FORM else 200
    assert client.get(url_of(model, "add")).status_code == expected


@pytest.mark.parametrize("who", ["reporter", "editor", "loader"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_and_form_need_view_permission(request, client_of, model, who):
    add_row_to_each_list()
    user = request.getfixturevalue(who)
    ApiKey.objects.update(user=user)  # users see their own keys
    allowed = user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    client, row = client_of(user), model._default_manager.first()
    expected = 200 if allowed else 403

    assert client.get(url_of(model)).status_code == expected
    assert client.get(url_of(model, "change", row.pk)).status_code == expected


def test_visitors_are_sent_to_login(reader, client_of, client):
    for visitor in (client_of(reader), client):
        for model in MODELS:
            answer = visitor.get(url_of(model))
            assert answer.status_code == 302
            assert "/login/" in answer["Location"]


# --- Filters, search and autocomplete ---


@pytest.fixture
def claims_by_name(db):
    """Return five claims that the filters tell apart."""
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
        "manual": make_claim(
            story, quote=quote, by="Ada Lind", figures=[make_quantity("40", lower=40)], review="edited"
        ),
        "imported": make_claim(
            story, quote=quote, by="Ada Lind", confidence=0.5, reviewed_how="import", extractor=EXTRACTOR_VERSION
        ),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"review__exact": "proposed"}, {"middling"}),
        ({"reviewed_how__exact": "import"}, {"imported"}),
        ({"confidence_band": "sure"}, {"sure"}),
        ({"confidence_band": "middling"}, {"middling", "imported"}),
        ({"confidence_band": "unsure"}, {"unsure"}),
        ({"confidence_band": "none"}, {"manual"}),
        ({"speakers": "unnamed"}, {"middling"}),
        ({"speakers": "agency"}, {"unsure"}),
        ({"speakers": "person"}, {"sure", "manual", "imported"}),
        ({"figures": "yes"}, {"manual"}),
        ({"figures": "no"}, {"sure", "middling", "unsure", "imported"}),
        ({"found_by": "other"}, {"sure"}),
        ({"found_by": "editor"}, {"middling", "unsure", "manual"}),
        ({"q": "Ada Roe"}, {"sure"}),
        ({"q": "an official"}, {"middling"}),
    ],
)
def test_claim_filter_finds(editor, client_of, claims_by_name, query, found):
    page = client_of(editor).get(url_of(Claim), query)

    names = {row.pk: name for name, row in claims_by_name.items()}
    assert {names[row.pk] for row in page.context["cl"].result_list} == found


def test_claims_can_be_filtered_by_date(editor, client_of):
    claim = factories.ClaimFactory(stated_from=date(2024, 12, 17), stated_to=date(2024, 12, 17))
    factories.ClaimFactory()

    page = client_of(editor).get(url_of(Claim), {"stated_from__year": 2024})

    assert list(page.context["cl"].result_list) == [claim]


def test_claims_can_be_filtered_by_source(editor, client_of):
    claim = make_claim(published_article(), quote="At least 40 bolts are loose,", by=["Ada Roe", "Bo Lind"])
    factories.ClaimFactory()

    page = client_of(editor).get(url_of(Claim), {"hops__source__id__exact": claim.hops.first().source_id})

    assert list(page.context["cl"].result_list) == [claim]


@pytest.mark.parametrize(("query", "count"), [({"warnings": "yes"}, 1), ({"warnings": "no"}, 2)])
def test_import_items_can_be_filtered_by_warnings(editor, client_of, query, count):
    factories.ImportItemFactory(warnings=[{"code": "date-missing", "detail": "No date."}])
    factories.ImportItemFactory()
    factories.ImportItemFactory(outcome="rejected")

    assert len(client_of(editor).get(url_of(ImportItem), query).context["cl"].result_list) == count


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"claims": "waiting"}, {"unreviewed"}),
        ({"claims": "none"}, {"reviewed", "ahead"}),
        ({"draft": "ahead"}, {"ahead"}),
        ({"status__exact": "draft"}, {"unreviewed"}),
        ({"q": "Ferry"}, {"reviewed"}),
    ],
)
def test_story_filter_finds(editor, client_of, query, found):
    unreviewed = factories.ArticleFactory(slug="unreviewed")
    factories.ClaimFactory(article=unreviewed)
    factories.ClaimFactory(article=published_article(slug="reviewed", headline="Ferry sails"), review="accepted")
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
def test_autocomplete_field_answers(chief, client_of, model, field):
    add_row_to_each_list()
    query = {"app_label": "articles", "model_name": model, "field_name": field, "term": ""}

    answer = client_of(chief).get(reverse("admin:autocomplete"), query)

    assert answer.status_code == 200
    assert answer.json()["results"]


def test_autocomplete_leaves_out_merged_sources(editor, client_of):
    kept = factories.SourceFactory(name="Ada Roe")
    factories.SourceFactory(name="A. Roe", merged_into=kept)
    query = {"app_label": "articles", "model_name": "hop", "field_name": "source", "term": "Roe"}

    answer = client_of(editor).get(reverse("admin:autocomplete"), query)

    assert [row["text"] for row in answer.json()["results"]] == ["Ada Roe"]


@pytest.mark.parametrize(
    ("query_text", "found"),
    [("loose bolts", True), ("bri", True), ("northern wire", True), ("bridge-st", True), ("zebra", False)],
)
def test_story_search_finds_text_slug_and_agency(client_of, editor, query_text, found):
    ArticleFactory(
        headline="Bridge shut", slug="bridge-story", text="Loose bolts.", agency=get_source("Northern Wire")
    )

    page = client_of(editor).get(reverse("admin:articles_article_changelist"), {"q": query_text})

    assert ("Bridge shut" in page.content.decode()) == found


@pytest.mark.parametrize(
    ("query_text", "found"),
    [("bolts", True), ("ada r", True), ("official", True), ("zebra", False), ("\x00", True), ('"', False)],
)
def test_claim_search_finds_statements_and_speakers(client_of, editor, query_text, found):
    story = published_article()
    make_claim(
        story,
        quote="At least 40 bolts are loose,",
        by=["Ada Roe", unnamed_speaker("a senior official")],
        statement="At least 40 bolts are loose",
        review="proposed",
    )

    page = client_of(editor).get(reverse("admin:articles_claim_changelist"), {"q": query_text})

    assert page.status_code == 200
    assert ("At least 40 bolts are loose" in page.content.decode()) == found


@pytest.mark.parametrize(
    ("publisher", "status_code"), [("99999999999999999999999", 200), ("9" * 5000, 302), ("abc", 302)]
)
def test_story_filter_with_unknown_publisher_is_no_error(client_of, editor, publisher, status_code):
    """An unknown number gives no rows; other text leads to the whole list."""
    factories.PublisherHostFactory(publisher=factories.SourceFactory(kind="organisation"))
    ArticleFactory()

    page = client_of(editor).get(reverse("admin:articles_article_changelist"), {"publisher": publisher})

    assert page.status_code == status_code
