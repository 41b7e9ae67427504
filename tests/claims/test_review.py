"""Reviewing claims: what each step writes, what it skips, and how to undo it."""

import pytest
from django.core.exceptions import PermissionDenied

from articles.claims import review
from articles.models import Claim
from tests.factories import ClaimFactory, UserFactory, published_article

pytestmark = pytest.mark.django_db


def make(review: str = "proposed", how: str = "") -> Claim:
    return ClaimFactory(review=review, **({"reviewed_how": how} if how else {}))


def state(claim: Claim) -> tuple[str, str]:
    claim.refresh_from_db()
    return claim.review, claim.reviewed_how


def accept_at_desk(claim, by):
    return review.accept_claims([claim], by=by, how="desk")


def accept_in_bulk(claim, by):
    return review.accept_claims([claim], by=by, how="bulk")


def reject(claim, by):
    return review.reject_claims([claim], by=by, how="desk")


def edit(claim, by):
    return review.mark_edited([claim], by=by)


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        (("proposed", ""), accept_at_desk, ("accepted", "desk")),
        (("proposed", ""), accept_in_bulk, ("accepted", "bulk")),
        (("proposed", ""), reject, ("rejected", "desk")),
        (("proposed", ""), edit, ("edited", "desk")),
        (("rejected", "desk"), accept_at_desk, ("accepted", "desk")),
        (("rejected", "bulk"), accept_in_bulk, ("accepted", "bulk")),
        # Accepting at the desk confirms what was accepted unseen …
        (("accepted", "import"), accept_at_desk, ("accepted", "desk")),
        (("accepted", "bulk"), accept_at_desk, ("accepted", "desk")),
        # … but accepting in bulk does not, and an edited claim stays edited.
        (("accepted", "import"), accept_in_bulk, ("accepted", "import")),
        (("accepted", "desk"), accept_in_bulk, ("accepted", "desk")),
        (("edited", "desk"), accept_at_desk, ("edited", "desk")),
        (("accepted", "import"), reject, ("rejected", "desk")),
        (("edited", "desk"), reject, ("rejected", "desk")),
        (("accepted", "import"), edit, ("edited", "desk")),
        # Editing a rejected claim does not show it to readers.
        (("rejected", "bulk"), edit, ("rejected", "bulk")),
    ],
)
def test_each_step_from_each_state(editor, before, step, after):
    claim = make(*before)
    step(claim, editor)

    assert state(claim) == after


def test_review_stores_who_and_when_and_marks_the_article(editor):
    claim = make()

    assert claim.article.edited_at is None

    accept_at_desk(claim, editor)
    claim.refresh_from_db()
    claim.article.refresh_from_db()

    assert claim.reviewed_by == editor
    assert claim.reviewed_at is not None
    assert claim.article.edited_at == claim.reviewed_at


def test_skipped_claim_and_its_article_do_not_change(editor):
    claim = make("edited")
    claim.refresh_from_db()

    before = claim.reviewed_at

    assert accept_at_desk(claim, editor) == []

    claim.refresh_from_db()
    claim.article.refresh_from_db()

    assert (claim.reviewed_at, claim.article.edited_at) == (before, None)


@pytest.mark.parametrize("step", [accept_at_desk, accept_in_bulk, reject, edit])
@pytest.mark.parametrize("role", ["reporter", "loader", None])
def test_review_needs_the_permission(roles, step, role):
    claim = make()

    with pytest.raises(PermissionDenied):
        step(claim, UserFactory(role=role))
    assert state(claim) == ("proposed", "")


@pytest.mark.parametrize(
    "before", [("proposed", ""), ("accepted", "import"), ("rejected", "bulk"), ("edited", "desk")]
)
@pytest.mark.parametrize("step", [accept_at_desk, reject, edit])
def test_undo_restores_the_former_review(editor, chief, before, step):
    claim = make(*before)
    Claim.objects.filter(pk=claim.pk).exclude(review="proposed").update(reviewed_by=chief)
    was = Claim.objects.filter(pk=claim.pk).values("review", "reviewed_by", "reviewed_at", "reviewed_how").get()
    changes = step(claim, editor)
    review.undo_reviews(changes, by=editor)

    now = Claim.objects.filter(pk=claim.pk).values("review", "reviewed_by", "reviewed_at", "reviewed_how").get()

    assert now == was


def test_undo_skips_claims_reviewed_again(editor, chief):
    claim = make()
    changes = accept_at_desk(claim, editor)

    reject(claim, chief)

    assert review.undo_reviews(changes, by=editor) == 0
    assert state(claim) == ("rejected", "desk")


def test_undo_needs_the_permission(editor, reporter):
    claim = make()
    changes = accept_at_desk(claim, editor)

    with pytest.raises(PermissionDenied):
        review.undo_reviews(changes, by=reporter)
    assert state(claim) == ("accepted", "desk")


def test_long_list_is_reviewed_in_chunks(editor, monkeypatch):
    monkeypatch.setattr(review, "CHUNK_CLAIMS", 2)
    article = published_article()
    claims = [ClaimFactory(article=article) for _ in range(5)]
    ClaimFactory(article=article)

    changes = review.accept_claims(Claim.objects.filter(pk__in=[c.pk for c in claims]), by=editor, how="bulk")

    assert len(changes) == 5
    assert article.claims.filter(review="accepted").count() == 5
    assert review.undo_reviews(changes, by=editor) == 5
    assert article.claims.filter(review="proposed").count() == 6


def test_review_that_fails_half_way_changes_nothing(editor, monkeypatch):
    monkeypatch.setattr(review, "CHUNK_CLAIMS", 1)
    first, second = make(), make()

    def fail_at_second(ids, at):
        if second.pk in ids:
            raise RuntimeError("power failure")

    monkeypatch.setattr(review, "mark_articles_edited", fail_at_second)
    with pytest.raises(RuntimeError):
        review.accept_claims([first, second], by=editor, how="bulk")
    assert state(first) == ("proposed", "")
