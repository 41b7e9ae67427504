"""An article's public state, and its only writers: submit, send_back, publish, correct, retract.

Each is one transaction on the locked article, asks for its permission (PermissionDenied without it), and
returns the article as it now is; the object that was passed in is not changed. What cannot be done
raises PublishingError, with a sentence for the editor.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles.models import Article, Claim, Correction
from articles.permissions import may_publish, may_retract, may_write, require

Status, Precision = Article.Status, Article.Precision


class PublishingError(Exception):
    """A step that cannot be taken now. `code` is for machines, `sentence` says what to do about it."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def is_out(article: Article) -> bool:
    """Do readers see it now? The same rule as ArticleQuerySet.public(), for one article in hand."""
    return (
        article.status in (Status.PUBLISHED, Status.SCHEDULED)
        and article.live_id is not None
        and article.published_at is not None
        and article.published_at <= timezone.now()
    )


@transaction.atomic
def submit(article: Article, *, by: User) -> Article:
    """Send a draft for review."""
    article = _locked(article)
    require(may_write(by, article), "change this story")
    if article.status != Status.DRAFT:
        raise PublishingError("not-a-draft", f"Only a draft can be sent for review; this story is {_state(article)}.")
    _refuse_without_words(article)
    article.status = Status.IN_REVIEW
    return _saved(article)


@transaction.atomic
def send_back(article: Article, *, by: User) -> Article:
    """Make a draft again of a story that is in review, or that was scheduled and is not out yet."""
    article = _locked(article)
    require(may_publish(by), "send stories back")
    if article.status not in (Status.IN_REVIEW, Status.SCHEDULED) or is_out(article):
        raise PublishingError(
            "not-in-review",
            f"Only a story in review, or one waiting for its time, can be sent back; this one is {_state(article)}.",
        )
    article.status, article.live = Status.DRAFT, None
    return _saved(article)


@transaction.atomic
def publish(article: Article, *, by: User, at: datetime | None = None) -> Article:
    """Let readers see the latest revision, from `at` on (aware; default: the date it has, or else now).

    A time to come schedules it. For a story that is out already this publishes its draft, and `at` must
    be None: its date stays.
    """
    article = _locked(article)
    require(may_publish(by), "publish")
    now = timezone.now()
    _refuse_without_words(article)
    if article.status == Status.RETRACTED:
        raise PublishingError("retracted", "A retracted story stays retracted. Write a new one.")
    if is_out(article):
        if at is not None:
            raise PublishingError("already-out", "Readers see this story already, so its date stays as it is.")
        if article.live_id == article.latest_id:
            raise PublishingError("nothing-new", "Readers see the latest revision already.")
    elif at is not None:
        article.published_at, article.published_precision = at, Precision.MINUTE
    elif article.published_at is None:
        article.published_at, article.published_precision = now, Precision.MINUTE
    article.live = article.latest
    later = article.published_at is not None and article.published_at > now
    article.status = Status.SCHEDULED if later else Status.PUBLISHED
    return _saved(article)


@transaction.atomic
def correct(article: Article, *, by: User, kind: str, note: str, claims: Sequence[Claim] = ()) -> Article:
    """Tell readers what was wrong, and publish the draft that puts it right if there is one."""
    article = _locked(article)
    require(may_publish(by), "correct")
    if not is_out(article):
        raise PublishingError("not-out", "Readers have not seen this story: change it without a note.")
    if kind == Correction.Kind.RETRACTION:
        raise PublishingError("not-a-correction", "A retraction is more than a note: retract the story.")
    _note(article, by=by, kind=kind, note=note, claims=claims, after=True)
    return _saved(article) if article.live_id == article.latest_id else publish(article, by=by)


@transaction.atomic
def retract(article: Article, *, by: User, note: str) -> Article:
    """Take a story back: its page stays and says so with the note, and its claims leave every list."""
    article = _locked(article)
    require(may_retract(by), "retract")
    if not is_out(article):
        raise PublishingError("not-out", f"Only a story that readers see can be retracted; this is {_state(article)}.")
    _note(article, by=by, kind=Correction.Kind.RETRACTION, note=note)
    article.status = Status.RETRACTED
    return _saved(article)


def _note(
    article: Article,
    *,
    by: User,
    kind: str,
    note: str,
    claims: Sequence[Claim] = (),
    after: bool = False,
) -> None:
    if not note.strip():
        raise PublishingError("no-note", "Write a note for readers: what was wrong, and what is right.")
    correction = Correction.objects.create(
        article=article,
        kind=kind,
        note=note.strip(),
        before=article.live,
        after=article.latest if after else None,
        author=by,
    )
    correction.claims.set(claims)


def _locked(article: Article) -> Article:
    rows = Article.objects.select_for_update(of=("self",)).select_related("latest", "live")
    locked: Article = rows.get(pk=article.pk)
    return locked


def _saved(article: Article) -> Article:
    article.edited_at = timezone.now()
    article.save(update_fields=["status", "published_at", "published_precision", "live", "edited_at"])
    return article


def _state(article: Article) -> str:
    """ "draft", "in review", "published": the word as it stands in a sentence."""
    return str(article.get_status_display())


def _refuse_without_words(article: Article) -> None:
    if article.latest is None or not article.latest.text:
        raise PublishingError("no-words", "The story has no text yet.")
