"""An editor's last judgements, kept in the session so that they can be taken back one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from articles.claims import review
from articles.claims.review import ReviewChange
from record.users import User

KEY = "judgements"
#: Steps that can be taken back, and claims in one step: more than that is an import's work, not a slip.
STEPS = 30
CLAIMS = 500

Step = dict[str, Any]


def remember(request: HttpRequest, what: str, judged: Sequence[ReviewChange]) -> bool:
    """Note a step, in words for the editor ("Accepted “…”"). False: nothing happened, or too much to take back."""
    if not 0 < len(judged) <= CLAIMS:
        return False
    rows = [
        {
            **asdict(made),
            "made_at": made.made_at.isoformat(),
            "before_at": made.before_at and made.before_at.isoformat(),
        }
        for made in judged
    ]
    steps = request.session.get(KEY, [])
    request.session[KEY] = [*steps, {"what": what, "rows": rows}][-STEPS:]
    return True


def last(request: HttpRequest) -> Step | None:
    """The step that `take_back` would take back: {"what": …, "rows": […]}."""
    steps = request.session.get(KEY) or [None]
    step: Step | None = steps[-1]
    return step


def take_back(request: HttpRequest, *, by: User) -> tuple[str, int, list[int]]:
    """Undo the last step; returns what it was, how many claims are as before, and which they were.

    Fewer than were judged: somebody has judged them again since. Without a step: ("", 0, []).
    """
    steps = request.session.get(KEY) or []
    if not steps:
        return "", 0, []
    step = steps[-1]
    judged = [
        ReviewChange(
            **{
                **row,
                "made_at": datetime.fromisoformat(row["made_at"]),
                "before_at": row["before_at"] and datetime.fromisoformat(row["before_at"]),
            }
        )
        for row in step["rows"]
    ]
    restored = review.undo_reviews(judged, by=by)
    request.session[KEY] = steps[:-1]
    return step["what"], restored, [made.claim for made in judged]
