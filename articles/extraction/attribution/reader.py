"""Hold one sentence and the attributions read from it so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.extraction.attribution.noun_phrases import Phrase
from articles.extraction.document import Token
from articles.extraction.proposal import Span

#: Marks between content and attribution.
SEPARATORS = frozenset((",", "—", "–"))
QUOTE_MARKS = "\"”’'»“‘«`"
#: Marks that content may start with, and marks that are cut from its end.
BEGINNING_MARKS = frozenset(("#", "@", "$", "(", "[", "£", "€"))
TRAILING_MARKS = frozenset((",", ".", ";", ":", "—", "–", "-", "!", "?", "…", "..."))
MIN_STATEMENT_WORDS = 2


@dataclass(frozen=True, slots=True)
class Clause:
    """The attribution of one cue in a sentence. Spans are code points."""

    source: Span | None
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    pattern: str
    reporting: bool = True


@dataclass(slots=True)
class SentenceReader:
    """A sentence and the state of reading it. Positions are half-open token indices."""

    text: str
    tokens: Sequence[Token]
    clauses: list[Clause] = field(default_factory=list)
    last_subject: Phrase | None = None  # subject of the previous attribution, for "and added that"
    last_form: str = ""  # form of its verb
    left_content_end: int = 0  # where the content before the last cue ends, with that attribution
    cue_end: int = 0  # where the last multi-word cue ends, with its source

    def index_at(self, offset: int) -> int:
        """Return the first token that starts at or after an offset of the text."""
        return bisect_left(self.tokens, offset, key=lambda token: token.start)

    def span(self, start: int, end: int) -> Span:
        """Return the code points of tokens [start, end)."""
        return Span(self.tokens[start].start, self.tokens[end - 1].end)

    def lower_at(self, index: int) -> str:
        """Return a token in lower case; "" outside the sentence."""
        return self.tokens[index].lower if 0 <= index < len(self.tokens) else ""

    def trim_marks(self, start: int, end: int) -> tuple[int, int] | None:
        """Return [start, end) without marks at its ends; None if nothing is left."""
        tokens = self.tokens
        end = min(end, len(tokens))
        while start < end and tokens[start].kind == "mark" and tokens[start].text not in BEGINNING_MARKS:
            start += 1
        while end > start and tokens[end - 1].kind == "mark" and tokens[end - 1].text in TRAILING_MARKS:
            end -= 1
        return (start, end) if start < end else None

    def has_enough_words(self, start: int, end: int, min_words: int = MIN_STATEMENT_WORDS) -> bool:
        """Return whether [start, end) has enough words to be a statement."""
        count = 0
        for token in self.tokens[start:end]:
            count += len(token.text.split()) if token.kind == "quote" else token.kind != "mark"
        return count >= min_words

    def quotes_end(self, index: int) -> int:
        """Return the token after a quotation and the quotations directly after it."""
        end = index + 1
        while end < len(self.tokens) and self.tokens[end].kind == "quote":
            end += 1
        return end

    def is_complete_quote(self, index: int) -> bool:
        """Return whether a quotation after a cue is all of the content."""
        if index + 1 >= len(self.tokens):
            return True
        following, inner = self.tokens[index + 1], strip_quote_marks(self.tokens[index])
        if following.kind == "quote":
            return True
        return inner[-1:] in ",.?!…" or (following.text in (",", ";", ".") and inner[:1].isupper())


def strip_quote_marks(token: Token) -> str:
    return token.text.strip(QUOTE_MARKS)
