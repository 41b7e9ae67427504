"""Constraints of the database: what it refuses, and what it just accepts.

Nothing here runs full_clean: rows are changed by UPDATE. One table is for CHECK constraints, one for unique ones, and
three tests cover all columns (numbers, NULL, foreign keys).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.expressions import RawSQL

from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 12, 19, 8, 30, tzinfo=UTC)  # fixed, because it is part of the test ids
DAY, NEXT = date(2024, 12, 17), date(2024, 12, 18)
DAYS = timedelta(days=2)
TABLES = [
    model
    for label in ("sources", "articles", "record")
    for model in apps.get_app_config(label).get_models(include_auto_created=True)
]

Change = dict[str, Any]
#: Constraint -> (a valid row, changes that are refused, similar changes that are accepted)
CHECKS: dict[str, tuple[Callable[[], models.Model], list[Change], list[Change]]] = {
    # sources
    "source_has_a_name": (factories.SourceFactory, [{"name": ""}], [{"name": "A"}]),
    "source_is_not_merged_into_itself": (
        lambda: factories.SourceFactory(merged_into=factories.SourceFactory()),
        [{"merged_into": F("id")}],
        [{"merged_into": None}, {"merged_into": F("merged_into")}],
    ),
    "merge_is_of_two": (factories.MergeFactory, [{"gone": F("kept")}, {"kept": F("gone")}], [{"gone": F("gone")}]),
    "source_wikidata_id_is_a_q_number": (
        factories.SourceFactory,
        [{"wikidata_id": "42"}, {"wikidata_id": ""}],
        [{"wikidata_id": "Q42"}, {"wikidata_id": None}],
    ),
    "name_folds_to_something": (factories.SourceNameFactory, [{"folded": ""}], [{"folded": "x"}]),
    "affiliation_ends_after_it_begins": (
        factories.AffiliationFactory,
        [{"since": NEXT, "until": DAY}],
        [
            {"since": DAY, "until": DAY},
            {"since": DAY, "until": NEXT},
            {"since": NEXT, "until": None},
            {"since": None, "until": DAY},
        ],
    ),
    "affiliation_is_with_somebody_else": (
        factories.AffiliationFactory,
        [{"organisation": F("person")}],
        [{"organisation": None}],
    ),
    "affiliation_says_something": (
        factories.AffiliationFactory,
        [{"role": "", "organisation": None}],
        [{"role": ""}, {"organisation": None}],
    ),
    "possible_duplicate_names_older_first": (
        factories.PossibleDuplicateFactory,
        [{"first": F("second"), "second": F("first")}, {"second": F("first")}],
        [{"evidence": ""}],
    ),
    # articles
    "topic_has_a_name": (factories.TopicFactory, [{"name": ""}], [{"name": "A"}]),
    "publisher_host_is_named": (factories.PublisherHostFactory, [{"host": ""}], [{"host": "a.example"}]),
    "publisher_host_names_its_publisher": (factories.PublisherHostFactory, [{"name": ""}], [{"name": "A"}]),
    "public_article_has_a_date": (
        factories.ArticleFactory,
        [{"status": status, "published_at": None} for status in ("scheduled", "published", "retracted")],
        [{"status": status, "published_at": NOW} for status in ("scheduled", "published", "retracted", "draft")]
        + [{"status": status, "published_at": None} for status in ("draft", "in_review")],
    ),
    "public_article_keeps_its_embargo": (
        lambda: factories.ArticleFactory(published_at=NOW),
        [{"status": status, "embargo_until": NOW + DAYS} for status in ("scheduled", "published", "retracted")],
        [{"status": "published", "embargo_until": until} for until in (NOW, NOW - DAYS, None)]
        + [{"status": "in_review", "embargo_until": NOW + DAYS}],
    ),
    "article_has_a_slug": (factories.ArticleFactory, [{"slug": ""}], [{"slug": "a"}]),
    "article_url_and_its_hash_go_together": (
        factories.ArticleFactory,
        [
            {"original_url": "https://example.org/a"},
            {"original_url_hash": "0" * 64},
        ],
        [{"original_url": "https://example.org/a", "original_url_hash": "0" * 64}, {"original_url": ""}],
    ),
    "byline_has_a_name": (factories.BylineFactory, [{"name": ""}], [{"name": "A"}]),
    "image_focal_point_is_inside": (
        factories.ArticleImageFactory,
        [{"focal_x": -0.01}, {"focal_x": 1.01}, {"focal_y": -0.01}, {"focal_y": 1.01}],
        [{"focal_x": 0, "focal_y": 1}, {"focal_x": 1, "focal_y": 0}],
    ),
    "related_link_has_a_title": (factories.RelatedLinkFactory, [{"title": ""}], [{"title": "A"}]),
    "related_link_leads_to_one_place": (
        factories.RelatedLinkFactory,
        [{"url": "https://example.org/", "target": F("article")}],
        [{"url": "https://example.org/"}, {"url": "", "target": F("article")}],
    ),
    "correction_has_a_note": (factories.CorrectionFactory, [{"note": ""}], [{"note": "A"}]),
    # claims
    "claim_states_something": (factories.ClaimFactory, [{"statement": ""}], [{"statement": "A"}]),
    "judged_claim_says_when_and_how": (
        factories.ClaimFactory,
        [
            {"review": "accepted"},
            {"review": "accepted", "reviewed_at": NOW},
            {"review": "rejected", "reviewed_how": "desk"},
            {"review": "proposed", "reviewed_at": NOW, "reviewed_how": "desk"},
            {"review": "proposed", "reviewed_how": "desk"},
        ],
        [{"review": state, "reviewed_at": NOW, "reviewed_how": "desk"} for state in ("accepted", "edited", "rejected")]
        + [{"review": "proposed", "reviewed_at": None, "reviewed_how": ""}],
    ),
    "confidence_is_between_0_and_1": (
        factories.ClaimFactory,
        [{"confidence": -0.01}, {"confidence": 1.01}],
        [{"confidence": 0}, {"confidence": 1}, {"confidence": None}],
    ),
    "claim_was_stated_in_a_span_of_days": (
        factories.ClaimFactory,
        [{"stated_from": NEXT, "stated_to": DAY}, {"stated_from": DAY}, {"stated_to": DAY}],
        [
            {"stated_from": DAY, "stated_to": DAY},
            {"stated_from": DAY, "stated_to": NEXT},
            {"stated_from": None, "stated_to": None},
        ],
    ),
    "hops_count_from_one": (
        lambda: factories.HopFactory(claim=factories.ClaimFactory(speakers=())),
        [{"position": 0}],
        [{"position": 1}],
    ),
    "hop_is_a_source_or_unnamed": (
        lambda: factories.HopFactory(mention="an official"),
        [{"unnamed": 1}, {"source": None}],
        [{"source": None, "unnamed": 1}],
    ),
    "unnamed_hop_keeps_its_mention": (
        lambda: factories.HopFactory(unnamed=1, mention="an official"),
        [{"mention": ""}],
        [{"mention": "a"}],
    ),
    "anchor_covers_something": (
        factories.AnchorFactory,
        [{"start": 4, "end": 4}, {"start": 5, "end": 4}],
        [{"start": 4, "end": 5}, {"start": 0, "end": 1}],
    ),
    "ledger_has_a_name": (factories.LedgerFactory, [{"name": ""}], [{"name": "A"}]),
    "quantity_keeps_its_words": (factories.QuantityFactory, [{"raw": ""}], [{"raw": "1"}]),
    "quantity_has_a_bound": (
        factories.QuantityFactory,
        [{"lower": None, "upper": None}],
        [{"lower": 0, "upper": None}, {"lower": None, "upper": 0}],
    ),
    "quantity_bounds_are_in_order": (
        factories.QuantityFactory,
        [{"lower": 2, "upper": 1}],
        [{"lower": 1, "upper": 1}, {"lower": 1, "upper": 2}, {"lower": -2, "upper": -1}],
    ),
    "claim_is_not_linked_to_itself": (factories.ClaimLinkFactory, [{"other": F("claim")}], [{"other": F("other")}]),
    # imports
    "finished_run_says_when": (
        factories.ImportRunFactory,
        [{"finished_at": None}],
        [{"state": "running", "finished_at": None}, {"finished_at": NOW}],
    ),
    "rejected_item_has_a_code": (
        factories.ImportItemFactory,
        [{"outcome": "rejected", "code": ""}],
        [{"outcome": "rejected", "code": "not-text"}, {"outcome": "imported", "code": ""}],
    ),
}


def update(row: models.Model, change: Change) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**change)


def refused(change: Callable[[], object], name: str = "") -> None:
    """Assert that the database refuses a change, by the constraint of this name."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        change()
    assert name in str(caught.value)


def cases(kind: int) -> list[Any]:
    return [
        pytest.param(name, row[0], change, id=f"{name}: {', '.join(f'{k}={v}' for k, v in change.items())}"[:90])
        for name, row in CHECKS.items()
        for change in row[kind]
    ]


@pytest.mark.parametrize(("name", "row", "change"), cases(1))
def test_row_that_breaks_a_rule_is_refused(name, row, change):
    valid = row()
    refused(lambda: update(valid, change), name)


@pytest.mark.parametrize(("name", "row", "change"), cases(2))
def test_row_at_the_edge_of_a_rule_is_accepted(name, row, change):
    update(row(), change)


# A revision cannot be changed at all (tests/db/test_triggers.py), so its rules meet new rows.
NEW_REVISIONS: dict[str, tuple[Change, Change]] = {
    "revisions_count_from_one": ({"number": 0}, {"number": 1}),
    "revision_has_a_headline": ({"headline": ""}, {"headline": "A"}),
}


def test_log_entry_without_a_verb_is_refused():
    """Log entries cannot be changed, so the rule is tested with a new one."""
    refused(lambda: factories.LogEntryFactory(verb=""), "log_entry_has_a_verb")
    factories.LogEntryFactory(verb="published")


@pytest.mark.parametrize("name", NEW_REVISIONS)
def test_revision_that_breaks_a_rule_is_refused(name):
    wrong, right = NEW_REVISIONS[name]
    article = factories.ArticleFactory(revision=False)

    refused(lambda: factories.RevisionFactory(article=article, **wrong), name)

    factories.RevisionFactory(article=article, **right)


# --- Unique constraints ---

Rows = tuple[Callable[[], object], Callable[[], object]]


def _once(factory: Any, **same: Any) -> Rows:
    """Return a duplicate of a row, and a row that differs in the last column."""
    factory(**same)
    last = list(same)[-1]
    other = {key: value for key, value in same.items() if key != last}
    return lambda: factory(**same), lambda: factory(**other)


def _preferred_names() -> Rows:
    source = factories.SourceFactory()
    return (
        lambda: factories.SourceNameFactory(source=source, preferred=True),
        lambda: factories.SourceNameFactory(source=source, preferred=False),
    )


def _folded_names() -> Rows:
    source = factories.SourceFactory(names=["The Harbour Board"])
    return (
        lambda: factories.SourceNameFactory(source=source, name="Harbour board"),
        lambda: factories.SourceNameFactory(source=factories.SourceFactory(), name="Harbour board"),
    )


def _affiliations() -> Rows:
    person = factories.SourceFactory()
    factories.AffiliationFactory(person=person, role="lawmaker", organisation=None, since=None)
    return (
        lambda: factories.AffiliationFactory(person=person, role="lawmaker", organisation=None, since=None),
        lambda: factories.AffiliationFactory(person=person, role="lawmaker", organisation=None, since=DAY),
    )


def _possible_duplicates() -> Rows:
    pair = factories.PossibleDuplicateFactory()
    return (
        lambda: factories.PossibleDuplicateFactory(first=pair.first, second=pair.second),
        lambda: factories.PossibleDuplicateFactory(first=pair.first),
    )


def _links() -> Rows:
    link = factories.ClaimLinkFactory(kind="supports")
    return (
        lambda: factories.ClaimLinkFactory(claim=link.claim, other=link.other, kind="supports"),
        lambda: factories.ClaimLinkFactory(claim=link.claim, other=link.other, kind="contradicts"),
    )


def _items() -> Rows:
    item = factories.ImportItemFactory(path="a.zip", member="1.txt", part=0)
    return (
        lambda: factories.ImportItemFactory(run=item.run, path="a.zip", member="1.txt", part=0),
        lambda: factories.ImportItemFactory(run=item.run, path="a.zip", member="1.txt", part=1),
    )


def _topics_of_an_article() -> Rows:
    article, topic = factories.ArticleFactory(), factories.TopicFactory()
    through = type(article).topics.through
    through.objects.create(article=article, topic=topic)
    return (
        lambda: through.objects.create(article=article, topic=topic),
        lambda: through.objects.create(article=article, topic=factories.TopicFactory()),
    )


def _claims_of_a_correction() -> Rows:
    correction, claim = factories.CorrectionFactory(), factories.ClaimFactory()
    through = type(correction).claims.through
    through.objects.create(correction=correction, claim=claim)
    return (
        lambda: through.objects.create(correction=correction, claim=claim),
        lambda: through.objects.create(correction=correction, claim=factories.ClaimFactory()),
    )


def _claims_of_a_desk_action() -> Rows:
    action, claim = factories.DeskActionFactory(), factories.ClaimFactory()
    through = type(action).claims.through
    through.objects.create(deskaction=action, claim=claim)
    return (
        lambda: through.objects.create(deskaction=action, claim=claim),
        lambda: through.objects.create(deskaction=action, claim=factories.ClaimFactory()),
    )


UUID = "0f0a39c4-8a5e-4d7b-9f0e-3c5b7a1d2e4f"
ONCE: dict[str, Callable[[], Rows]] = {
    "source_has_each_name_once": _folded_names,
    "source_has_one_preferred_name": _preferred_names,
    "affiliation_is_said_once": _affiliations,
    "possible_duplicate_is_noted_once": _possible_duplicates,
    "revision_number_is_unique": lambda: _once(
        factories.RevisionFactory, article=factories.ArticleFactory(revision=False), number=3
    ),
    "hop_positions_do_not_repeat": lambda: _once(
        factories.HopFactory, claim=factories.ClaimFactory(speakers=()), position=1
    ),
    "claim_link_is_made_once": _links,
    "import_item_is_said_once": _items,
    "role_default_is_given_once": lambda: _once(
        factories.RoleDefaultFactory, role="editor", permission="articles.fly_article"
    ),
    "Source.slug": lambda: _once(factories.SourceFactory, slug="ada-roe"),
    "Source.wikidata_id": lambda: _once(factories.SourceFactory, wikidata_id="Q42"),
    "Topic.name": lambda: _once(factories.TopicFactory, name="Harbour"),
    "Topic.slug": lambda: _once(factories.TopicFactory, slug="harbour"),
    "PublisherHost.host": lambda: _once(factories.PublisherHostFactory, host="news.example"),
    "Article.public_id": lambda: _once(factories.ArticleFactory, public_id=UUID),
    "Article.slug": lambda: _once(factories.ArticleFactory, slug="bridge-closed"),
    "Article.original_url_hash": lambda: _once(factories.ArticleFactory, original_url="https://example.org/bridge"),
    "Image.digest": lambda: _once(factories.ImageFactory, digest="0" * 64),
    "Claim.public_id": lambda: _once(factories.ClaimFactory, public_id=UUID),
    "Ledger.name": lambda: _once(factories.LedgerFactory, name="Loose bolts"),
    "Ledger.slug": lambda: _once(factories.LedgerFactory, slug="loose-bolts"),
    "ClaimRepeat.claim": lambda: _once(factories.ClaimRepeatFactory, claim=factories.ClaimFactory()),
    "DeskAction.public_id": lambda: _once(factories.DeskActionFactory, public_id=UUID),
    "DeskAction.undone_by": lambda: _once(factories.DeskActionFactory, undone_by=factories.DeskActionFactory()),
    "AutosavedText.key": lambda: _once(factories.AutosavedTextFactory, key=UUID),
    "ApiKey.digest": lambda: _once(factories.ApiKeyFactory, digest="f" * 64),
    "Original.digest": lambda: _once(factories.OriginalFactory, data=b"the same bytes"),
    "ImportRun.public_id": lambda: _once(factories.ImportRunFactory, public_id=UUID),
    "Article_topics": _topics_of_an_article,
    "Correction_claims": _claims_of_a_correction,
    "DeskAction_claims": _claims_of_a_desk_action,
}


@pytest.mark.parametrize("rows", ONCE.values(), ids=ONCE.keys())
def test_duplicate_row_is_refused(rows):
    duplicate, different = rows()

    refused(duplicate)

    different()


def test_unknown_values_are_not_duplicates():
    for factory in (factories.SourceFactory, factories.ArticleFactory):  # Wikidata ids, URLs' hashes
        factory()
        factory()


def test_each_rule_of_each_table_is_tested_here():
    declared = {constraint.name for model in TABLES for constraint in model._meta.constraints}
    declared |= {
        f"{model.__name__}.{field.name}"
        for model in TABLES
        for field in model._meta.local_fields
        if field.unique and not field.primary_key
    }

    declared |= {model.__name__ for model in TABLES if model._meta.unique_together}

    assert declared == CHECKS.keys() | NEW_REVISIONS.keys() | ONCE.keys() | {"log_entry_has_a_verb"}


# --- All columns ---

FACTORIES = {
    factory._meta.model: factory
    for factory in vars(factories).values()
    if isinstance(factory, type) and hasattr(factory, "_meta") and factory._meta.model
}
COLUMNS = [(model, field) for model in FACTORIES for field in model._meta.local_fields if not field.primary_key]


def _labelled(chosen: Callable[[models.Field], bool]) -> list[Any]:
    return [
        pytest.param(model, field, id=f"{model.__name__}.{field.name}")
        for model, field in COLUMNS
        if model._meta.app_label in ("sources", "articles", "record") and chosen(field)
    ]


@pytest.mark.parametrize(("model", "field"), _labelled(lambda field: field.get_internal_type().startswith("Positive")))
def test_count_or_order_is_never_negative(model, field):
    row = FACTORIES[model]()
    refused(lambda: update(row, {field.name: -1}))


@pytest.mark.parametrize(("model", "field"), _labelled(lambda field: not field.null))
def test_required_column_refuses_null(model, field):
    row = FACTORIES[model]()
    refused(lambda: update(row, {field.name: RawSQL("NULL", [])}))


@pytest.mark.parametrize(("model", "field"), _labelled(lambda field: field.is_relation))
def test_foreign_key_needs_an_existing_row(model, field):
    row = FACTORIES[model]()

    def point_nowhere() -> None:
        update(row, {field.attname: 10**9})  # the database checks at the transaction's end, or now:
        connection.check_constraints()

    refused(point_nowhere)
