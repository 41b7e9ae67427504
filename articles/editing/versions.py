"""A story's versions: what differs between two of them, and taking an older one up again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from articles.editing.revisions import revise
from articles.models import Article, Revision
from articles.text.body import blocks, plain
from articles.text.diff import BLANK_LINE, Kind, Piece, Row, compare, words_changed
from record.users import User

#: Paragraphs that are the same, beside one that differs, are shown; more of them in a row are folded away.
AROUND = 1


class StaleVersionError(Exception):
    """Somebody saved a version while another looked at the older ones."""


@dataclass(frozen=True, slots=True)
class Words:
    """A headline, a summary and a sanitised body, saved or not."""

    headline: str
    summary: str
    body: str

    @classmethod
    def of(cls, revision: Revision) -> Words:
        return cls(revision.headline, revision.summary, revision.body)


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """Words that stayed, went or came, in the paragraphs they run over."""

    kind: str
    text: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a comparison as a page shows it. `dressed`: the words are the same, and only their form differs."""

    pieces: tuple[ShownPiece, ...]
    changed: bool
    dressed: bool

    @property
    def before(self) -> list[ShownPiece]:
        return [piece for piece in self.pieces if piece.kind != Kind.NEW]

    @property
    def after(self) -> list[ShownPiece]:
        return [piece for piece in self.pieces if piece.kind != Kind.GONE]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines one after the other; `folded` where they are all the same."""

    folded: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What differs in the headline, the summary or the text."""

    name: str
    stretches: tuple[Stretch, ...]
    changed: bool
    gone: int  # words
    new: int


def differences(old: Words, new: Words) -> list[Part]:
    """What differs between two versions, part by part; a part that neither has is left out."""
    parts = [
        _part(_("Headline"), compare(old.headline, new.headline)),
        _part(_("Summary"), compare(old.summary, new.summary)),
        _part(_("Text"), compare(plain(old.body), plain(new.body)), _elements(old.body), _elements(new.body)),
    ]
    return [part for part in parts if part.stretches]


@transaction.atomic
def restore(article: Article, revision: Revision, *, seen: int | None, by: User) -> Revision:
    """Take an older version up again: a new one on top with its words. Every version stays; readers see no change.

    `seen` is the newest version that the editor saw. Raises StaleVersionError where there is a newer one,
    ValueError for another story's revision, and PermissionDenied.
    """
    if revision.article_id != article.pk:
        raise ValueError("This revision is another story's.")
    locked = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if locked.latest_id != seen:
        raise StaleVersionError
    return revise(
        locked,
        headline=revision.headline,
        summary=revision.summary,
        body=revision.body,
        by=by,
        note=_("Restored from revision %(number)d") % {"number": revision.number},
    )


def _part(name: str, rows: Sequence[Row], old: Sequence[str] = (), new: Sequence[str] = ()) -> Part:
    lines = [_line(row, old, new) for row in rows if row.pieces]
    gone, fresh = words_changed(rows)
    differs = any(line.changed or line.dressed for line in lines)
    return Part(name, tuple(_stretches(lines)), differs, gone, fresh)


def _line(row: Row, old: Sequence[str], new: Sequence[str]) -> Line:
    dressed = not row.changed and bool(old or new) and old[slice(*row.old)] != new[slice(*row.new)]
    return Line(tuple(_shown(piece) for piece in row.pieces), row.changed, dressed)


def _shown(piece: Piece) -> ShownPiece:
    return ShownPiece(str(piece.kind), piece.text, tuple(piece.text.split(BLANK_LINE)))


def _elements(body: str) -> list[str]:
    """The HTML of each block, by its number in the plain text."""
    return [block.html for block in blocks(body)]


def _stretches(lines: Sequence[Line]) -> Iterator[Stretch]:
    """Lines that differ with those around them, and what lies between, folded away."""
    near = [
        any(other.changed or other.dressed for other in lines[max(0, at - AROUND) : at + AROUND + 1])
        for at in range(len(lines))
    ]
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and near[end] == near[at]:
            end += 1
        alone = not near[at] and end - at == 1  # to unfold one line is more work than to read past it
        yield Stretch(not near[at] and not alone, tuple(lines[at:end]))
        at = end
