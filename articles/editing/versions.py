"""A story's versions: what differs between two of them, and taking an older one up again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from articles.editing.revisions import create_revision
from articles.models import Article, Revision
from articles.text.body import marked_blocks, plain_text
from articles.text.diff import BLANK_LINE, ChangeKind, Piece, Row, compare_texts, count_changed_words
from record.users import User

#: Paragraphs that are the same, beside one that differs, are shown; more of them in a row are folded away.
CONTEXT_PARAGRAPHS = 1


class StaleVersionError(Exception):
    """Somebody saved a version while another looked at the older ones."""


@dataclass(frozen=True, slots=True)
class VersionText:
    """A headline, a summary and a sanitised body, saved or not."""

    headline: str
    summary: str
    body: str

    @classmethod
    def from_revision(cls, revision: Revision) -> VersionText:
        return cls(revision.headline, revision.summary, revision.body)


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """Words that stayed, went or came, in the paragraphs they run over."""

    kind: str
    text: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A row of a comparison as a page shows it. `dressed`: the words are the same, and only their form differs."""

    pieces: tuple[DiffPiece, ...]
    changed: bool
    has_format_change: bool

    @property
    def old_pieces(self) -> list[DiffPiece]:
        return [piece for piece in self.pieces if piece.kind != ChangeKind.ADDED]

    @property
    def new_pieces(self) -> list[DiffPiece]:
        return [piece for piece in self.pieces if piece.kind != ChangeKind.REMOVED]


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines one after the other; `folded` where they are all the same."""

    folded: bool
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """What differs in the headline, the summary or the text."""

    name: str
    groups: tuple[LineGroup, ...]
    changed: bool
    removed_words: int  # words
    added_words: int


def compare_versions(old: VersionText, new: VersionText) -> list[FieldDiff]:
    """What differs between two versions, part by part; a part that neither has is left out."""
    parts = [
        _field_diff(_("Headline"), compare_texts(old.headline, new.headline)),
        _field_diff(_("Summary"), compare_texts(old.summary, new.summary)),
        _field_diff(
            _("Text"),
            compare_texts(plain_text(old.body), plain_text(new.body)),
            _block_html(old.body),
            _block_html(new.body),
        ),
    ]
    return [part for part in parts if part.groups]


@transaction.atomic
def restore_revision(article: Article, revision: Revision, *, seen: int | None, by: User) -> Revision:
    """Take an older version up again: a new one on top with its words. Every version stays; readers see no change.

    `seen` is the newest version that the editor saw. Raises StaleVersionError where there is a newer one,
    ValueError for another story's revision, and PermissionDenied.
    """
    if revision.article_id != article.pk:
        raise ValueError("This revision is another story's.")
    locked = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if locked.latest_id != seen:
        raise StaleVersionError
    return create_revision(
        locked,
        headline=revision.headline,
        summary=revision.summary,
        body=revision.body,
        by=by,
        note=_("Restored from revision %(number)d") % {"number": revision.number},
    )


def _field_diff(name: str, rows: Sequence[Row], old: Sequence[str] = (), new: Sequence[str] = ()) -> FieldDiff:
    lines = [_diff_line(row, old, new) for row in rows if row.pieces]
    gone, fresh = count_changed_words(rows)
    differs = any(line.changed or line.has_format_change for line in lines)
    return FieldDiff(name, tuple(_group_lines(lines)), differs, gone, fresh)


def _diff_line(row: Row, old: Sequence[str], new: Sequence[str]) -> DiffLine:
    dressed = not row.is_changed and bool(old or new) and old[slice(*row.old)] != new[slice(*row.new)]
    return DiffLine(tuple(_diff_piece(piece) for piece in row.pieces), row.is_changed, dressed)


def _diff_piece(piece: Piece) -> DiffPiece:
    return DiffPiece(str(piece.kind), piece.text, tuple(piece.text.split(BLANK_LINE)))


def _block_html(body: str) -> list[str]:
    """The HTML of each block, by its number in the plain text."""
    return [block.html for block in marked_blocks(body)]


def _group_lines(lines: Sequence[DiffLine]) -> Iterator[LineGroup]:
    """Lines that differ with those around them, and what lies between, folded away."""
    near = [
        any(
            other.changed or other.has_format_change
            for other in lines[max(0, at - CONTEXT_PARAGRAPHS) : at + CONTEXT_PARAGRAPHS + 1]
        )
        for at in range(len(lines))
    ]
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and near[end] == near[at]:
            end += 1
        alone = not near[at] and end - at == 1  # to unfold one line is more work than to read past it
        yield LineGroup(not near[at] and not alone, tuple(lines[at:end]))
        at = end
