"""Undo of bulk reviews in the list of claims, stored in the session.

The review desk has its own undo for each article (`articles.desk.actions`). A bulk review can change claims of many
articles at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from articles.claims import review
from articles.claims.review import ReviewChange
from record.users import User

SESSION_KEY = "bulk_reviews"
#: Steps that are stored, and claims in one step. They limit the size of the session.
MAX_STEPS = 30
MAX_CLAIMS = 500

#: {"what": the step in words, "rows": the review changes as JSON data}
Step = dict[str, Any]


def store_step(request: HttpRequest, sentence: str, changes: Sequence[ReviewChange]) -> bool:
    """Store a bulk review for undo. Return False if it is empty or too large."""
    if not 0 < len(changes) <= MAX_CLAIMS:
        return False
    rows = [
        {
            **asdict(change),
            "made_at": change.made_at.isoformat(),
            "before_at": change.before_at and change.before_at.isoformat(),
        }
        for change in changes
    ]
    steps = request.session.get(SESSION_KEY, [])
    request.session[SESSION_KEY] = [*steps, {"what": sentence, "rows": rows}][-MAX_STEPS:]
    return True


def last_step(request: HttpRequest) -> Step | None:
    """Return the step that would be undone next."""
    steps = request.session.get(SESSION_KEY) or [None]
    step: Step | None = steps[-1]
    return step


def undo_last_step(request: HttpRequest, *, by: User) -> tuple[str, int]:
    """Undo the last step. Return its sentence and the number of restored claims.

    Claims that somebody has reviewed again since then are not restored.
    """
    steps = request.session.get(SESSION_KEY) or []
    if not steps:
        return "", 0
    step = steps[-1]
    changes = [
        ReviewChange(
            **{
                **row,
                "made_at": datetime.fromisoformat(row["made_at"]),
                "before_at": row["before_at"] and datetime.fromisoformat(row["before_at"]),
            }
        )
        for row in step["rows"]
    ]
    restored = review.undo_reviews(changes, by=by)
    request.session[SESSION_KEY] = steps[:-1]
    return step["what"], restored
