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
from articles.desk.cards import shortened
from articles.desk.context import Work, last_changes, words_of
from articles.desk.snapshots import Snapshot, restore, snapshot, version, with_parts
from articles.errors import NoSpeakerError, RefusedError, StaleError
from articles.models import Anchor, Article, Claim, DeskAction
from articles.permissions import may_review, require
from articles.publishing import actions as publishing
from record import log, verbs
from record.users import User

#: Claims that one action may touch: more is no work for a desk.
CLAIMS = 1000
SENTENCE = 300


@dataclass(frozen=True, slots=True)
class Action:
    """What a browser asks for. `id` is its own, so that the same one sent twice is done once."""

    id: uuid.UUID
    kind: str
    #: Claim -> the version of it that the editor saw.
    seen: Mapping[int, str]
    #: The revision whose text the editor saw.
    revision: int | None
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the sentence that says so, the claims that are other than before, those that are gone."""

    article: Article
    action: DeskAction
    changed: list[int]
    removed: list[int]
    text_marked_anew: bool
    repeated: bool = False


def act(article: Article, action: Action, *, by: User) -> Outcome:
    """Do one action on a story's claims, in one transaction with the story's row locked.

    Raises PermissionDenied, StaleError where a claim is not what was seen, NoSpeakerError where readers would see
    a claim without a speaker, and RefusedError where it cannot be done; then nothing has changed. An action that was done already is not done again.
    """
    with transaction.atomic():
        locked = Article.objects.select_for_update(of=("self",)).select_related("latest", "live").get(pk=article.pk)
        done = DeskAction.objects.filter(public_id=action.id).first()
        if done is not None:
            return _again(locked, done, by)
        if action.kind == "publish":
            return _publish(locked, action, by)
        require(may_review(by), "review claims")
        if action.kind == "undo":
            return _undo(locked, action, by)
        do = KINDS.get(action.kind)
        if do is None or len(action.seen) > CLAIMS:
            raise RefusedError("unknown", _("This page is out of date. Load it again."))
        work = Work(locked, by, action.seen, action.revision)
        sentence = do(work, action.given)
        return _recorded(work, action, sentence)


def judge(claim: Claim, verdict: str, *, by: User) -> Outcome:
    """Accept or reject a claim as it is now. Raises what act raises."""
    row = with_parts(Claim.objects.filter(pk=claim.pk)).select_related("article").get()
    seen = {row.pk: version(snapshot(row))}
    return act(row.article, Action(uuid.uuid4(), verdict, seen, None, {"claim": row.pk}), by=by)


def record_edit(claim: Claim, before: Snapshot, *, by: User) -> DeskAction:
    """Record a change that another form made to a claim, so that it can be taken back. `before` is what it was."""
    work = Work(claim.article, by, {}, None, before={claim.pk: before})
    sentence = _("Edited %s") % shortened(claim.statement)
    return _recorded(work, Action(uuid.uuid4(), "edit", {}, None, {}), sentence).action


def last_to_undo(article: Article, by: User, *, beside: tuple[uuid.UUID, ...] = ()) -> DeskAction | None:
    """What undoing would take back: this editor's last action on the story that stands. One query."""
    actions = DeskAction.objects.filter(article=article, by=by, undone_by__isnull=True)
    return actions.exclude(kind__in=["undo", "publish"]).exclude(public_id__in=beside).order_by("-id").first()


# --- Judging -----------------------------------------------------------------------------------


def _accept(work: Work, given: Mapping[str, Any]) -> str:
    claim = work.claim(given.get("claim"))
    review.accept([claim], by=work.by, how=Claim.How.DESK)
    return _("Accepted %s") % shortened(claim.statement)


def _reject(work: Work, given: Mapping[str, Any]) -> str:
    claim = work.claim(given.get("claim"))
    review.reject([claim], by=work.by, how=Claim.How.DESK)
    return _("Rejected %s") % shortened(claim.statement)


def _accept_rest(work: Work, given: Mapping[str, Any]) -> str:
    """Those that were on the page and wait; one proposed since is not accepted unseen."""
    waiting = work.article.claims.waiting().filter(pk__in=list(work.seen))
    pks = list(waiting.values_list("pk", flat=True))
    if not pks:
        raise RefusedError("nothing", _("No claim waits any more."))
    claims = work.claims(pks)
    accepted = review.accept(claims, by=work.by, how=Claim.How.BULK)
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


def _edit(work: Work, given: Mapping[str, Any]) -> str:
    """Columns, chain and figures, as far as each is given, in one."""
    claim = work.claim(given.get("claim"))
    fields, hops, figures = given.get("fields"), given.get("hops"), given.get("figures")
    if isinstance(fields, dict):
        claim_fields.state(work, claim, fields)
    if isinstance(hops, list):
        chains.set_chain(work, claim, hops)
    if isinstance(figures, list):
        claim_fields.set_figures(claim, figures)
    review.mark_edited([claim], by=work.by)
    named = shortened(claim.statement)
    if isinstance(hops, list) and not isinstance(fields, dict):
        return _("Changed who said %s") % named
    return _("Edited %s") % named


def _new(work: Work, given: Mapping[str, Any]) -> str:
    """A claim that waits: readers see it once an editor has said who said it."""
    claim = spans.make(work, given.get("spans"))
    return _("Made a claim of %s") % shortened(claim.statement)


def _anchor(work: Work, given: Mapping[str, Any]) -> str:
    claim = work.claim(given.get("claim"))
    spans.move(work, claim, given.get("spans"), words_of(given, "part") or Anchor.Part.CONTENT)
    review.mark_edited([claim], by=work.by)
    return _("Said where %s stands") % shortened(claim.statement)


def _split(work: Work, given: Mapping[str, Any]) -> str:
    claim = work.claim(given.get("claim"))
    named = shortened(claim.statement)
    made = spans.split(work, claim, given.get("spans"))
    review.mark_edited([claim, made], by=work.by)
    return _("Split %s in two") % named


def _join(work: Work, given: Mapping[str, Any]) -> str:
    claim, other = work.claim(given.get("claim")), work.claim(given.get("other"))
    if claim.pk == other.pk:
        raise RefusedError("invalid", _("Choose two claims to join."))
    spans.join(work, claim, other)
    review.mark_edited([claim], by=work.by)
    review.reject([other], by=work.by, how=Claim.How.DESK)
    return _("Joined two claims as %s") % shortened(claim.statement)


def _same(work: Work, given: Mapping[str, Any]) -> str:
    claims, name = chains.unite(work, given.get("keep"), given.get("other"))
    review.mark_edited([claim for claim in claims if claim.review in Claim.SHOWN], by=work.by)
    return _("Two mentions are one source: %s") % name


def _file(work: Work, given: Mapping[str, Any]) -> str:
    """Where a claim's figures belong. What the claim says, and so its review, stays as it is."""
    claim = work.claim(given.get("claim"))
    claim_fields.file_figures(claim, given.get("places"))
    return _("Filed the figures of %s") % shortened(claim.statement)


KINDS: dict[str, Callable[[Work, Mapping[str, Any]], str]] = {
    "accept": _accept,
    "reject": _reject,
    "accept-rest": _accept_rest,
    "edit": _edit,
    "new": _new,
    "anchor": _anchor,
    "split": _split,
    "join": _join,
    "same": _same,
    "file": _file,
}


# --- Taking back, and letting readers see ------------------------------------------------------


def _undo(article: Article, action: Action, by: User) -> Outcome:
    """Put back the editor's last action, if its claims are still as it left them."""
    beside = action.given.get("beside")
    past = last_to_undo(article, by, beside=ids(beside) if isinstance(beside, list) else ())
    if past is None:
        raise RefusedError("nothing", _("There is nothing to undo."))
    rows = {claim.pk: claim for claim in with_parts(article.claims.filter(pk__in=[int(pk) for pk in past.before]))}
    now = {pk: snapshot(claim) for pk, claim in rows.items()}
    changed = [int(pk) for pk in past.before if int(pk) not in rows or version(now[int(pk)]) != past.after.get(pk)]
    if changed:
        raise StaleError(
            _("Not undone: “%s”. A claim of it was changed since.") % past.sentence,
            claims=changed,
            changes=last_changes(rows[pk] for pk in changed if pk in rows),
            fields={"action": str(past.public_id)},
        )
    work = Work(article, by, {}, action.revision)
    work.before = dict(now)
    removed = []
    for pk, state in past.before.items():
        if state is None:
            rows[int(pk)].delete()
            removed.append(int(pk))
        else:
            restore(rows[int(pk)], state)
    work.text_marked_anew = any(
        state is None or state["anchors"] != now[int(pk)]["anchors"] for pk, state in past.before.items()
    )
    outcome = _recorded(work, action, _("Undone: %s") % past.sentence, removed)
    left = Claim.objects.filter(pk__in=[int(pk) for pk in past.before])
    taken = [(claim.pk, str(claim), article.pk) for claim in left]
    log.note_many(verbs.TOOK_BACK, Claim, taken, by=by)
    past.undone_by = outcome.action
    past.save(update_fields=["undone_by"])
    return outcome


def _publish(article: Article, action: Action, by: User) -> Outcome:
    try:
        over = action.given.get("over")
        keys = [key for key in over if isinstance(key, str)] if isinstance(over, list) else []
        published = publishing.publish(article, by=by, over=keys)
    except publishing.PublishingError as error:
        raise RefusedError(error.code, error.sentence) from error
    status = str(published.get_status_display())
    return _recorded(Work(published, by, {}, action.revision), action, _("The story is %s") % status)


def _recorded(work: Work, action: Action, sentence: str, removed: list[int] | None = None) -> Outcome:
    """Put an action on record with what its claims were and are. Notes that a person has worked on the story."""
    gone = removed or []
    touched = [pk for pk in work.before if pk not in gone]
    claims = with_parts(work.article.claims.filter(pk__in=touched))
    after = {str(claim.pk): version(snapshot(claim)) for claim in claims}
    row = DeskAction.objects.create(
        public_id=action.id,
        article=work.article,
        by=work.by,
        kind=action.kind,
        sentence=sentence[:SENTENCE],
        before={str(pk): state for pk, state in work.before.items()},
        after=after,
    )
    row.claims.set(touched)
    if touched or gone:
        Article.objects.filter(pk=work.article.pk).update(edited_at=row.at)
    return Outcome(work.article, row, touched, gone, work.text_marked_anew)


def _again(article: Article, done: DeskAction, by: User) -> Outcome:
    """An action that arrives a second time: what is true now, and nothing done."""
    if done.by_id != by.pk or done.article_id != article.pk:
        raise RefusedError("unknown", _("This page is out of date. Load it again."))
    known = [int(pk) for pk in done.before]
    here = set(article.claims.filter(pk__in=known).values_list("pk", flat=True))
    gone = [pk for pk in known if pk not in here]
    return Outcome(article, done, sorted(here), gone, text_marked_anew=True, repeated=True)


def ids(given: Sequence[Any]) -> tuple[uuid.UUID, ...]:
    """Return the ids of actions among what a browser sent."""
    found = []
    for one in given[:CLAIMS]:
        try:
            found.append(uuid.UUID(str(one)))
        except ValueError:
            continue
    return tuple(found)
