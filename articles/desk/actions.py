"""The desk's door: one action of an editor, done once, recorded, and refused if it is stale."""

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

#: Claims that one action may touch: more is no work for a desk.
MAX_CLAIMS = 1000
MAX_SENTENCE_CHARS = 300


@dataclass(frozen=True, slots=True)
class Action:
    """What a browser asks for. `id` is its own, so that the same one sent twice is done once."""

    id: uuid.UUID
    kind: str
    #: Claim -> the version of it that the editor saw.
    seen_versions: Mapping[int, str]
    #: The revision whose text the editor saw.
    revision: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the sentence that says so, the claims that are other than before, those that are gone."""

    article: Article
    action: DeskAction
    changed: list[int]
    removed: list[int]
    has_changed_marks: bool
    is_repeated: bool = False


def apply_action(article: Article, action: Action, *, by: User) -> Outcome:
    """Do one action on a story's claims, in one transaction with the story's row locked.

    Raises PermissionDenied, StaleError where a claim is not what was seen, NoSpeakerError where readers would see
    a claim without a speaker, and RefusedError where it cannot be done; then nothing has changed. An action that was done already is not done again.
    """
    with transaction.atomic():
        locked = Article.objects.locked(article.pk)
        done = DeskAction.objects.filter(public_id=action.id).first()
        if done is not None:
            return _repeated_outcome(locked, done, by)
        if action.kind == "publish":
            return _publish(locked, action, by)
        require_permission(may_review(by), _("review claims"))
        if action.kind == "undo":
            return _undo(locked, action, by)
        do = HANDLERS.get(action.kind)
        if do is None or len(action.seen_versions) > MAX_CLAIMS:
            raise RefusedError("unknown", _("This page is out of date. Load it again."))
        work = ActionContext(locked, by, action.seen_versions, action.revision)
        sentence = do(work, action.data)
        return _record_action(work, action, sentence)


def judge(claim: Claim, verdict: str, *, by: User) -> Outcome:
    """Accept or reject a claim as it is now. Raises what act raises."""
    row = with_parts(Claim.objects.filter(pk=claim.pk)).select_related("article").get()
    seen = {row.pk: snapshot_version(take_snapshot(row))}
    return apply_action(row.article, Action(uuid.uuid4(), verdict, seen, None, {"claim": row.pk}), by=by)


def record_edit(claim: Claim, before: Snapshot, *, by: User) -> DeskAction:
    """Record a change that another form made to a claim, so that it can be taken back. `before` is what it was."""
    work = ActionContext(claim.article, by, {}, None, before={claim.pk: before})
    sentence = _("Edited %s") % shorten_statement(claim.statement)
    return _record_action(work, Action(uuid.uuid4(), "edit", {}, None, {}), sentence).action


def last_undoable_action(article: Article, by: User, *, beside: tuple[uuid.UUID, ...] = ()) -> DeskAction | None:
    """What undoing would take back: this editor's last action on the story that stands. One query."""
    actions = DeskAction.objects.filter(article=article, by=by, undone_by__isnull=True)
    return actions.exclude(kind__in=["undo", "publish"]).exclude(public_id__in=beside).order_by("-id").first()


# --- Judging -----------------------------------------------------------------------------------


def _accept(work: ActionContext, given: Mapping[str, Any]) -> str:
    claim = work.get_claim(given.get("claim"))
    review.accept_claims([claim], by=work.by, how=Claim.ReviewMethod.DESK)
    return _("Accepted %s") % shorten_statement(claim.statement)


def _reject(work: ActionContext, given: Mapping[str, Any]) -> str:
    claim = work.get_claim(given.get("claim"))
    review.reject_claims([claim], by=work.by, how=Claim.ReviewMethod.DESK)
    return _("Rejected %s") % shorten_statement(claim.statement)


def _accept_rest(work: ActionContext, given: Mapping[str, Any]) -> str:
    """Those that were on the page and wait; one proposed since is not accepted unseen."""
    waiting = work.article.claims.awaiting_review().filter(pk__in=list(work.seen_versions))
    pks = list(waiting.values_list("pk", flat=True))
    if not pks:
        raise RefusedError("nothing", _("No claim waits any more."))
    claims = work.get_claims(pks)
    accepted = review.accept_claims(claims, by=work.by, how=Claim.ReviewMethod.BULK)
    if not accepted:
        raise NoSpeakerError(pks)
    said = ngettext("Accepted the other %(n)d", "Accepted the other %(n)d", len(accepted)) % {"n": len(accepted)}
    left = len(claims) - len(accepted)
    if not left:
        return said
    waits = ngettext(
        "%(n)d still waits: nobody is named who said it", "%(n)d still wait: nobody is named who said them", left
    )
    return f"{said}. {waits % {'n': left}}"


# --- Changing ----------------------------------------------------------------------------------


def _edit(work: ActionContext, given: Mapping[str, Any]) -> str:
    """Columns, chain and figures, as far as each is given, in one."""
    claim = work.get_claim(given.get("claim"))
    fields, hops, figures = given.get("fields"), given.get("hops"), given.get("figures")
    if isinstance(fields, dict):
        claim_fields.set_fields(work, claim, fields)
    if isinstance(hops, list):
        chains.set_chain(work, claim, hops)
    if isinstance(figures, list):
        claim_fields.set_quantities(claim, figures)
    review.mark_edited([claim], by=work.by)
    named = shorten_statement(claim.statement)
    if isinstance(hops, list) and not isinstance(fields, dict):
        return _("Changed who said %s") % named
    return _("Edited %s") % named


def _create(work: ActionContext, given: Mapping[str, Any]) -> str:
    """A claim that waits: readers see it once an editor has said who said it."""
    claim = spans.create_claim(work, given.get("spans"))
    return _("Made a claim of %s") % shorten_statement(claim.statement)


def _anchor(work: ActionContext, given: Mapping[str, Any]) -> str:
    claim = work.get_claim(given.get("claim"))
    spans.move_part(work, claim, given.get("spans"), read_text(given, "part") or Anchor.Part.CONTENT)
    review.mark_edited([claim], by=work.by)
    return _("Said where %s stands") % shorten_statement(claim.statement)


def _split(work: ActionContext, given: Mapping[str, Any]) -> str:
    claim = work.get_claim(given.get("claim"))
    named = shorten_statement(claim.statement)
    made = spans.split_claim(work, claim, given.get("spans"))
    review.mark_edited([claim, made], by=work.by)
    return _("Split %s in two") % named


def _join(work: ActionContext, given: Mapping[str, Any]) -> str:
    claim, other = work.get_claim(given.get("claim")), work.get_claim(given.get("other"))
    if claim.pk == other.pk:
        raise RefusedError("invalid", _("Choose two claims to join."))
    spans.join_claims(work, claim, other)
    review.mark_edited([claim], by=work.by)
    review.reject_claims([other], by=work.by, how=Claim.ReviewMethod.DESK)
    return _("Joined two claims as %s") % shorten_statement(claim.statement)


def _merge_speakers(work: ActionContext, given: Mapping[str, Any]) -> str:
    claims, name = chains.merge_speakers(work, given.get("keep"), given.get("other"))
    review.mark_edited([claim for claim in claims if claim.review in Claim.SHOWN_REVIEWS], by=work.by)
    return _("Two mentions are one source: %s") % name


def _file_quantities(work: ActionContext, given: Mapping[str, Any]) -> str:
    """Where a claim's figures belong. What the claim says, and so its review, stays as it is."""
    claim = work.get_claim(given.get("claim"))
    claim_fields.file_quantities(claim, given.get("places"))
    return _("Filed the figures of %s") % shorten_statement(claim.statement)


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


# --- Taking back, and letting readers see ------------------------------------------------------


def _undo(article: Article, action: Action, by: User) -> Outcome:
    """Put back the editor's last action, if its claims are still as it left them."""
    beside = action.data.get("beside")
    past = last_undoable_action(article, by, beside=ids(beside) if isinstance(beside, list) else ())
    if past is None:
        raise RefusedError("nothing", _("There is nothing to undo."))
    rows = {claim.pk: claim for claim in with_parts(article.claims.filter(pk__in=[int(pk) for pk in past.before]))}
    now = {pk: take_snapshot(claim) for pk, claim in rows.items()}
    changed = [
        int(pk) for pk in past.before if int(pk) not in rows or snapshot_version(now[int(pk)]) != past.after.get(pk)
    ]
    if changed:
        raise StaleError(
            _("Not undone: “%s”. A claim of it was changed since.") % past.sentence,
            claims=changed,
            changes=last_changes(rows[pk] for pk in changed if pk in rows),
            fields={"action": str(past.public_id)},
        )
    work = ActionContext(article, by, {}, action.revision)
    work.before = dict(now)
    removed = []
    for pk, state in past.before.items():
        if state is None:
            rows[int(pk)].delete()
            removed.append(int(pk))
        else:
            restore_snapshot(rows[int(pk)], state)
    work.has_changed_marks = any(
        state is None or state["anchors"] != now[int(pk)]["anchors"] for pk, state in past.before.items()
    )
    outcome = _record_action(work, action, _("Undone: %s") % past.sentence, removed)
    left = Claim.objects.filter(pk__in=[int(pk) for pk in past.before])
    taken = [(claim.pk, str(claim), article.pk) for claim in left]
    log.record_many(verbs.REVIEW_UNDONE, Claim, taken, user=by)
    past.undone_by = outcome.action
    past.save(update_fields=["undone_by"])
    return outcome


def _publish(article: Article, action: Action, by: User) -> Outcome:
    try:
        over = action.data.get("over")
        keys = [key for key in over if isinstance(key, str)] if isinstance(over, list) else []
        published = publishing.publish(article, by=by, over=keys)
    except publishing.PublishingError as error:
        raise RefusedError(error.code, error.sentence) from error
    status = str(published.get_status_display())
    return _record_action(ActionContext(published, by, {}, action.revision), action, _("The story is %s") % status)


def _record_action(work: ActionContext, action: Action, sentence: str, removed: list[int] | None = None) -> Outcome:
    """Put an action on record with what its claims were and are. Notes that a person has worked on the story."""
    gone = removed or []
    touched = [pk for pk in work.before if pk not in gone]
    claims = with_parts(work.article.claims.filter(pk__in=touched))
    after = {str(claim.pk): snapshot_version(take_snapshot(claim)) for claim in claims}
    row = DeskAction.objects.create(
        public_id=action.id,
        article=work.article,
        by=work.by,
        kind=action.kind,
        sentence=sentence[:MAX_SENTENCE_CHARS],
        before={str(pk): state for pk, state in work.before.items()},
        after=after,
    )
    row.claims.set(touched)
    if touched or gone:
        Article.objects.filter(pk=work.article.pk).update(edited_at=row.at)
    return Outcome(work.article, row, touched, gone, work.has_changed_marks)


def _repeated_outcome(article: Article, done: DeskAction, by: User) -> Outcome:
    """An action that arrives a second time: what is true now, and nothing done."""
    if done.by_id != by.pk or done.article_id != article.pk:
        raise RefusedError("unknown", _("This page is out of date. Load it again."))
    known = [int(pk) for pk in done.before]
    here = set(article.claims.filter(pk__in=known).values_list("pk", flat=True))
    gone = [pk for pk in known if pk not in here]
    return Outcome(article, done, sorted(here), gone, has_changed_marks=True, is_repeated=True)


def ids(given: Sequence[Any]) -> tuple[uuid.UUID, ...]:
    """Return the ids of actions among what a browser sent."""
    found = []
    for one in given[:MAX_CLAIMS]:
        try:
            found.append(uuid.UUID(str(one)))
        except ValueError:
            continue
    return tuple(found)
