"""Find a passage in a text, for editors who anchor a claim by its words."""

from __future__ import annotations

MAX_SHOWN_STARTS = 10


def gettext_noop(message: str) -> str:
    """Mark a message for `makemessages`, which looks for this name."""
    return message


MISSING_MESSAGE = gettext_noop("These words do not occur in the text. Copy them exactly from the text.")
AMBIGUOUS_MESSAGE = gettext_noop(
    "These words occur more than once in the text, at %(starts)s. Enter the start of the passage that you mean."
)


class PassageNotFoundError(Exception):
    """The passage does not occur in the text, or occurs more than once.

    To show the message to an editor, translate it: `gettext(error.message) % error.params`.
    """

    def __init__(self, message: str, **params: str) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params


def find_passage(text: str, passage: str, *, near: int | None = None) -> tuple[int, int]:
    """Return the range of `passage` in `text`: code points, [start, end).

    If it occurs several times, take the occurrence that starts at `near`, else the only one that contains it. Raise
    PassageNotFoundError otherwise.
    """
    starts = _starts(text, passage)
    if not starts:
        raise PassageNotFoundError(MISSING_MESSAGE)
    if len(starts) == 1:
        return starts[0], starts[0] + len(passage)
    if near is not None and near in starts:
        return near, near + len(passage)
    containing = [start for start in starts if near is not None and start <= near < start + len(passage)]
    if len(containing) != 1:
        shown = ", ".join(map(str, starts[:MAX_SHOWN_STARTS])) + (", …" if len(starts) > MAX_SHOWN_STARTS else "")
        raise PassageNotFoundError(AMBIGUOUS_MESSAGE, starts=shown)
    return containing[0], containing[0] + len(passage)


def _starts(text: str, passage: str) -> list[int]:
    starts: list[int] = []
    start = text.find(passage) if passage else -1
    while start != -1:
        starts.append(start)
        start = text.find(passage, start + 1)
    return starts
