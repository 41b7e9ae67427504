"""Where words that somebody gives stand in a text. Used where an editor anchors a claim by its words."""

from __future__ import annotations


class PassageNotFoundError(Exception):
    """The words do not stand in the text, or in several places; the message says so to an editor."""


def find_passage(text: str, words: str, *, near: int | None = None) -> tuple[int, int]:
    """Where `words` stand in `text`, code points, [start, end).

    Of several places the one that begins at, or covers, `near` is taken; no other guess is made. Raises
    NotPlacedError otherwise.
    """
    starts = _starts(text, words)
    if not starts:
        raise PassageNotFoundError("These words do not stand in the text. Copy them from it exactly.")
    if len(starts) == 1:
        return starts[0], starts[0] + len(words)
    if near is not None and near in starts:
        return near, near + len(words)
    chosen = [start for start in starts if near is not None and start <= near < start + len(words)]
    if len(chosen) != 1:
        places = ", ".join(map(str, starts[:10])) + (", …" if len(starts) > 10 else "")
        raise PassageNotFoundError(
            f"These words stand in the text {len(starts)} times, at {places}. Say which start is meant."
        )
    return chosen[0], chosen[0] + len(words)


def _starts(text: str, words: str) -> list[int]:
    starts: list[int] = []
    at = text.find(words) if words else -1
    while at != -1:
        starts.append(at)
        at = text.find(words, at + 1)
    return starts
