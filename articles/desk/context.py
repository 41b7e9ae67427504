"""The action in progress: the locked article and the claims that it changes."""

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
    """The state of one action, inside its transaction."""

    article: Article
    by: User
    #: Claim -> the version of it that the editor saw.
    seen_versions: Mapping[int, str]
    #: The revision with the text that the editor saw.
    revision: int | None
    #: Claim -> the claim before the action; None for a claim that the action creates.
    before: dict[int, Snapshot | None] = field(default_factory=dict)
    has_changed_marks: bool = False

    def get_claim(self, pk: object) -> Claim:
        """Return a claim to change, with its parts. Raises the errors of `get_claims`."""
        return self.get_claims([pk])[0]

    def get_claims(self, pks: Iterable[object]) -> list[Claim]:
        """Return claims to change, with their parts.

        Raises RefusedError for a claim that is not in the article, and StaleError for one that has changed since the
        editor saw it.
        """
        wanted = list(dict.fromkeys(pk for pk in pks if isinstance(pk, int)))
        claims = {claim.pk: claim for claim in with_parts(self.article.claims.filter(pk__in=wanted))}
        if not wanted or len(claims) < len(wanted):
            raise RefusedError("gone", _("This claim is no longer in the story."))
        snapshots = {pk: take_snapshot(claim) for pk, claim in claims.items()}
        stale = [pk for pk in wanted if snapshot_version(snapshots[pk]) != self.seen_versions.get(pk)]
        if stale:
            raise changed_meanwhile(stale, last_changes(claims[pk] for pk in stale))
        for pk in wanted:
            self.before.setdefault(pk, snapshots[pk])
        return [claims[pk] for pk in wanted]

    def add_created_claim(self, claim: Claim) -> None:
        """Remember a claim that this action created: undo removes it."""
        self.before[claim.pk] = None

    def get_text(self) -> str:
        """Return the latest text. Raises RefusedError if the editor saw another."""
        if self.article.latest is None or self.article.latest_id != self.revision:
            raise RefusedError(
                "text-changed",
                _("Not saved: the story's text has changed. Reload the page and select the text again."),
            )
        text: str = self.article.latest.text
        return text


def last_changes(claims: Iterable[Claim]) -> dict[int, Change]:
    """Return who changed each claim last, at the desk or by a review. Two queries."""
    by_pk = {claim.pk: claim for claim in claims}
    last_actions: dict[int, DeskAction] = {}
    actions = DeskAction.objects.filter(claims__in=list(by_pk)).select_related("by").order_by("id")
    for action in actions.prefetch_related("claims"):
        last_actions.update((claim.pk, action) for claim in action.claims.all())
    return {pk: _last_change(claim, last_actions.get(pk)) for pk, claim in by_pk.items()}


def _last_change(claim: Claim, action: DeskAction | None) -> Change:
    if action is not None and (claim.reviewed_at is None or action.at >= claim.reviewed_at):
        return Change(action.by.get_username(), action.at, action.sentence)
    username = claim.reviewed_by.get_username() if claim.reviewed_by else ""
    return Change(username, claim.reviewed_at, _("now %(state)s") % {"state": claim.get_review_display()})


def read_id(value: Any) -> int | None:
    """Return a row's id that a browser sent; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_text(data: Mapping[str, Any], name: str) -> str:
    """Return a text that a browser sent, stripped; empty if there is none."""
    value = data.get(name)
    return value.strip() if isinstance(value, str) else ""
