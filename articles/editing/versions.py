"""Compare versions of an article, and restore older ones."""

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

#: Unchanged paragraphs shown on each side of a changed one. The others are collapsed.
CONTEXT_PARAGRAPHS = 1


class StaleVersionError(Exception):
    """Somebody has saved a newer version since the page was loaded."""


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
    """Unchanged, removed or added text, split into the paragraphs it covers."""

    kind: str
    text: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A row of a comparison, as a page shows it.

    `has_format_change`: the words are the same, only their HTML differs.
    """

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
    """Consecutive lines. `folded`: all are unchanged and are collapsed."""

    folded: bool
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """The comparison of the headline, the summary or the text."""

    name: str
    groups: tuple[LineGroup, ...]
    changed: bool
    removed_words: int
    added_words: int


def compare_versions(old: VersionText, new: VersionText) -> list[FieldDiff]:
    """Compare two versions field by field. A field that is empty in both is left out."""
    fields = [
        _field_diff(_("Headline"), compare_texts(old.headline, new.headline)),
        _field_diff(_("Summary"), compare_texts(old.summary, new.summary)),
        _field_diff(
            _("Text"),
            compare_texts(plain_text(old.body), plain_text(new.body)),
            _block_html(old.body),
            _block_html(new.body),
        ),
    ]
    return [field for field in fields if field.groups]


@transaction.atomic
def restore_revision(article: Article, revision: Revision, *, seen: int | None, by: User) -> Revision:
    """Restore an older version as a new revision. Readers see no change.

    `seen` is the key of the latest revision that the editor saw. Raise StaleVersionError if there is a newer one,
    ValueError for a revision of another article, and PermissionDenied.
    """
    if revision.article_id != article.pk:
        raise ValueError("The revision belongs to another article.")
    locked = Article.objects.locked(article.pk)
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
    removed, added = count_changed_words(rows)
    changed = any(line.changed or line.has_format_change for line in lines)
    return FieldDiff(name, tuple(_group_lines(lines)), changed, removed, added)


def _diff_line(row: Row, old: Sequence[str], new: Sequence[str]) -> DiffLine:
    has_format_change = not row.is_changed and bool(old or new) and old[slice(*row.old)] != new[slice(*row.new)]
    return DiffLine(tuple(_diff_piece(piece) for piece in row.pieces), row.is_changed, has_format_change)


def _diff_piece(piece: Piece) -> DiffPiece:
    return DiffPiece(str(piece.kind), piece.text, tuple(piece.text.split(BLANK_LINE)))


def _block_html(body: str) -> list[str]:
    """Return the HTML of each block, in the order of the plain text."""
    return [block.html for block in marked_blocks(body)]


def _group_lines(lines: Sequence[DiffLine]) -> Iterator[LineGroup]:
    """Group lines into changed ones with their context, and collapsed ones between."""
    is_near_change = [
        any(
            other.changed or other.has_format_change
            for other in lines[max(0, index - CONTEXT_PARAGRAPHS) : index + CONTEXT_PARAGRAPHS + 1]
        )
        for index in range(len(lines))
    ]
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and is_near_change[end] == is_near_change[start]:
            end += 1
        is_single = end - start == 1  # a single line is quicker to read than to expand
        yield LineGroup(not is_near_change[start] and not is_single, tuple(lines[start:end]))
        start = end
