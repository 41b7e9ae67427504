"""Judging claims: what each step writes, what it leaves alone, and how it is taken back."""

import pytest
from django.core.exceptions import PermissionDenied

from articles.claims import review as reviewing
from articles.models import Claim
from tests.factories import ClaimFactory, UserFactory, published_article

pytestmark = pytest.mark.django_db


def make(review: str = "proposed", how: str = "") -> Claim:
    return ClaimFactory(review=review, **({"reviewed_how": how} if how else {}))


def state(claim: Claim) -> tuple[str, str]:
    claim.refresh_from_db()
    return claim.review, claim.reviewed_how


def accept_at_desk(claim, by):
    return reviewing.accept_claims([claim], by=by, how="desk")


def accept_in_bulk(claim, by):
    return reviewing.accept_claims([claim], by=by, how="bulk")


def reject(claim, by):
    return reviewing.reject_claims([claim], by=by, how="desk")


def edit(claim, by):
    return reviewing.mark_edited([claim], by=by)


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        (("proposed", ""), accept_at_desk, ("accepted", "desk")),
        (("proposed", ""), accept_in_bulk, ("accepted", "bulk")),
        (("proposed", ""), reject, ("rejected", "desk")),
        (("proposed", ""), edit, ("edited", "desk")),
        (("rejected", "desk"), accept_at_desk, ("accepted", "desk")),
        (("rejected", "bulk"), accept_in_bulk, ("accepted", "bulk")),
        # Somebody has now looked at what was accepted unseen …
        (("accepted", "import"), accept_at_desk, ("accepted", "desk")),
        (("accepted", "bulk"), accept_at_desk, ("accepted", "desk")),
        # … but a second bulk does not make it newer, nor does accepting lose that it was edited.
        (("accepted", "import"), accept_in_bulk, ("accepted", "import")),
        (("accepted", "desk"), accept_in_bulk, ("accepted", "desk")),
        (("edited", "desk"), accept_at_desk, ("edited", "desk")),
        (("accepted", "import"), reject, ("rejected", "desk")),
        (("edited", "desk"), reject, ("rejected", "desk")),
        (("accepted", "import"), edit, ("edited", "desk")),
        # Mending a rejected claim does not show it to readers.
        (("rejected", "bulk"), edit, ("rejected", "bulk")),
    ],
)
def test_each_step_from_each_state(editor, before, step, after):
    claim = make(*before)
    step(claim, editor)
    assert state(claim) == after


def test_a_judgement_says_who_and_when_and_marks_the_article_as_worked_on(editor):
    claim = make()
    assert claim.article.edited_at is None
    accept_at_desk(claim, editor)
    claim.refresh_from_db()
    claim.article.refresh_from_db()
    assert claim.reviewed_by == editor
    assert claim.reviewed_at is not None
    assert claim.article.edited_at == claim.reviewed_at


def test_what_is_left_alone_is_not_touched_at_all(editor):
    claim = make("edited")
    claim.refresh_from_db()
    before = claim.reviewed_at
    assert accept_at_desk(claim, editor) == []
    claim.refresh_from_db()
    claim.article.refresh_from_db()
    assert (claim.reviewed_at, claim.article.edited_at) == (before, None)


@pytest.mark.parametrize("step", [accept_at_desk, accept_in_bulk, reject, edit])
@pytest.mark.parametrize("role", ["reporter", "loader", None])
def test_nobody_else_may_judge(roles, step, role):
    claim = make()
    with pytest.raises(PermissionDenied):
        step(claim, UserFactory(role=role))
    assert state(claim) == ("proposed", "")


@pytest.mark.parametrize(
    "before", [("proposed", ""), ("accepted", "import"), ("rejected", "bulk"), ("edited", "desk")]
)
@pytest.mark.parametrize("step", [accept_at_desk, reject, edit])
def test_undo_brings_back_all_of_what_was_there(editor, chief, before, step):
    claim = make(*before)
    Claim.objects.filter(pk=claim.pk).exclude(review="proposed").update(reviewed_by=chief)
    was = Claim.objects.filter(pk=claim.pk).values("review", "reviewed_by", "reviewed_at", "reviewed_how").get()
    judgements = step(claim, editor)
    reviewing.undo_reviews(judgements, by=editor)
    now = Claim.objects.filter(pk=claim.pk).values("review", "reviewed_by", "reviewed_at", "reviewed_how").get()
    assert now == was


def test_undo_leaves_what_somebody_else_has_judged_since(editor, chief):
    claim = make()
    judgements = accept_at_desk(claim, editor)
    reject(claim, chief)
    assert reviewing.undo_reviews(judgements, by=editor) == 0
    assert state(claim) == ("rejected", "desk")


def test_undo_needs_the_permission_too(editor, reporter):
    claim = make()
    judgements = accept_at_desk(claim, editor)
    with pytest.raises(PermissionDenied):
        reviewing.undo_reviews(judgements, by=reporter)
    assert state(claim) == ("accepted", "desk")


def test_a_long_list_is_judged_in_chunks_and_counted(editor, monkeypatch):
    monkeypatch.setattr(reviewing, "CHUNK_CLAIMS", 2)
    article = published_article()
    claims = [ClaimFactory(article=article) for _ in range(5)]
    ClaimFactory(article=article)
    judged = reviewing.accept_claims(Claim.objects.filter(pk__in=[c.pk for c in claims]), by=editor, how="bulk")
    assert len(judged) == 5
    assert article.claims.filter(review="accepted").count() == 5
    assert reviewing.undo_reviews(judged, by=editor) == 5
    assert article.claims.filter(review="proposed").count() == 6


def test_a_judgement_that_fails_half_way_leaves_nothing(editor, monkeypatch):
    monkeypatch.setattr(reviewing, "CHUNK_CLAIMS", 1)
    first, second = make(), make()

    def fail_at_second(ids, at):
        if second.pk in ids:
            raise RuntimeError("the power went")

    monkeypatch.setattr(reviewing, "mark_articles_edited", fail_at_second)
    with pytest.raises(RuntimeError):
        reviewing.accept_claims([first, second], by=editor, how="bulk")
    assert state(first) == ("proposed", "")
