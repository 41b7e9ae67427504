"""Lines -> paragraphs: hard wraps undone, and paragraphs made whole that a blank line cut in two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from articles.parsing.cleaning import collapse_whitespace
from articles.parsing.draft import DraftWarning

#: A paragraph that ends like this is whole.
COMPLETE_END = re.compile(r"[.!?:…;][\"'”’»)\]*]*$|^[*#\-–—_ ]{3,}$")
#: Quotation marks at the end without a full stop: not whole for sure, but no sign of a cut either.
QUOTE_AT_END = re.compile(r"[\"”’»]$")
#: A full stop that may be the abbreviation's alone.
ABBREVIATION_AT_END = re.compile(
    r"(?:\b[A-Za-z]\.[A-Za-z]\.|\b(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Maj|Capt|Sgt|Sen|Rep|Gov|Prof|Rev|St|No|vs|Jan|Feb|Aug|Sept|"
    r"Oct|Nov|Dec)\.)$"
)
LAST_WORD = re.compile(r"([^\W_][\w'’]*)$")
#: Words that no paragraph ends with.
FUNCTION_WORDS = frozenset(
    "a about across after against although amid among an and are around as at be because been before behind being "
    "beneath beside between beyond but by can could despite during each either every for from had has have her his if "
    "in including into is its may might must my near nor of on onto or our per shall should since such than that the "
    "their these they this those though through throughout to toward towards under unless until upon very via was we "
    "were when where whereas whether which while who whom whose will with within without would your".split()
)
#: A second part that begins with one of these begins in the middle of a sentence.
CONTINUATION_MARKS = frozenset(",;.:)]!?—–…%")
OPENING_MARKS = "\"'“‘([«"
#: Lines of hard-wrapped text are no longer than this; longer ones are paragraphs already.
MAX_WRAPPED_LINE_CHARS = 130
#: A wrapped line that would have had room for the next word at this share of the width ended by itself.
MAX_SHORT_LINE_SHARE = 0.8
#: A line with no closing punctuation and fewer code points than this is a crosshead, not a cut paragraph.
MAX_CROSSHEAD_CHARS = 60
BULLET = re.compile(r"[•▪●◦‣*] ")
#: How much of a paragraph's end tells whether it is whole.
TAIL_CHARS = 40
#: A word that a line's end broke, and what goes on after it: "compro-" and "mised".
BROKEN_WORD = re.compile(r"[^\W_][’']?-$")
WORD_START = re.compile(r"[^\W_]")
#: "pre- and post-war": this hyphen hangs there by itself.
AFTER_SUSPENDED_HYPHEN = re.compile(r"(?:and|or|to|und)\b")
#: Dashes without a space before them that a wrap has cut from what follows.
TIGHT_DASH = re.compile(r"[^\s\-](?:--|—)$|/$")


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How the lines of one text are laid out."""

    width: int | None  # code points of a hard-wrapped text's fullest line; None: a line is a paragraph

    def is_paragraph_end(self, line: str, following: str) -> bool:
        """Is the paragraph over at the end of `line`, although no blank line follows?"""
        if BULLET.match(following):
            return True
        room = (
            self.width is not None
            and len(line) + 1 + len(following.split(" ", 1)[0]) <= MAX_SHORT_LINE_SHARE * self.width
        )
        if is_complete(line) or QUOTE_AT_END.search(line[-TAIL_CHARS:]):
            return room if self.width is not None else True
        return (
            (room or self.width is None)
            and len(line) < MAX_CROSSHEAD_CHARS
            and _may_begin_sentence(following)
            and not _is_unfinished(line)
        )


def detect_wrapping(lines: Sequence[str]) -> Wrapping:
    """Hard-wrapped, where most lines that another follows break off in the middle of a sentence."""
    blocks = list(_blocks(lines))
    inner = [line for block in blocks for line in block[:-1]]
    width = max((len(line) for block in blocks for line in block), default=0)
    broken = sum(1 for line in inner if not is_complete(line))
    return Wrapping(width if inner and width <= MAX_WRAPPED_LINE_CHARS and 2 * broken > len(inner) else None)


def join_lines(lines: Sequence[str]) -> list[str]:
    """Blocks between blank lines, each as its paragraphs: wrapping undone, one string a paragraph.

    A break inside a word is left as "compro-\\n" + "mised" for `hyphens.mend`, which sees the whole text.
    """
    layout = detect_wrapping(lines)
    paragraphs: list[str] = []
    for block in _blocks(lines):
        parts = [block[0]]
        for before, line in pairwise(block):
            if layout.is_paragraph_end(before, line):
                paragraphs.append(_join_parts(parts))
                parts = []
            parts.append(line)
        paragraphs.append(_join_parts(parts))
    return paragraphs


def rejoin_paragraphs(paragraphs: Sequence[str]) -> tuple[list[str], list[DraftWarning]]:
    """Make paragraphs whole that a blank line cut in two; say where one may be cut and was left.

    Of the 17,555 boundaries between paragraphs in PolNeAR's articles none is joined wrongly (97 are warned
    of), and of 15,586 random cuts in them 89 % are found.
    """
    whole: list[list[str]] = []
    warnings: list[DraftWarning] = []
    for paragraph in paragraphs:
        before = whole[-1][-1] if whole else ""
        if before and not is_complete(before):
            if _is_unfinished(before) or not _may_begin_sentence(paragraph):
                whole[-1].append(paragraph)
                detail = f"A paragraph was cut before “{first_words(paragraph)}”; it was made whole."
                warnings.append(DraftWarning("paragraph-rejoined", detail))
                continue
            if sum(map(len, whole[-1])) >= MAX_CROSSHEAD_CHARS and not QUOTE_AT_END.search(before[-TAIL_CHARS:]):
                detail = f"The paragraph before “{first_words(paragraph)}” ends without punctuation; it may be cut."
                warnings.append(DraftWarning("possible-break", detail))
        elif before and ABBREVIATION_AT_END.search(before[-TAIL_CHARS:]) and not _may_begin_sentence(paragraph):
            detail = f"The paragraph before “{first_words(paragraph)}” ends with an abbreviation; it may be cut."
            warnings.append(DraftWarning("possible-break", detail))
        whole.append([paragraph])
    return [_join_parts(parts) for parts in whole], warnings


def is_complete(paragraph: str) -> bool:
    """Does it end as a whole paragraph does, with a full stop or the like?"""
    return COMPLETE_END.search(paragraph[-TAIL_CHARS:]) is not None


def first_words(paragraph: str) -> str:
    """The first words of a paragraph, to say in a warning which one is meant."""
    start = paragraph[:60].replace("\n", "")
    return start if len(start) <= 40 else start[:39].rsplit(" ", 1)[0] + "…"


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in (*lines, ""):
        if clean := collapse_whitespace(line):
            block.append(clean)
        elif block:
            yield block
            block = []


def _join_parts(parts: Sequence[str]) -> str:
    """Parts of one paragraph in one string."""
    pieces = [parts[0]]
    for before, part in pairwise(parts):
        if (
            BROKEN_WORD.search(before[-TAIL_CHARS:])
            and WORD_START.match(part)
            and not AFTER_SUSPENDED_HYPHEN.match(part)
        ):
            pieces.append("\n")
        elif not TIGHT_DASH.search(before[-TAIL_CHARS:]):
            pieces.append(" ")
        pieces.append(part)
    return "".join(pieces)


def _may_begin_sentence(paragraph: str) -> bool:
    """Could a sentence begin like this: with a capital, a figure, a quotation?"""
    first = paragraph.lstrip(OPENING_MARKS)[:1]
    return paragraph[0] not in CONTINUATION_MARKS and not first.islower()


def _is_unfinished(paragraph: str) -> bool:
    """Does this break off where no paragraph ends: at a function word, a comma, a dash?"""
    if paragraph.endswith((",", "—", "–", "-")):
        return True
    last = LAST_WORD.search(paragraph[-TAIL_CHARS:])
    return last is not None and last[1] in FUNCTION_WORDS  # a capital makes it a crosshead's, or the month of May
