"""What the factories make is valid, and stands where it says."""

import pytest
from factory.django import DjangoModelFactory

from articles.models import Anchor
from tests import factories
from tests.factories import ArticleFactory, add_revision, make_claim, make_quantity, published_article, unnamed_speaker

pytestmark = pytest.mark.django_db

EVERY_FACTORY = [
    made
    for made in vars(factories).values()
    if isinstance(made, type) and issubclass(made, DjangoModelFactory) and made is not DjangoModelFactory
]


@pytest.mark.parametrize("factory", EVERY_FACTORY, ids=lambda factory: factory.__name__)
def test_each_factory_makes_valid_rows_again_and_again(factory):
    for _ in range(2):
        factory().full_clean()


def test_a_published_article_has_its_words_live():
    article = published_article(headline="Bridge closed", paragraphs=["One.", "Two & three."])
    assert article.live == article.latest
    assert (article.live.number, article.live.text) == (1, "One.\n\nTwo & three.")


def test_a_draft_has_words_that_readers_do_not_see():
    article = ArticleFactory(text="One.\n\nTwo.")
    assert article.live is None
    assert article.latest.body == "<p>One.</p>\n<p>Two.</p>"


def test_a_revision_is_live_only_when_asked():
    article = published_article()
    first = article.live
    second = add_revision(article, paragraphs=["Changed."])
    article.refresh_from_db()
    assert (article.live, article.latest) == (first, second)


def test_a_claim_stands_where_its_words_do():
    article = published_article(paragraphs=["First.", "“It creaks,” Ada Roe said, “and it leans.”"])
    made = make_claim(article, quote=["It creaks,", "and it leans."], by="Ada Roe", cue="said", mention="Ada Roe")
    found = {(a.part, article.live.text[a.start : a.end]) for a in Anchor.objects.filter(claim=made)}
    assert found == {
        ("content", "It creaks,"),
        ("content", "and it leans."),
        ("cue", "said"),
        ("source", "Ada Roe"),
    }
    assert made.statement == "It creaks, and it leans."


def test_a_claim_of_words_that_are_not_there_is_refused():
    with pytest.raises(ValueError, match="does not stand"):
        make_claim(published_article(), quote="Something else")


def test_a_chain_has_its_origin_first_and_may_begin_with_somebody_unnamed():
    made = make_claim(
        published_article(),
        quote="At least 40 bolts are loose,",
        by=[unnamed_speaker("an inspector", organisation="The inspectorate"), "Ada Roe"],
        figures=[make_quantity("At least 40", lower=40, counts="bolts")],
    )
    first, second = made.hops.all()
    assert (first.unnamed, first.mention, first.organisation.name) == (1, "an inspector", "The inspectorate")
    assert second.source.name == "Ada Roe"
    assert made.quantities.get().lower == 40
