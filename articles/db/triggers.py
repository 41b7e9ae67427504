"""The database trigger that keeps revisions immutable.

Anchors count code points in a revision's text and quote it without storing the words. So a changed text would
misquote people.
"""

from __future__ import annotations

from typing import Any

from record.triggers import Trigger, create_triggers, drop_triggers

TRIGGER_NAME = "articles_revision_is_immutable"
#: Columns that never change. Author, note and times are not part of the text.
IMMUTABLE_COLUMNS = ("article_id", "number", "headline", "summary", "body", "text", "digest")
REVISION_TRIGGER = Trigger(
    TRIGGER_NAME,
    "articles_revision",
    "UPDATE",
    "A revision is immutable: a change makes a new one.",
    IMMUTABLE_COLUMNS,
)


def install_trigger(using: str = "default") -> None:
    """Create the trigger, if the table of revisions exists."""
    create_triggers([REVISION_TRIGGER], using)


def remove_trigger(using: str = "default") -> None:
    """Drop the trigger, for a migration that must rewrite revisions.

    `migrate` installs it again at its end.
    """
    drop_triggers([REVISION_TRIGGER], using)


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receive post_migrate."""
    install_trigger(using)
