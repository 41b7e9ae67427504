"""Errors that tell an editor why something was not done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext


class RefusedError(Exception):
    """An action was refused.

    `code` is for machines, `sentence` for the editor. `fields` has a message for each field that is wrong.
    """

    def __init__(self, code: str, sentence: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.fields = dict(fields or {})


@dataclass(frozen=True, slots=True)
class Change:
    """Who last changed a claim, when and how, as far as the audit log knows."""

    by: str
    at: datetime | None
    sentence: str


class StaleError(RefusedError):
    """What an editor works on has changed since they loaded it.

    `claims` are the keys of the changed claims, if known. `changes` says who changed each of them.
    """

    def __init__(
        self,
        sentence: str,
        *,
        claims: Iterable[int] = (),
        changes: Mapping[int, Change] | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__("stale", sentence, fields)
        self.claims = list(claims)
        self.changes = dict(changes or {})


class NoSpeakerError(RefusedError):
    """Claims without a speaker would be shown to readers. `claims` are their keys."""

    def __init__(self, claims: Iterable[int]) -> None:
        self.claims = list(claims)
        super().__init__(
            "no-speaker",
            ngettext(
                "Not saved: this claim has no speaker, so readers may not see it. Add a speaker, or reject the claim.",
                "Not saved: %(count)d claims have no speaker, so readers may not see them. "
                "Add speakers, or reject the claims.",
                len(self.claims),
            )
            % {"count": len(self.claims)},
        )


def changed_meanwhile(claims: Iterable[int], changes: Mapping[int, Change]) -> StaleError:
    """Return the error for claims that have changed since the editor loaded them."""
    stale = list(claims)
    sentence = ngettext(
        "Not saved: somebody else has changed this claim. You now see the new version.",
        "Not saved: somebody else has changed %(count)d claims. You now see the new versions.",
        len(stale),
    )
    return StaleError(sentence % {"count": len(stale)}, claims=stale, changes=changes)
