"""Errors that say to an editor why something was not done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext


class RefusedError(Exception):
    """An action that was not done. `code` is for machines, `sentence` for the editor, `fields` says where."""

    def __init__(self, code: str, sentence: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.fields = dict(fields or {})


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed a claim last, when, and what they did, as far as is on record."""

    by: str
    at: datetime | None
    sentence: str


class StaleError(RefusedError):
    """What an editor works on has changed since they saw it.

    `claims` are the changed claims where they are known, `changes` says who changed each of them.
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
    """Claims that name nobody who said them. Readers never see such a claim."""

    def __init__(self, claims: Iterable[int]) -> None:
        self.claims = list(claims)
        super().__init__(
            "no-speaker",
            ngettext(
                "Not saved: readers may not see a claim that names nobody who said it. "
                "Name somebody first, or reject the claim.",
                "Not saved: %(count)d claims name nobody who said them, and readers may not see such claims. "
                "Name somebody first, or reject them.",
                len(self.claims),
            )
            % {"count": len(self.claims)},
        )


def changed_meanwhile(claims: Iterable[int], changes: Mapping[int, Change]) -> StaleError:
    """Return the error for claims that an action rests on and that have changed."""
    stale = list(claims)
    sentence = ngettext(
        "Not saved: this claim was changed meanwhile. It is shown as it is now.",
        "Not saved: %(count)d claims were changed meanwhile. They are shown as they are now.",
        len(stale),
    )
    return StaleError(sentence % {"count": len(stale)}, claims=stale, changes=changes)
