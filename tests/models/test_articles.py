"""Methods of articles and revisions, and the names of all models and fields."""

import pytest
from django.apps import apps
from django.utils.functional import Promise

from articles.models import Article, Revision
from articles.text.digests import text_digest
from tests.factories import ArticleFactory, published_article

TEXT = {"headline": "Bridge closed", "summary": "", "body": "<p>It is closed.</p>", "text": "It is closed."}


@pytest.mark.django_db
def test_locked_returns_the_article_as_stored(django_assert_num_queries):
    article = published_article()
    Article.objects.filter(pk=article.pk).update(dateline="PIERTOWN")

    with django_assert_num_queries(1):
        locked = Article.objects.locked(article.pk)
        revisions = (locked.latest, locked.live)

    assert (locked.dateline, *revisions) == ("PIERTOWN", article.latest, article.live)


@pytest.mark.django_db
def test_locked_raises_for_a_missing_article():
    with pytest.raises(Article.DoesNotExist):
        Article.objects.locked(1)


@pytest.mark.django_db
def test_create_next_numbers_revisions():
    article = ArticleFactory(revision=False)

    article.latest = Revision.objects.create_next(article, **TEXT)
    second = Revision.objects.create_next(article, **TEXT, note="Again")

    assert list(article.revisions.order_by("number").values_list("number", "note")) == [(1, ""), (2, "Again")]
    assert second.digest == text_digest("Bridge closed", "It is closed.")


@pytest.mark.django_db
def test_create_next_keeps_the_digest_of_an_import():
    """The digest is of the whole headline, which may be longer than the column."""
    revision = Revision.objects.create_next(ArticleFactory(revision=False), **TEXT, digest="0" * 64)

    revision.refresh_from_db()
    assert revision.digest == "0" * 64


def test_build_next_does_not_save():
    revision = Revision.objects.build_next(Article(), **TEXT)

    assert (revision.number, revision.pk) == (1, None)


@pytest.mark.parametrize("model", list(apps.get_app_config("articles").get_models()), ids=lambda model: model.__name__)
def test_model_and_its_fields_have_translatable_names(model):
    names = {model.__name__: model._meta.verbose_name, f"{model.__name__}s": model._meta.verbose_name_plural}
    names |= {field.name: field.verbose_name for field in model._meta.local_fields if not field.primary_key}

    assert {name for name, value in names.items() if not isinstance(value, Promise)} == set()
