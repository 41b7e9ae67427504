"""Change what readers see of an article. Only these functions do.

Each is one transaction on the locked article, checks its permission (PermissionDenied), writes to the audit log and
returns the article as it now is. The object that was passed in is not changed. What cannot be done raises
PublishingError with a sentence for the editor. Future times need no worker: ArticleQuerySet.public() compares them
with the clock at each request.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Claim, Correction, Revision
from articles.permissions import may_overrule, may_publish, may_retract, may_write, require_permission
from articles.publishing.article_checks import PublishingWarning, open_warnings
from record import log, verbs
from record.users import User

logger = logging.getLogger("articles.publishing")

Status, Precision = Article.Status, Article.Precision


class PublishingError(Exception):
    """The step cannot be taken now.

    `code` is for machines, `sentence` tells the editor what to do.
    """

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def is_public(article: Article) -> bool:
    """Return whether readers see the article now, as ArticleQuerySet.public() decides."""
    return (
        article.status in (Status.PUBLISHED, Status.SCHEDULED)
        and article.live_id is not None
        and article.published_at is not None
        and article.published_at <= timezone.now()
    )


def is_under_embargo(article: Article) -> bool:
    """Return whether the article has an embargo that has not ended."""
    return article.embargo_until is not None and article.embargo_until > timezone.now()


@transaction.atomic
def submit(article: Article, *, by: User, message: str = "") -> Article:
    """Send a draft for review. `message` is a note for the reviewer."""
    article = Article.objects.locked(article.pk)
    require_permission(may_write(by, article), _("change this story"))
    if article.status != Status.DRAFT:
        raise PublishingError(
            _("Only a draft can be sent for review. This story is %(state)s.") % {"state": _status_name(article)},
            code="not-a-draft",
        )
    _require_text(article)
    article.status = Status.IN_REVIEW
    return _save_and_log(article, verbs.SUBMITTED, by, note=message)


@transaction.atomic
def send_back(article: Article, *, by: User, note: str) -> Article:
    """Send an article back to its writer: it becomes a draft again.

    It must be in review or scheduled. `note` tells the writer what to do.
    """
    article = Article.objects.locked(article.pk)
    require_permission(may_publish(by), _("send stories back"))
    if article.status not in (Status.IN_REVIEW, Status.SCHEDULED) or is_public(article):
        raise PublishingError(
            _("Only a story in review or a scheduled one can be sent back. This one is %(state)s.")
            % {"state": _status_name(article)},
            code="not-in-review",
        )
    if not note.strip():
        raise PublishingError(_("Write a note for the writer: what needs to be done."), code="no-note")
    article.status, article.live = Status.DRAFT, None
    return _save_and_log(article, verbs.SENT_BACK, by, note=note)


@transaction.atomic
def publish(
    article: Article, *, by: User, at: datetime | None = None, over: Collection[str] = (), message: str = ""
) -> Article:
    """Publish the latest revision at a time: `at`, or the date it has, or now.

    `at` is an aware datetime. A future time schedules the article, and an embargo delays the time to its end. If the
    article is public already, this publishes its draft; `at` must then be None, because the date stays. Open warnings
    (articles.publishing.article_checks) stop an editor. A chief may publish despite those with keys in `over`.
    """
    article = Article.objects.locked(article.pk)
    require_permission(may_publish(by), _("publish stories"))
    _require_text(article)
    if article.status == Status.RETRACTED:
        raise PublishingError(_("A retracted story stays retracted. Write a new one."), code="retracted")
    if is_public(article):
        if at is not None:
            raise PublishingError(
                _("This story is already public, so its date cannot be changed."), code="already-out"
            )
        if article.live_id == article.latest_id:
            raise PublishingError(_("The latest revision is already public."), code="nothing-new")
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
    """Publish the latest revision at a future time (an aware datetime)."""
    if at <= timezone.now():
        raise PublishingError(_("That time is in the past. Choose a later time, or publish now."), code="time-gone")
    if article.embargo_until is not None and at < article.embargo_until:
        raise PublishingError(
            _("The story is under embargo until %(time)s.") % {"time": _format_time(article.embargo_until)},
            code="embargo",
        )
    return publish(article, by=by, at=at, over=over, message=message)


@transaction.atomic
def unschedule(article: Article, *, by: User, message: str = "") -> Article:
    """Take an article off the schedule: it goes back into review.

    It keeps its date, as a proposal.
    """
    article = Article.objects.locked(article.pk)
    require_permission(may_publish(by), _("unschedule stories"))
    if article.status != Status.SCHEDULED or is_public(article):
        raise PublishingError(
            _("Only a scheduled story can be unscheduled. This one is %(state)s.") % {"state": _status_name(article)},
            code="not-scheduled",
        )
    article.status, article.live = Status.IN_REVIEW, None
    return _save_and_log(article, verbs.UNSCHEDULED, by, note=message)


@transaction.atomic
def embargo(article: Article, *, by: User, until: datetime, message: str = "") -> Article:
    """Hide an article from readers until a time (an aware datetime).

    An earlier schedule is moved to that time.
    """
    article = Article.objects.locked(article.pk)
    require_permission(may_publish(by), _("put stories under embargo"))
    if is_public(article) or article.status == Status.RETRACTED:
        raise PublishingError(
            _("Readers have already seen this story, so it cannot be put under embargo."), code="already-out"
        )
    if until <= timezone.now():
        raise PublishingError(_("That time is in the past. Choose a later time."), code="time-gone")
    article.embargo_until = until
    has_schedule = article.status in (Status.SCHEDULED, Status.PUBLISHED)
    if has_schedule and article.published_at is not None and article.published_at < until:
        article.published_at, article.published_precision = until, Precision.MINUTE
    return _save_and_log(article, verbs.EMBARGOED, by, until=until.isoformat(), note=message)


@transaction.atomic
def lift_embargo(article: Article, *, by: User, message: str = "") -> Article:
    """Lift an embargo. A scheduled article keeps its time."""
    article = Article.objects.locked(article.pk)
    require_permission(may_publish(by), _("lift embargoes"))
    if not is_under_embargo(article):
        raise PublishingError(_("This story is not under embargo."), code="no-embargo")
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
    """Publish a correction note, and the corrected draft if there is one.

    `kind` is a Correction.Kind except RETRACTION.
    """
    article = Article.objects.locked(article.pk)
    require_permission(may_publish(by), _("correct stories"))
    if not is_public(article):
        raise PublishingError(
            _("Readers have not seen this story. Change it without a correction note."), code="not-out"
        )
    if kind == Correction.Kind.RETRACTION:
        raise PublishingError(_("Use “Retract” to retract a story."), code="not-a-correction")
    overruled = _overrule_warnings(article, by, over) if article.live_id != article.latest_id else []
    _add_correction(article, by=by, kind=kind, note=note, claims=claims, after=True)
    article.live = article.latest
    return _save_and_log(article, verbs.CORRECTED, by, reason=note, note=message, warnings=overruled)


@transaction.atomic
def retract(article: Article, *, by: User, note: str, message: str = "") -> Article:
    """Retract an article: its page shows the note, and its claims leave every list."""
    article = Article.objects.locked(article.pk)
    require_permission(may_retract(by), _("retract stories"))
    if not is_public(article):
        raise PublishingError(
            _("Only a public story can be retracted. This one is %(state)s.") % {"state": _status_name(article)},
            code="not-out",
        )
    _add_correction(article, by=by, kind=Correction.Kind.RETRACTION, note=note)
    article.status = Status.RETRACTED
    return _save_and_log(article, verbs.RETRACTED, by, reason=note, note=message)


def _set_publication_date(article: Article, at: datetime | None) -> None:
    """Set the publication time: as asked for, as it is dated, or now.

    Never before its embargo ends.
    """
    if at is not None:
        article.published_at, article.published_precision = at, Precision.MINUTE
    elif article.published_at is None:
        article.published_at, article.published_precision = timezone.now(), Precision.MINUTE
    until = article.embargo_until
    if until is not None and article.published_at is not None and article.published_at < until:
        article.published_at, article.published_precision = until, Precision.MINUTE


def _overrule_warnings(article: Article, by: User, over: Collection[str]) -> list[str]:
    """Return the sentences of the open warnings, for the audit log.

    Raise PublishingError if the user may not publish despite them, or if a key is not in `over`.
    """
    warnings: list[PublishingWarning] = open_warnings(article)
    if not warnings:
        return []
    if not may_overrule(by):
        raise PublishingError(
            ngettext(
                "There is an open warning. Fix or dismiss it, or ask a chief to publish anyway.",
                "There are %(count)s open warnings. Fix or dismiss each, or ask a chief to publish anyway.",
                len(warnings),
            )
            % {"count": len(warnings)},
            code="warnings",
        )
    unseen = [warning for warning in warnings if warning.key not in over]
    if unseen:
        raise PublishingError(
            _("There are warnings that you have not seen. Check them, and confirm that you publish anyway."),
            code="warnings",
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
        raise PublishingError(_("Write a note for readers: what was wrong, and what is right."), code="no-note")
    correction = Correction.objects.create(
        article=article,
        kind=kind,
        note=note.strip(),
        before=article.live,
        after=article.latest if after else None,
        author=by,
    )
    correction.claims.set(claims)


def _save_and_log(article: Article, verb: str, by: User, **details: object) -> Article:
    """Save the article's state, and write to the audit log."""
    article.edited_at = timezone.now()
    article.save(update_fields=["status", "published_at", "published_precision", "embargo_until", "live", "edited_at"])
    _update_live_from(article)
    number = article.latest.number if article.latest else None
    details = {key: value.strip() if isinstance(value, str) else value for key, value in details.items()}
    log.record(verb, article, user=by, article=article.pk, revision=number, **details)
    write_log = partial(logger.info, "%s: %s by %s, revision %s.", article.slug, verb, by.get_username(), number)
    transaction.on_commit(write_log)
    return article


def _update_live_from(article: Article) -> None:
    """Set `live_from` of the live revision, and clear it of what will not go live now.

    `live_from` says since when readers could see a revision.
    """
    now = timezone.now()
    if article.live_id and article.status in (Status.PUBLISHED, Status.SCHEDULED):
        since = max(now, article.published_at or now)
        Revision.objects.filter(pk=article.live_id, live_from=None).update(live_from=since)
    upcoming = Revision.objects.filter(article=article, live_from__gt=now)
    if article.live_id is None:
        upcoming.update(live_from=None)
    else:
        upcoming.filter(pk=article.live_id).update(live_from=max(now, article.published_at or now))


def _status_name(article: Article) -> str:
    """Return the status for use in a sentence: "draft", "in review"."""
    return str(article.get_status_display())


def _format_time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y, %H:%M}"


def _require_text(article: Article) -> None:
    if article.latest is None or not article.latest.text:
        raise PublishingError(_("The story has no text yet."), code="no-words")
