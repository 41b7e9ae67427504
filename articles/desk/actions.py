"""Apply, record and undo the actions of an editor on a story's claims."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.claims import review
from articles.desk import chains, claim_fields, spans
from articles.desk.cards import shorten_statement
from articles.desk.context import ActionContext, last_changes, read_text
from articles.desk.snapshots import Snapshot, restore_snapshot, snapshot_version, take_snapshot, with_parts
from articles.errors import NoSpeakerError, RefusedError, StaleError
from articles.models import Anchor, Article, Claim, DeskAction
from articles.permissions import may_review, require_permission
from articles.publishing import actions as publishing
from record import log, verbs
from record.users import User

#: Claims that one action may change, and action ids that are read from one request.
MAX_CLAIMS = 1000
MAX_SENTENCE_CHARS = 300


@dataclass(frozen=True, slots=True)
class Action:
    """An action that a browser asks for."""

    #: Made by the browser. An action that is sent twice is applied once.
    id: uuid.UUID
    kind: str
    #: Claim -> the version of it that the editor saw.
    seen_versions: Mapping[int, str]
    #: The revision with the text that the editor saw.
    revision: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action did: the recorded action, and which claims it changed or removed."""

    article: Article
    action: DeskAction
    changed: list[int]
    removed: list[int]
    has_changed_marks: bool
    is_repeated: bool = False


def apply_action(article: Article, action: Action, *, by: User) -> Outcome:
    """Apply one action to an article's claims, with the article locked.

    An action that was applied before is not applied again. If an action is refused, nothing changes.

    Raises PermissionDenied; StaleError if a claim has changed since the editor saw it; NoSpeakerError if readers would
    see a claim without a speaker; RefusedError if the action is not possible.
    """
    with transaction.atomic():
        locked = Article.objects.locked(article.pk)
        previous = DeskAction.objects.filter(public_id=action.id).first()
        if previous is not None:
            return _repeated_outcome(locked, previous, by)
        if action.kind == "publish":
            return _publish(locked, action, by)
        require_permission(may_review(by), _("review claims"))
        if action.kind == "undo":
            return _undo(locked, action, by)
        handler = HANDLERS.get(action.kind)
        if handler is None or len(action.seen_versions) > MAX_CLAIMS:
            raise RefusedError("unknown", _("This page is out of date. Reload it."))
        context = ActionContext(locked, by, action.seen_versions, action.revision)
        sentence = handler(context, action.data)
        return _record_action(context, action, sentence)


def review_claim(claim: Claim, verdict: str, *, by: User) -> Outcome:
    """Accept or reject a claim as it is now. Raises the same errors as `apply_action`."""
    current = with_parts(Claim.objects.filter(pk=claim.pk)).select_related("article").get()
    seen = {current.pk: snapshot_version(take_snapshot(current))}
    return apply_action(current.article, Action(uuid.uuid4(), verdict, seen, None, {"claim": current.pk}), by=by)


def record_edit(claim: Claim, before: Snapshot, *, by: User) -> DeskAction:
    """Record a change that another form made to a claim, so that it can be undone.

    `before` is the claim before the change.
    """
    context = ActionContext(claim.article, by, {}, None, before={claim.pk: before})
    sentence = _("Edited %s") % shorten_statement(claim.statement)
    return _record_action(context, Action(uuid.uuid4(), "edit", {}, None, {}), sentence).action


def last_undoable_action(article: Article, by: User, *, skip: Sequence[uuid.UUID] = ()) -> DeskAction | None:
    """Return the editor's last action that can be undone. One query."""
    actions = DeskAction.objects.filter(article=article, by=by, undone_by__isnull=True)
    return actions.exclude(kind__in=["undo", "publish"]).exclude(public_id__in=skip).order_by("-id").first()


def parse_action_ids(values: Sequence[Any]) -> tuple[uuid.UUID, ...]:
    """Return the valid action ids among values that a browser sent."""
    ids = []
    for value in values[:MAX_CLAIMS]:
        try:
            ids.append(uuid.UUID(str(value)))
        except ValueError:
            continue
    return tuple(ids)


# --- Review ------------------------------------------------------------------------------------


def _accept(context: ActionContext, data: Mapping[str, Any]) -> str:
    claim = context.get_claim(data.get("claim"))
    review.accept_claims([claim], by=context.by, how=Claim.ReviewMethod.DESK)
    return _("Accepted %s") % shorten_statement(claim.statement)


def _reject(context: ActionContext, data: Mapping[str, Any]) -> str:
    claim = context.get_claim(data.get("claim"))
    review.reject_claims([claim], by=context.by, how=Claim.ReviewMethod.DESK)
    return _("Rejected %s") % shorten_statement(claim.statement)


def _accept_rest(context: ActionContext, data: Mapping[str, Any]) -> str:
    """Accept the unreviewed claims that the editor saw, not later ones."""
    waiting = context.article.claims.awaiting_review().filter(pk__in=list(context.seen_versions))
    pks = list(waiting.values_list("pk", flat=True))
    if not pks:
        raise RefusedError("nothing", _("No claims are left to review."))
    claims = context.get_claims(pks)
    accepted = review.accept_claims(claims, by=context.by, how=Claim.ReviewMethod.BULK)
    if not accepted:
        raise NoSpeakerError(pks)
    sentence = ngettext("Accepted %(count)d remaining claim", "Accepted %(count)d remaining claims", len(accepted)) % {
        "count": len(accepted)
    }
    skipped_count = len(claims) - len(accepted)
    if not skipped_count:
        return sentence
    skipped = ngettext(
        "%(count)d has no speaker and was not accepted",
        "%(count)d have no speaker and were not accepted",
        skipped_count,
    )
    return f"{sentence}. {skipped % {'count': skipped_count}}"


# --- Changes -----------------------------------------------------------------------------------


def _edit(context: ActionContext, data: Mapping[str, Any]) -> str:
    """Set those of the claim's fields, chain and figures that are given."""
    claim = context.get_claim(data.get("claim"))
    fields, hops, figures = data.get("fields"), data.get("hops"), data.get("figures")
    if isinstance(fields, dict):
        claim_fields.set_fields(context, claim, fields)
    if isinstance(hops, list):
        chains.set_chain(context, claim, hops)
    if isinstance(figures, list):
        claim_fields.set_quantities(claim, figures)
    review.mark_edited([claim], by=context.by)
    statement = shorten_statement(claim.statement)
    if isinstance(hops, list) and not isinstance(fields, dict):
        return _("Changed the speaker of %s") % statement
    return _("Edited %s") % statement


def _create(context: ActionContext, data: Mapping[str, Any]) -> str:
    """Create a proposed claim: readers must not see it before it has a speaker."""
    claim = spans.create_claim(context, data.get("spans"))
    return _("Created claim %s") % shorten_statement(claim.statement)


def _anchor(context: ActionContext, data: Mapping[str, Any]) -> str:
    claim = context.get_claim(data.get("claim"))
    part = read_text(data, "part") or Anchor.Part.CONTENT
    spans.move_part(context, claim, data.get("spans"), part)
    review.mark_edited([claim], by=context.by)
    statement = shorten_statement(claim.statement)
    if part == Anchor.Part.CUE:
        return _("Changed the attribution of %s") % statement
    if part == Anchor.Part.SOURCE:
        return _("Changed the speaker mention of %s") % statement
    return _("Moved %s") % statement


def _split(context: ActionContext, data: Mapping[str, Any]) -> str:
    claim = context.get_claim(data.get("claim"))
    statement = shorten_statement(claim.statement)
    new_claim = spans.split_claim(context, claim, data.get("spans"))
    review.mark_edited([claim, new_claim], by=context.by)
    return _("Split %s into two claims") % statement


def _join(context: ActionContext, data: Mapping[str, Any]) -> str:
    claim, other = context.get_claim(data.get("claim")), context.get_claim(data.get("other"))
    if claim.pk == other.pk:
        raise RefusedError("invalid", _("Choose two different claims to join."))
    spans.join_claims(context, claim, other)
    review.mark_edited([claim], by=context.by)
    review.reject_claims([other], by=context.by, how=Claim.ReviewMethod.DESK)
    return _("Joined two claims: %s") % shorten_statement(claim.statement)


def _merge_speakers(context: ActionContext, data: Mapping[str, Any]) -> str:
    claims, name = chains.merge_speakers(context, data.get("keep"), data.get("other"))
    review.mark_edited([claim for claim in claims if claim.review in Claim.SHOWN_REVIEWS], by=context.by)
    return _("Marked as the same speaker: %s") % name


def _file_quantities(context: ActionContext, data: Mapping[str, Any]) -> str:
    """Add figures to ledgers. The review stays: what the claim says has not changed."""
    claim = context.get_claim(data.get("claim"))
    ledgers = data.get("ledgers")
    claim_fields.file_quantities(claim, ledgers)
    statement = shorten_statement(claim.statement)
    if isinstance(ledgers, dict) and not any(ledgers.values()):
        return _("Removed figures from ledgers: %s") % statement
    return _("Added figures to ledgers: %s") % statement


HANDLERS: dict[str, Callable[[ActionContext, Mapping[str, Any]], str]] = {
    "accept": _accept,
    "reject": _reject,
    "accept-rest": _accept_rest,
    "edit": _edit,
    "new": _create,
    "anchor": _anchor,
    "split": _split,
    "join": _join,
    "same": _merge_speakers,
    "file": _file_quantities,
}


# --- Undo and publish --------------------------------------------------------------------------


def _undo(article: Article, action: Action, by: User) -> Outcome:
    """Undo the editor's last action, if its claims have not changed since then."""
    skip = action.data.get("skip")
    past = last_undoable_action(article, by, skip=parse_action_ids(skip) if isinstance(skip, list) else ())
    if past is None:
        raise RefusedError("nothing", _("There is nothing to undo."))
    claims = {claim.pk: claim for claim in with_parts(article.claims.filter(pk__in=[int(pk) for pk in past.before]))}
    current = {pk: take_snapshot(claim) for pk, claim in claims.items()}
    changed = [
        int(pk)
        for pk in past.before
        if int(pk) not in claims or snapshot_version(current[int(pk)]) != past.after.get(pk)
    ]
    if changed:
        raise StaleError(
            _("Could not undo “%s”: a claim has changed since then.") % past.sentence,
            claims=changed,
            changes=last_changes(claims[pk] for pk in changed if pk in claims),
            fields={"action": str(past.public_id)},
        )
    context = ActionContext(article, by, {}, action.revision)
    context.before = dict(current)
    removed = []
    for pk, snapshot in past.before.items():
        if snapshot is None:
            claims[int(pk)].delete()
            removed.append(int(pk))
        else:
            restore_snapshot(claims[int(pk)], snapshot)
    context.has_changed_marks = any(
        snapshot is None or snapshot["anchors"] != current[int(pk)]["anchors"] for pk, snapshot in past.before.items()
    )
    outcome = _record_action(context, action, _("Undone: %s") % past.sentence, removed)
    remaining = Claim.objects.filter(pk__in=[int(pk) for pk in past.before])
    log_rows = [(claim.pk, str(claim), article.pk) for claim in remaining]
    log.record_many(verbs.REVIEW_UNDONE, Claim, log_rows, user=by)
    past.undone_by = outcome.action
    past.save(update_fields=["undone_by"])
    return outcome


def _publish(article: Article, action: Action, by: User) -> Outcome:
    overruled = action.data.get("overruled")
    keys = [key for key in overruled if isinstance(key, str)] if isinstance(overruled, list) else []
    try:
        published = publishing.publish(article, by=by, over=keys)
    except publishing.PublishingError as error:
        raise RefusedError(error.code, error.sentence) from error
    sentence = _("The story is %s") % published.get_status_display()
    return _record_action(ActionContext(published, by, {}, action.revision), action, sentence)


def _record_action(context: ActionContext, action: Action, sentence: str, removed: Sequence[int] = ()) -> Outcome:
    """Store an action with its claims before and after; update `edited_at`."""
    changed = [pk for pk in context.before if pk not in removed]
    claims = with_parts(context.article.claims.filter(pk__in=changed))
    row = DeskAction.objects.create(
        public_id=action.id,
        article=context.article,
        by=context.by,
        kind=action.kind,
        sentence=sentence[:MAX_SENTENCE_CHARS],
        before={str(pk): snapshot for pk, snapshot in context.before.items()},
        after={str(claim.pk): snapshot_version(take_snapshot(claim)) for claim in claims},
    )
    row.claims.set(changed)
    if changed or removed:
        Article.objects.filter(pk=context.article.pk).update(edited_at=row.at)
    return Outcome(context.article, row, changed, list(removed), context.has_changed_marks)


def _repeated_outcome(article: Article, previous: DeskAction, by: User) -> Outcome:
    """Return the current state of the claims of an action that was applied before."""
    if previous.by_id != by.pk or previous.article_id != article.pk:
        raise RefusedError("unknown", _("This page is out of date. Reload it."))
    pks = [int(pk) for pk in previous.before]
    existing = set(article.claims.filter(pk__in=pks).values_list("pk", flat=True))
    removed = [pk for pk in pks if pk not in existing]
    return Outcome(article, previous, sorted(existing), removed, has_changed_marks=True, is_repeated=True)
