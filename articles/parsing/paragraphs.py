"""Build paragraphs from lines: undo hard wraps, and rejoin split paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from articles.parsing.cleaning import collapse_whitespace
from articles.parsing.draft import DraftWarning

#: The end of a complete paragraph.
COMPLETE_END = re.compile(r"[.!?:…;][\"'”’»)\]*]*$|^[*#\-–—_ ]{3,}$")
#: A quotation mark at the end without a full stop: perhaps complete, and not a sign of a split.
QUOTE_AT_END = re.compile(r"[\"”’»]$")
#: A full stop that may belong to an abbreviation only.
ABBREVIATION_AT_END = re.compile(
    r"(?:\b[A-Za-z]\.[A-Za-z]\.|\b(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Maj|Capt|Sgt|Sen|Rep|Gov|Prof|Rev|St|No|vs|Jan|Feb|Aug|Sept|"
    r"Oct|Nov|Dec)\.)$"
)
LAST_WORD = re.compile(r"([^\W_][\w'’]*)$")
#: Words that do not end a paragraph.
FUNCTION_WORDS = frozenset(
    "a about across after against although amid among an and are around as at be because been before behind being "
    "beneath beside between beyond but by can could despite during each either every for from had has have her his if "
    "in including into is its may might must my near nor of on onto or our per shall should since such than that the "
    "their these they this those though through throughout to toward towards under unless until upon very via was we "
    "were when where whereas whether which while who whom whose will with within without would your".split()
)
#: Text that begins with one of these continues a sentence.
CONTINUATION_MARKS = frozenset(",;.:)]!?—–…%")
OPENING_MARKS = "\"'“‘([«"
#: With a longer line, the text is not hard-wrapped: each line is a paragraph.
MAX_WRAPPED_LINE_CHARS = 130
#: A line ends a paragraph if the next word would have fitted within this share of the width.
MAX_SHORT_LINE_SHARE = 0.8
#: A shorter line without closing punctuation is a crosshead, not a split paragraph.
MAX_CROSSHEAD_CHARS = 60
BULLET = re.compile(r"[•▪●◦‣*] ")
#: Only the end of a paragraph is examined, up to this many code points.
TAIL_CHARS = 40
#: A word broken at the end of a line, and the start of its continuation: "compro-" and "mised".
BROKEN_WORD = re.compile(r"[^\W_][’']?-$")
WORD_START = re.compile(r"[^\W_]")
#: "pre- and post-war": the hyphen before these words belongs to the text.
AFTER_SUSPENDED_HYPHEN = re.compile(r"(?:and|or|to|und)\b")
#: A dash or slash without a space before it: no space is added after it either.
TIGHT_DASH = re.compile(r"[^\s\-](?:--|—)$|/$")


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How the lines of a text are wrapped."""

    width: int | None  # length of the longest line if hard-wrapped; None: each line is a paragraph

    def is_paragraph_end(self, line: str, next_line: str) -> bool:
        """Return whether a paragraph ends after `line`, although no blank line follows."""
        if BULLET.match(next_line):
            return True
        had_room = (
            self.width is not None
            and len(line) + 1 + len(next_line.split(" ", 1)[0]) <= MAX_SHORT_LINE_SHARE * self.width
        )
        if is_complete(line) or QUOTE_AT_END.search(line[-TAIL_CHARS:]):
            return had_room if self.width is not None else True
        return (
            (had_room or self.width is None)
            and len(line) < MAX_CROSSHEAD_CHARS
            and _may_begin_sentence(next_line)
            and not _is_unfinished(line)
        )


def detect_wrapping(lines: Sequence[str]) -> Wrapping:
    """Return how the lines are wrapped.

    They are hard-wrapped if most lines with another line after them end inside a sentence.
    """
    blocks = list(_blocks(lines))
    inner_lines = [line for block in blocks for line in block[:-1]]
    width = max((len(line) for block in blocks for line in block), default=0)
    broken_count = sum(1 for line in inner_lines if not is_complete(line))
    return Wrapping(
        width if inner_lines and width <= MAX_WRAPPED_LINE_CHARS and 2 * broken_count > len(inner_lines) else None
    )


def join_lines(lines: Sequence[str]) -> list[str]:
    """Return the paragraphs of the lines, without hard wraps.

    A break inside a word stays as "compro-\\n" + "mised" for `hyphens.join_broken_words`, which sees the whole text.
    """
    wrapping = detect_wrapping(lines)
    paragraphs: list[str] = []
    for block in _blocks(lines):
        parts = [block[0]]
        for previous, line in pairwise(block):
            if wrapping.is_paragraph_end(previous, line):
                paragraphs.append(_join_parts(parts))
                parts = []
            parts.append(line)
        paragraphs.append(_join_parts(parts))
    return paragraphs


def rejoin_paragraphs(paragraphs: Sequence[str]) -> tuple[list[str], list[DraftWarning]]:
    """Rejoin paragraphs that a blank line split; warn where a split is possible.

    Measured on PolNeAR: of 17,555 paragraph boundaries, none is joined wrongly (97 give a warning). Of 15,586 random
    splits, 89 % are found.
    """
    groups: list[list[str]] = []
    warnings: list[DraftWarning] = []
    for paragraph in paragraphs:
        previous = groups[-1][-1] if groups else ""
        if previous and not is_complete(previous):
            if _is_unfinished(previous) or not _may_begin_sentence(paragraph):
                groups[-1].append(paragraph)
                detail = f"A paragraph was split before “{first_words(paragraph)}”. It was joined again."
                warnings.append(DraftWarning("paragraph-rejoined", detail))
                continue
            if sum(map(len, groups[-1])) >= MAX_CROSSHEAD_CHARS and not QUOTE_AT_END.search(previous[-TAIL_CHARS:]):
                detail = (
                    f"The paragraph before “{first_words(paragraph)}” ends without punctuation. It may be incomplete."
                )
                warnings.append(DraftWarning("possible-break", detail))
        elif previous and ABBREVIATION_AT_END.search(previous[-TAIL_CHARS:]) and not _may_begin_sentence(paragraph):
            detail = (
                f"The paragraph before “{first_words(paragraph)}” ends with an abbreviation. It may be incomplete."
            )
            warnings.append(DraftWarning("possible-break", detail))
        groups.append([paragraph])
    return [_join_parts(parts) for parts in groups], warnings


def is_complete(paragraph: str) -> bool:
    """Return whether a paragraph ends like a complete one, as with a full stop."""
    return COMPLETE_END.search(paragraph[-TAIL_CHARS:]) is not None


def first_words(paragraph: str) -> str:
    """Return the first words of a paragraph, to identify it in a warning."""
    start = paragraph[:60].replace("\n", "")
    return start if len(start) <= 40 else start[:39].rsplit(" ", 1)[0] + "…"


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in (*lines, ""):
        if clean_line := collapse_whitespace(line):
            block.append(clean_line)
        elif block:
            yield block
            block = []


def _join_parts(parts: Sequence[str]) -> str:
    """Return the parts of one paragraph as one string."""
    pieces = [parts[0]]
    for previous, part in pairwise(parts):
        if (
            BROKEN_WORD.search(previous[-TAIL_CHARS:])
            and WORD_START.match(part)
            and not AFTER_SUSPENDED_HYPHEN.match(part)
        ):
            pieces.append("\n")
        elif not TIGHT_DASH.search(previous[-TAIL_CHARS:]):
            pieces.append(" ")
        pieces.append(part)
    return "".join(pieces)


def _may_begin_sentence(paragraph: str) -> bool:
    """Return whether a sentence may begin so: with a capital, digit or quotation."""
    first = paragraph.lstrip(OPENING_MARKS)[:1]
    return paragraph[0] not in CONTINUATION_MARKS and not first.islower()


def _is_unfinished(paragraph: str) -> bool:
    """Return whether the text ends as no paragraph does (function word, comma, dash)."""
    if paragraph.endswith((",", "—", "–", "-")):
        return True
    last = LAST_WORD.search(paragraph[-TAIL_CHARS:])
    return last is not None and last[1] in FUNCTION_WORDS  # case counts: "May" may be the month
