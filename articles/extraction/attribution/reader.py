"""One sentence while its attributions are read off it, and what is found: Clauses."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.extraction.attribution.noun_phrases import Phrase
from articles.extraction.document import Token
from articles.extraction.proposal import Span

#: What stands between a statement and the words that attribute it.
SEPARATORS = frozenset((",", "—", "–"))
QUOTE_MARKS = "\"”’'»“‘«`"
#: Marks that may begin and end a statement.
BEGINNING_MARKS = frozenset(("#", "@", "$", "(", "[", "£", "€"))
TRAILING_MARKS = frozenset((",", ".", ";", ":", "—", "–", "-", "!", "?", "…", "..."))
MIN_STATEMENT_WORDS = 2


@dataclass(frozen=True, slots=True)
class Clause:
    """What one cue attributes: spans in code points, and the pattern it was found by."""

    source: Span | None
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    pattern: str
    reporting: bool = True


@dataclass(slots=True)
class SentenceReader:
    """A sentence, and how far it is read. Positions are indices of its tokens, half-open."""

    text: str
    tokens: Sequence[Token]
    clauses: list[Clause] = field(default_factory=list)
    last_subject: Phrase | None = None  # of the attribution before, for "and added that"
    last_form: str = ""  # and the form of its verb
    left_content_end: int = 0  # what was attributed leftwards ends here
    cue_end: int = 0  # a cue's own words end here

    def index_at(self, offset: int) -> int:
        """The first token that begins at or after an offset of the text."""
        return bisect_left(self.tokens, offset, key=lambda token: token.start)

    def span(self, start: int, end: int) -> Span:
        """Tokens [start, end) as code points."""
        return Span(self.tokens[start].start, self.tokens[end - 1].end)

    def lower_at(self, index: int) -> str:
        """A token in lower case; empty beyond the sentence."""
        return self.tokens[index].lower if 0 <= index < len(self.tokens) else ""

    def trim_marks(self, start: int, end: int) -> tuple[int, int] | None:
        """[start, end) without marks at its ends."""
        tokens = self.tokens
        end = min(end, len(tokens))
        while start < end and tokens[start].kind == "mark" and tokens[start].text not in BEGINNING_MARKS:
            start += 1
        while end > start and tokens[end - 1].kind == "mark" and tokens[end - 1].text in TRAILING_MARKS:
            end -= 1
        return (start, end) if start < end else None

    def has_enough_words(self, start: int, end: int, fewest: int = MIN_STATEMENT_WORDS) -> bool:
        """Are there enough words to be a statement?"""
        words = 0
        for token in self.tokens[start:end]:
            words += len(token.text.split()) if token.kind == "quote" else token.kind != "mark"
        return words >= fewest

    def quotes_end(self, index: int) -> int:
        """Past a quotation and those that follow on it at once."""
        end = index + 1
        while end < len(self.tokens) and self.tokens[end].kind == "quote":
            end += 1
        return end

    def is_complete_quote(self, index: int) -> bool:
        """Is a quotation after a cue all that was said (`said: “We will.”`), or the beginning of it?"""
        if index + 1 >= len(self.tokens):
            return True
        following, inner = self.tokens[index + 1], strip_quote_marks(self.tokens[index])
        if following.kind == "quote":
            return True
        return inner[-1:] in ",.?!…" or (following.text in (",", ";", ".") and inner[:1].isupper())


def strip_quote_marks(token: Token) -> str:
    """The words of a quotation without its marks."""
    return token.text.strip(QUOTE_MARKS)
