"""The factories create valid rows."""

import pytest
from factory.django import DjangoModelFactory

from articles.models import Anchor
from tests import factories
from tests.factories import ArticleFactory, add_revision, make_claim, make_quantity, published_article, unnamed_speaker

pytestmark = pytest.mark.django_db

FACTORIES = [
    factory
    for factory in vars(factories).values()
    if isinstance(factory, type) and issubclass(factory, DjangoModelFactory) and factory is not DjangoModelFactory
]


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_factory_makes_valid_rows_twice(factory):
    for _ in range(2):
        factory().full_clean()


def test_published_article_has_a_live_revision():
    article = published_article(headline="Bridge closed", paragraphs=["One.", "Two & three."])

    assert article.live == article.latest
    assert (article.live.number, article.live.text) == (1, "One.\n\nTwo & three.")


def test_draft_has_no_live_revision():
    article = ArticleFactory(text="One.\n\nTwo.")

    assert article.live is None
    assert article.latest.body == "<p>One.</p>\n<p>Two.</p>"


def test_added_revision_is_not_live_by_default():
    article = published_article()
    first = article.live
    second = add_revision(article, paragraphs=["Changed."])

    article.refresh_from_db()

    assert (article.live, article.latest) == (first, second)


def test_claim_is_anchored_at_its_text():
    article = published_article(paragraphs=["First.", "“It creaks,” Ada Roe said, “and it leans.”"])
    claim = make_claim(article, quote=["It creaks,", "and it leans."], by="Ada Roe", cue="said", mention="Ada Roe")

    found = {(a.part, article.live.text[a.start : a.end]) for a in Anchor.objects.filter(claim=claim)}

    assert found == {
        ("content", "It creaks,"),
        ("content", "and it leans."),
        ("cue", "said"),
        ("source", "Ada Roe"),
    }
    assert claim.statement == "It creaks, and it leans."


def test_claim_of_missing_text_is_refused():
    with pytest.raises(ValueError, match="does not contain"):
        make_claim(published_article(), quote="Something else")


def test_chain_begins_with_its_origin():
    claim = make_claim(
        published_article(),
        quote="At least 40 bolts are loose,",
        by=[unnamed_speaker("an inspector", organisation="The inspectorate"), "Ada Roe"],
        figures=[make_quantity("At least 40", lower=40, counts="bolts")],
    )

    first, second = claim.hops.all()

    assert (first.unnamed, first.mention, first.organisation.name) == (1, "an inspector", "The inspectorate")
    assert second.source.name == "Ada Roe"
    assert claim.quantities.get().lower == 40
