"""An article's public state, and its only writers: submit, send_back, publish, schedule, unschedule, embargo,
lift_embargo, correct, retract.

Each is one transaction on the locked article, asks for its permission (PermissionDenied without it), puts itself
on record, and returns the article as it now is; the object that was passed in is not changed. What cannot be done
raises PublishingError, with a sentence for the editor. No worker is needed for times to come: readers see what
ArticleQuerySet.public() lets through at the moment they ask.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Claim, Correction, Revision
from articles.permissions import may_overrule, may_publish, may_retract, may_write, require_permission
from articles.publishing.checks import PublishingWarning, open_warnings
from record import log, verbs
from record.users import User

logger = logging.getLogger("articles.publishing")

Status, Precision = Article.Status, Article.Precision


class PublishingError(Exception):
    """A step that cannot be taken now. `code` is for machines, `sentence` says what to do about it."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def is_public(article: Article) -> bool:
    """Do readers see it now? The same rule as ArticleQuerySet.public(), for one article in hand."""
    return (
        article.status in (Status.PUBLISHED, Status.SCHEDULED)
        and article.live_id is not None
        and article.published_at is not None
        and article.published_at <= timezone.now()
    )


def is_under_embargo(article: Article) -> bool:
    """Has it an embargo whose time has not come?"""
    return article.embargo_until is not None and article.embargo_until > timezone.now()


@transaction.atomic
def submit(article: Article, *, by: User, message: str = "") -> Article:
    """Send a draft for review, with a note for whoever reviews it."""
    article = _lock_article(article)
    require_permission(may_write(by, article), "change this story")
    if article.status != Status.DRAFT:
        raise PublishingError(
            "not-a-draft",
            _("Only a draft can be sent for review; this story is %(state)s.") % {"state": _status_name(article)},
        )
    _require_text(article)
    article.status = Status.IN_REVIEW
    return _save_and_log(article, verbs.SUBMITTED, by, note=message)


@transaction.atomic
def send_back(article: Article, *, by: User, note: str) -> Article:
    """Make a draft again of a story that is in review, or waits for its time; the note tells its writer why."""
    article = _lock_article(article)
    require_permission(may_publish(by), "send stories back")
    if article.status not in (Status.IN_REVIEW, Status.SCHEDULED) or is_public(article):
        raise PublishingError(
            "not-in-review",
            _("Only a story in review, or one waiting for its time, can be sent back; this one is %(state)s.")
            % {"state": _status_name(article)},
        )
    if not note.strip():
        raise PublishingError("no-note", _("Write a note for the writer: what is to be done."))
    article.status, article.live = Status.DRAFT, None
    return _save_and_log(article, verbs.SENT_BACK, by, note=note)


@transaction.atomic
def publish(
    article: Article, *, by: User, at: datetime | None = None, over: Collection[str] = (), message: str = ""
) -> Article:
    """Let readers see the latest revision, from `at` on (aware; default: the date it has, or else now).

    A time to come schedules it, and an embargo puts the time off to its end. For a story that is out already
    this publishes its draft, and `at` must be None: its date stays. Warnings that nobody settled
    (articles.publishing.checks) stop an editor; a chief names the keys of those to publish `over`.
    """
    article = _lock_article(article)
    require_permission(may_publish(by), "publish")
    _require_text(article)
    if article.status == Status.RETRACTED:
        raise PublishingError("retracted", _("A retracted story stays retracted. Write a new one."))
    if is_public(article):
        if at is not None:
            raise PublishingError("already-out", _("Readers see this story already, so its date stays as it is."))
        if article.live_id == article.latest_id:
            raise PublishingError("nothing-new", _("Readers see the latest revision already."))
    overruled = _overrule_warnings(article, by, over)
    if not is_public(article):
        _set_publication_date(article, at)
    article.live = article.latest
    later = article.published_at is not None and article.published_at > timezone.now()
    article.status = Status.SCHEDULED if later else Status.PUBLISHED
    when = article.published_at.isoformat() if later and article.published_at else None
    return _save_and_log(
        article, verbs.SCHEDULED if later else verbs.PUBLISHED, by, when=when, warnings=overruled, note=message
    )


@transaction.atomic
def schedule(article: Article, *, by: User, at: datetime, over: Collection[str] = (), message: str = "") -> Article:
    """Let readers see the latest revision from a moment to come on (aware)."""
    if at <= timezone.now():
        raise PublishingError("time-gone", _("That time has gone by. Give one to come, or publish now."))
    if article.embargo_until is not None and at < article.embargo_until:
        raise PublishingError(
            "embargo", _("The story is under embargo until %(time)s.") % {"time": _format_time(article.embargo_until)}
        )
    return publish(article, by=by, at=at, over=over, message=message)


@transaction.atomic
def unschedule(article: Article, *, by: User, message: str = "") -> Article:
    """Put a story that waits for its time back into review. It keeps the date, which is then only proposed."""
    article = _lock_article(article)
    require_permission(may_publish(by), "take stories off the schedule")
    if article.status != Status.SCHEDULED or is_public(article):
        raise PublishingError(
            "not-scheduled",
            _("Only a story that waits for its time can be taken off the schedule; this one is %(state)s.")
            % {"state": _status_name(article)},
        )
    article.status, article.live = Status.IN_REVIEW, None
    return _save_and_log(article, verbs.UNSCHEDULED, by, note=message)


@transaction.atomic
def embargo(article: Article, *, by: User, until: datetime, message: str = "") -> Article:
    """Keep a story from readers until a moment (aware), whatever is done. A schedule before it is put off to it."""
    article = _lock_article(article)
    require_permission(may_publish(by), "put stories under embargo")
    if is_public(article) or article.status == Status.RETRACTED:
        raise PublishingError("already-out", _("Readers have seen this story: an embargo comes too late for it."))
    if until <= timezone.now():
        raise PublishingError("time-gone", _("That time has gone by. Give one to come."))
    article.embargo_until = until
    waiting = article.status in (Status.SCHEDULED, Status.PUBLISHED)
    if waiting and article.published_at is not None and article.published_at < until:
        article.published_at, article.published_precision = until, Precision.MINUTE
    return _save_and_log(article, verbs.EMBARGOED, by, until=until.isoformat(), note=message)


@transaction.atomic
def lift_embargo(article: Article, *, by: User, message: str = "") -> Article:
    """Take an embargo away. A story with a schedule keeps its time; publishing it now is a step of its own."""
    article = _lock_article(article)
    require_permission(may_publish(by), "lift embargoes")
    if not is_under_embargo(article):
        raise PublishingError("no-embargo", _("This story is under no embargo."))
    article.embargo_until = None
    return _save_and_log(article, verbs.EMBARGO_LIFTED, by, note=message)


@transaction.atomic
def correct(
    article: Article,
    *,
    by: User,
    kind: str,
    note: str,
    claims: Sequence[Claim] = (),
    over: Collection[str] = (),
    message: str = "",
) -> Article:
    """Tell readers what was wrong, and publish the draft that puts it right if there is one."""
    article = _lock_article(article)
    require_permission(may_publish(by), "correct")
    if not is_public(article):
        raise PublishingError("not-out", _("Readers have not seen this story: change it without a note."))
    if kind == Correction.Kind.RETRACTION:
        raise PublishingError("not-a-correction", _("A retraction is more than a note: retract the story."))
    overruled = _overrule_warnings(article, by, over) if article.live_id != article.latest_id else []
    _add_correction(article, by=by, kind=kind, note=note, claims=claims, after=True)
    article.live = article.latest
    return _save_and_log(article, verbs.CORRECTED, by, reason=note, note=message, warnings=overruled)


@transaction.atomic
def retract(article: Article, *, by: User, note: str, message: str = "") -> Article:
    """Take a story back: its page stays and says so with the note, and its claims leave every list."""
    article = _lock_article(article)
    require_permission(may_retract(by), "retract")
    if not is_public(article):
        raise PublishingError(
            "not-out",
            _("Only a story that readers see can be retracted; this is %(state)s.") % {"state": _status_name(article)},
        )
    _add_correction(article, by=by, kind=Correction.Kind.RETRACTION, note=note)
    article.status = Status.RETRACTED
    return _save_and_log(article, verbs.RETRACTED, by, reason=note, note=message)


def _set_publication_date(article: Article, at: datetime | None) -> None:
    """The moment from which readers see it: as asked for, as it is dated, or now; never before its embargo ends."""
    if at is not None:
        article.published_at, article.published_precision = at, Precision.MINUTE
    elif article.published_at is None:
        article.published_at, article.published_precision = timezone.now(), Precision.MINUTE
    until = article.embargo_until
    if until is not None and article.published_at is not None and article.published_at < until:
        article.published_at, article.published_precision = until, Precision.MINUTE


def _overrule_warnings(article: Article, by: User, over: Collection[str]) -> list[str]:
    """The sentences of the warnings that this publishes over, for the record. Refuses what may not be."""
    warnings: list[PublishingWarning] = open_warnings(article)
    if not warnings:
        return []
    if not may_overrule(by):
        raise PublishingError(
            "warnings",
            _("%(count)s warnings stand. Settle or acknowledge each, or ask a chief to publish over them.")
            % {"count": len(warnings)}
            if len(warnings) > 1
            else _("A warning stands. Settle or acknowledge it, or ask a chief to publish over it."),
        )
    unseen = [warning for warning in warnings if warning.key not in over]
    if unseen:
        raise PublishingError(
            "warnings",
            _("Warnings stand that you have not been shown. Look at them, and say that you publish over them."),
        )
    return [f"{warning.sentence} {warning.passage}".strip() for warning in warnings]


def _add_correction(
    article: Article,
    *,
    by: User,
    kind: str,
    note: str,
    claims: Sequence[Claim] = (),
    after: bool = False,
) -> None:
    if not note.strip():
        raise PublishingError("no-note", _("Write a note for readers: what was wrong, and what is right."))
    correction = Correction.objects.create(
        article=article,
        kind=kind,
        note=note.strip(),
        before=article.live,
        after=article.latest if after else None,
        author=by,
    )
    correction.claims.set(claims)


def _lock_article(article: Article) -> Article:
    rows = Article.objects.select_for_update(of=("self",)).select_related("latest", "live")
    locked: Article = rows.get(pk=article.pk)
    return locked


def _save_and_log(article: Article, verb: str, by: User, **details: object) -> Article:
    """Store the state, and put the step on record."""
    article.edited_at = timezone.now()
    article.save(update_fields=["status", "published_at", "published_precision", "embargo_until", "live", "edited_at"])
    _update_live_from(article)
    shown = article.latest.number if article.latest else None
    details = {key: value.strip() if isinstance(value, str) else value for key, value in details.items()}
    log.record(verb, article, user=by, article=article.pk, revision=shown, **details)
    done = partial(logger.info, "%s: %s by %s, revision %s.", article.slug, verb, by.get_username(), shown)
    transaction.on_commit(done)
    return article


def _update_live_from(article: Article) -> None:
    """Keep since when readers could see each revision: what became live now, and no longer what was only to become it."""
    now = timezone.now()
    if article.live_id and article.status in (Status.PUBLISHED, Status.SCHEDULED):
        since = max(now, article.published_at or now)
        Revision.objects.filter(pk=article.live_id, live_from=None).update(live_from=since)
    waiting = Revision.objects.filter(article=article, live_from__gt=now)
    if article.live_id is None:
        waiting.update(live_from=None)
    else:
        waiting.filter(pk=article.live_id).update(live_from=max(now, article.published_at or now))


def _status_name(article: Article) -> str:
    """ "draft", "in review", "published": the word as it stands in a sentence."""
    return str(article.get_status_display())


def _format_time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y, %H:%M}"


def _require_text(article: Article) -> None:
    if article.latest is None or not article.latest.text:
        raise PublishingError("no-words", _("The story has no text yet."))
