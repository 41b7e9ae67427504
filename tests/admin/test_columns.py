"""Every admin column and read-only field shows its value: Django hides errors."""

from collections import defaultdict
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.utils import lookup_field
from django.urls import reverse
from django.utils import timezone

from articles.models import Claim, ImportItem
from tests import factories
from tests.admin.test_lists import one_more, url_of
from tests.factories import make_claim

pytestmark = pytest.mark.django_db

MODELS = list(admin.site._registry)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """Collect values of computed fields by "model.field"; raise if one fails."""
    values: dict[str, list[Any]] = defaultdict(list)

    def recording_lookup(name: Any, row: Any, model_admin: Any = None) -> Any:
        key = f"{row._meta.model_name}.{name if isinstance(name, str) else name.__name__}"
        try:
            found = lookup_field(name, row, model_admin)
        except Exception as error:
            raise AssertionError(f"{key} failed: {error!r}") from error
        if row.pk and found[0] is None:  # computed, not a column of the table
            values[key].append(found[2])
        return found

    monkeypatch.setattr(helpers, "lookup_field", recording_lookup)
    monkeypatch.setattr(admin_list, "lookup_field", recording_lookup)
    return values


@pytest.fixture
def rows(editor) -> None:
    """Create rows of every model with a value in each column."""
    one_more()
    accepted = Claim.objects.filter(review="accepted").first()
    article = accepted.article
    article.edited_at = timezone.now()
    article.save()
    factories.add_revision(article, author=editor, note="A note", summary="A summary")
    factories.CorrectionFactory(article=article, before=article.live, after=article.latest, author=editor)
    lost = make_claim(
        article, quote="We cannot wait.", by="Ada Roe", reviewed_by=editor, extractor="rules-1", confidence=0.9
    )
    lost.anchors.update(state="lost")
    organisation = factories.SourceFactory(kind="organisation", names=["The Office"])
    factories.AffiliationFactory(person=factories.SourceFactory(names=["A. Roe"]), organisation=organisation)
    run = factories.ImportRunFactory(user=editor, arguments={"paths": ["wire"], "accept": 0.8})
    factories.ImportItemFactory(
        run=run, path="a.zip", member="b.txt", outcome="rejected", code="not-text", detail="Why"
    )
    ImportItem.objects.update(settled_at=timezone.now(), settled_by=editor)
    factories.ApiKeyFactory(used_at=timezone.now(), revoked_at=timezone.now())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("who", ["chief", "reporter"])
def test_every_admin_field_shows_its_value(request, client_of, rows, shown, model, who):
    user = request.getfixturevalue(who)
    if who == "chief":
        user.is_superuser = True
        user.save()
    client = client_of(user)
    may_see = user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")

    assert client.get(url_of(model)).status_code == (200 if may_see else 403)
    for row in model._default_manager.all()[:20]:
        assert client.get(url_of(model, "change", row.pk)).status_code in ((200, 302) if may_see else (403, 302))
    empty = {key for key, values in shown.items() if all(value in (None, "") for value in values)}
    assert empty == set()


@pytest.mark.parametrize("how", ["desk", "bulk", "import"])
def test_claim_form_shows_reviewer_and_time(client_of, editor, how):
    reviewed = make_claim(
        factories.published_article(), quote="We cannot wait.", by="Ada Roe", reviewed_by=editor, reviewed_how=how
    )
    reviewed.reviewed_at = "2024-12-19T12:05:00Z"
    reviewed.save()

    html = client_of(editor).get(reverse("admin:articles_claim_change", args=[reviewed.pk])).content.decode()

    assert f"{reviewed.get_reviewed_how_display()} by edna, 19 December 2024, 12:05" in html


def test_claim_form_marks_a_lost_passage(client_of, editor):
    lost = make_claim(factories.published_article(), quote="We cannot wait.", by="Ada Roe")
    lost.anchors.update(state="lost")

    html = client_of(editor).get(reverse("admin:articles_claim_change", args=[lost.pk])).content.decode()

    assert '<span class="badge badge-lost">lost passage</span> revision 1 (live)' in html
