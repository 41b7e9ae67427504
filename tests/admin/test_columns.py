"""Every column and read-only field of the admin shows its value: Django hides the errors of those that fail."""

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
from tests.admin.test_lists import add_row_to_each_list, url_of
from tests.factories import make_claim

pytestmark = pytest.mark.django_db

MODELS = list(admin.site._registry)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """What each field computes, by "model.field", columns of tables left out. One that fails raises."""
    values: dict[str, list[Any]] = defaultdict(list)

    def looked_up(name: Any, row: Any, model_admin: Any = None) -> Any:
        key = f"{row._meta.model_name}.{name if isinstance(name, str) else name.__name__}"
        try:
            found = lookup_field(name, row, model_admin)
        except Exception as error:
            raise AssertionError(f"{key} failed: {error!r}") from error
        if row.pk and found[0] is None:  # computed, not a column of the table
            values[key].append(found[2])
        return found

    monkeypatch.setattr(helpers, "lookup_field", looked_up)
    monkeypatch.setattr(admin_list, "lookup_field", looked_up)
    return values


@pytest.fixture
def rows(editor) -> None:
    """Rows of every model with something in each column."""
    add_row_to_each_list()
    said = Claim.objects.filter(review="accepted").first()
    story = said.article
    story.edited_at = timezone.now()
    story.save()
    factories.add_revision(story, author=editor, note="A note", summary="A summary")
    factories.CorrectionFactory(article=story, before=story.live, after=story.latest, author=editor)
    lost = make_claim(
        story, quote="We cannot wait.", by="Ada Roe", reviewed_by=editor, extractor="rules-1", confidence=0.9
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
def test_claim_form_says_who_judged_it_and_when(client_of, editor, how):
    judged = make_claim(
        factories.published_article(), quote="We cannot wait.", by="Ada Roe", reviewed_by=editor, reviewed_how=how
    )
    judged.reviewed_at = "2024-12-19T12:05:00Z"
    judged.save()
    html = client_of(editor).get(reverse("admin:articles_claim_change", args=[judged.pk])).content.decode()
    assert f"{judged.get_reviewed_how_display()} by edna, 19 December 2024, 12:05" in html


def test_claim_form_marks_a_lost_passage(client_of, editor):
    lost = make_claim(factories.published_article(), quote="We cannot wait.", by="Ada Roe")
    lost.anchors.update(state="lost")
    html = client_of(editor).get(reverse("admin:articles_claim_change", args=[lost.pk])).content.decode()
    assert '<span class="badge badge-lost">words lost</span> revision 1 (live)' in html
