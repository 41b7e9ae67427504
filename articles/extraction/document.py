"""One text as every stage sees it: tokens, sentences, paragraphs, quotations. Offsets are code points."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from articles.extraction.cues import REPORTING
from articles.extraction.proposal import Span
from articles.extraction.quotes import Quote, find_quotes

TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S., D.C.
    r"|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Maj|Capt|Sgt|St|Jr|Sr|No|Adm|Cmdr|Rev|Hon|Inc|Ltd|Co|Corp"
    r"|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.(?=\s)"
    r"|[$£€]?\d+(?:[.,]\d+)*%?"
    r"|[^\W\d_]+(?:['’\-‑–](?=[^\W_])[^\W_]+)*"
    r"|[^\w\s]|_"
)
SENTENCE_END = re.compile(r"[.!?…]+[\"”’'»)\]]*\s+(?=[\"“‘'«(\[]*[^\W_a-z])")
#: A full stop after these ends no sentence, whatever follows.
ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Reps?|Gov|Gen|Lt|Col|Maj|Capt|Sgt|St|No|Adm|Cmdr|Rev|Hon|vs|approx"
    r"|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z])\.$"
)
#: The longest paragraph looked at whole; more is cut into sentences of at most this many code points.
LONGEST_SENTENCE = 4000


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a single mark."""

    start: int
    end: int
    text: str

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


class Document:
    """A text and what is read off it once. Nothing here changes after it is made."""

    def __init__(self, text: str, published: date | None = None) -> None:
        self.text = text
        self.published = published
        self.tokens: list[Token] = [Token(m.start(), m.end(), m[0]) for m in TOKEN.finditer(text)]
        self._starts = [token.start for token in self.tokens]
        self.paragraphs: list[Span] = _paragraphs(text)
        self.quotes: list[Quote] = find_quotes(text, self.paragraphs)
        self._quote_starts = [quote.start for quote in self.quotes]
        self.sentences: list[Span] = [s for p in self.paragraphs for s in self._sentences(p)]
        self._sentence_starts = [sentence.start for sentence in self.sentences]

    def tokens_in(self, start: int, end: int) -> Sequence[Token]:
        """The tokens that begin in [start, end)."""
        return self.tokens[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def index_at(self, offset: int) -> int:
        """The index of the first token that begins at or after an offset."""
        return bisect_left(self._starts, offset)

    def quote_at(self, offset: int) -> Quote | None:
        """The quotation whose marks enclose an offset."""
        index = bisect_right(self._quote_starts, offset) - 1
        if index >= 0 and self.quotes[index].start <= offset < self.quotes[index].end:
            return self.quotes[index]
        return None

    def quotes_in(self, start: int, end: int) -> list[Quote]:
        """The quotations that begin in [start, end)."""
        return self.quotes[bisect_left(self._quote_starts, start) : bisect_left(self._quote_starts, end)]

    def paragraph_of(self, offset: int) -> int:
        """The number of the paragraph an offset is in, from 0."""
        return max(bisect_right(self._paragraph_starts, offset) - 1, 0)

    def sentence_of(self, offset: int) -> int:
        """The number of the sentence an offset is in, from 0."""
        return max(bisect_right(self._sentence_starts, offset) - 1, 0)

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        return [paragraph.start for paragraph in self.paragraphs]

    def _sentences(self, paragraph: Span) -> list[Span]:
        text = self.text
        sentences, start = [], paragraph.start
        for match in SENTENCE_END.finditer(text, paragraph.start, paragraph.end):
            stop = match.start() + len(match[0].rstrip())
            if match[0][0] == "." and ABBREVIATION.search(text, max(start, match.start() - 8), match.start() + 1):
                continue
            if self._goes_on(match, paragraph):
                continue
            sentences.append(Span(start, stop))
            start = match.end()
        if start < paragraph.end:
            sentences.append(Span(start, paragraph.end))
        return [piece for sentence in sentences for piece in _bounded(sentence)]

    def _goes_on(self, match: re.Match[str], paragraph: Span) -> bool:
        """Is the end of this sentence one inside a quotation that its sentence goes on after?

        "Enough!" Lee said. — the mark is inside the quotation, and who says it follows.
        """
        end = match.start()
        quote = self.quote_at(end)
        if quote is None:
            return False
        if match.end() < quote.end:
            # Within a quotation several sentences may be one statement; they stay apart as sentences.
            return False
        if match[0][0] == ".":
            return False
        following = [t.lower for t in self.tokens_in(match.end(), min(match.end() + 60, paragraph.end))[:5]]
        return any(word in REPORTING for word in following[:4])


def _paragraphs(text: str) -> list[Span]:
    spans = []
    for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        end = match.start() + len(match[0].rstrip())
        spans.append(Span(match.start(), end))
    return spans


def _bounded(sentence: Span) -> list[Span]:
    return [
        Span(start, min(start + LONGEST_SENTENCE, sentence.end))
        for start in range(sentence.start, sentence.end, LONGEST_SENTENCE)
    ]
