"""One action under way: the locked story, the claims it touches as they were, and why it may be refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from articles.desk.snapshots import Snapshot, snapshot_version, take_snapshot, with_parts
from articles.errors import Change, RefusedError, changed_meanwhile
from articles.models import Article, Claim, DeskAction
from record.users import User


@dataclass(slots=True)
class ActionContext:
    """What an action works on. Inside its transaction, with the story's row locked."""

    article: Article
    by: User
    #: Claim -> the version that the editor saw of it.
    seen_versions: Mapping[int, str]
    #: The revision whose text the editor saw.
    revision: int | None
    before: dict[int, Snapshot | None] = field(default_factory=dict)
    has_changed_marks: bool = False

    def get_claim(self, pk: object) -> Claim:
        """A claim to be changed, with its parts. Raises StaleError, or RefusedError where it is not in this story."""
        return self.get_claims([pk])[0]

    def get_claims(self, pks: Iterable[object]) -> list[Claim]:
        """Claims to be changed, with their parts, each checked against what the editor saw."""
        wanted = list(dict.fromkeys(pk for pk in pks if isinstance(pk, int)))
        found = {claim.pk: claim for claim in with_parts(self.article.claims.filter(pk__in=wanted))}
        if not wanted or len(found) < len(wanted):
            raise RefusedError("gone", _("This claim is not in the story any more."))
        states = {pk: take_snapshot(claim) for pk, claim in found.items()}
        stale = [pk for pk in wanted if snapshot_version(states[pk]) != self.seen_versions.get(pk)]
        if stale:
            raise changed_meanwhile(stale, last_changes(found[pk] for pk in stale))
        for pk in wanted:
            self.before.setdefault(pk, states[pk])
        return [found[pk] for pk in wanted]

    def add_created_claim(self, claim: Claim) -> None:
        """A claim that this action made: taking the action back removes it."""
        self.before[claim.pk] = None

    def get_text(self) -> str:
        """The latest text, if it is still the one that the editor selected in."""
        if self.article.latest is None or self.article.latest_id != self.revision:
            raise RefusedError(
                "text-changed",
                _("Not saved: the story's text was changed meanwhile. Load the page again and select the words anew."),
            )
        text: str = self.article.latest.text
        return text


def last_changes(claims: Iterable[Claim]) -> dict[int, Change]:
    """Who changed each of these claims last: at the desk, or else whoever judged it. One query."""
    rows = {claim.pk: claim for claim in claims}
    done: dict[int, DeskAction] = {}
    actions = DeskAction.objects.filter(claims__in=list(rows)).select_related("by").order_by("id")
    for action in actions.prefetch_related("claims"):
        done.update((claim.pk, action) for claim in action.claims.all())
    return {pk: _last_change(claim, done.get(pk)) for pk, claim in rows.items()}


def _last_change(claim: Claim, action: DeskAction | None) -> Change:
    judged = claim.reviewed_at
    if action is not None and (judged is None or action.at >= judged):
        return Change(action.by.get_username(), action.at, action.sentence)
    by = claim.reviewed_by.get_username() if claim.reviewed_by else ""
    return Change(by, judged, _("It is %(state)s.") % {"state": claim.get_review_display()})


def read_id(value: Any) -> int | None:
    """A row's id as a browser sends it; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_text(given: Mapping[str, Any], name: str) -> str:
    """A text that was sent, without the white space around it; empty where there is none."""
    value = given.get(name)
    return value.strip() if isinstance(value, str) else ""
