"""Split a text into paragraphs, quotations, tokens and sentences for all stages.

Offsets are Unicode code points, half-open.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from articles.extraction.lexicon.cues import VERBS
from articles.extraction.lexicon.word_classes import CALENDAR_WORDS
from articles.extraction.proposal import Span
from articles.extraction.quotes import Quote, find_quotes

TOKEN = re.compile(
    r"(?P<word>(?:[^\W\d_]\.){2,}|[RDI]-(?:(?:[A-Z]\.){2}|[A-Z][a-z]{1,5}\.)"  # U.S., D.C.; R-Tenn., D-N.Y.
    r"|[^\W\d_]+(?:(?:['’\-‑–]|(?<=[A-Z])&)(?=[^\W_])[^\W_]+)*['’]?(?<!['’](?=[^\w\s]))"
    r"|@\w+)"
    r"|(?P<number>[$£€]?\d+(?:[.,:]\d+)*%?(?:st|nd|rd|th|s|bn|m|k)?(?:-[^\W_]+)*)"
    r"|(?P<mark>\.{3}|[^\w\s]|_)"
)
#: A full stop after these words is part of the word.
ABBREVIATIONS = frozenset(
    "Mr Mrs Ms Dr Prof Sen Sens Rep Reps Gov Govs Gen Lt Col Maj Capt Sgt Cpl St Jr Sr Adm Cmdr Rev Hon Inc Ltd Co Corp vs "
    "Jan Feb Mar Apr Aug Sep Sept Oct Nov Dec Ft Mt Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich "
    "Minn Mo Mont Neb Nev Okla Ore Pa Tenn Tex Vt Va Wash Wis Wyo".split()
)
#: Dotted abbreviations end a sentence only before one of these words ("p.m. The").
SENTENCE_STARTERS = frozenset(
    "the a an in on at he she it they we but and this that these those his her its their after when if as for with there "
    "it’s it's".split()
)
DOTTED_ABBREVIATION = re.compile(r"(?:[^\W\d_]\.){2,}$|^(?!(?:M[rs]|Mrs|Dr|St|No|[A-Z])\.$)[A-Z][a-z]{1,5}\.$")
#: A paragraph ends at a blank line, or at a line break after closing punctuation.
PARAGRAPH_END = re.compile(r"\n\s*\n|(?<=[.!?:…”\"’')\]])[ \t]*\n")
#: Longer sequences are not sentences. They are cut, so that no later stage has to handle them.
MAX_SENTENCE_TOKENS = 250
#: An attribution after a quotation that ends a sentence is at most this long ("“Why?” the mayor of Port Ellery asked.").
MAX_TAIL_TOKENS = 9

#: Words that may follow the verb of such an attribution: when, where and to whom.
TAIL_WORDS = (
    frozenset("to in on at as during after before when while of from with late early last".split()) | CALENDAR_WORDS
)


class Token(NamedTuple):
    """A word, a number, a mark, or (in a sentence) a whole quotation."""

    start: int
    end: int
    text: str
    lower: str
    kind: str  # "word", "number", "mark", "quote"
    is_capital: bool  # does it begin with a capital letter?


class Sentence(NamedTuple):
    """A sentence in which each quotation is one token."""

    start: int
    end: int
    paragraph: int
    tokens: tuple[Token, ...]


class Document:
    """A text with its paragraphs, quotations, tokens and sentences. Immutable."""

    __slots__ = (
        "_paragraph_starts", "_quote_starts", "_sentence_starts", "_starts", "paragraphs", "published", "quotes",
        "sentences", "text", "tokens",
    )  # fmt: skip

    def __init__(self, text: str, published: date | None = None) -> None:
        self.text = text
        self.published = published
        self.paragraphs: tuple[Span, ...] = split_paragraphs(text)
        self.quotes: tuple[Quote, ...] = tuple(find_quotes(text, self.paragraphs))
        self.tokens: tuple[Token, ...] = tuple(tokenise(text))
        self._starts = [token.start for token in self.tokens]
        self._quote_starts = [quote.start for quote in self.quotes]
        self._paragraph_starts = [paragraph.start for paragraph in self.paragraphs]
        self.sentences: tuple[Sentence, ...] = tuple(
            sentence
            for number, paragraph in enumerate(self.paragraphs)
            for sentence in split_sentences(self.outer_tokens_in(*paragraph), number)
        )
        self._sentence_starts = [sentence.start for sentence in self.sentences]

    def tokens_in(self, start: int, end: int) -> Sequence[Token]:
        """Return the tokens that start in [start, end), also those inside quotations."""
        return self.tokens[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def outer_tokens_in(self, start: int, end: int) -> list[Token]:
        """Return the tokens of [start, end); each quotation that starts there is one."""
        tokens: list[Token] = []
        position = start
        for quote in self.quotes[bisect_left(self._quote_starts, start) : bisect_left(self._quote_starts, end)]:
            tokens += self.tokens_in(position, quote.start)
            stop = min(quote.end, end)
            tokens.append(Token(quote.start, stop, self.text[quote.start : stop], "", "quote", is_capital=False))
            position = stop
        tokens += self.tokens_in(position, end)
        return tokens

    def quote_at(self, offset: int) -> Quote | None:
        """Return the quotation that contains an offset, or None."""
        index = bisect_right(self._quote_starts, offset) - 1
        if index >= 0 and self.quotes[index].start <= offset < self.quotes[index].end:
            return self.quotes[index]
        return None

    def paragraph_index(self, offset: int) -> int:
        """Return the index of the paragraph at an offset, from 0."""
        return max(bisect_right(self._paragraph_starts, offset) - 1, 0)

    def sentence_index(self, offset: int) -> int:
        """Return the index of the sentence at an offset, from 0."""
        return max(bisect_right(self._sentence_starts, offset) - 1, 0)


def tokenise(text: str) -> list[Token]:
    """Return the words, numbers and marks of a text, in order."""
    tokens, consumed_until = [], 0
    for match in TOKEN.finditer(text):
        start, end = match.span()
        if start < consumed_until:
            continue
        word, kind = match[0], match.lastgroup or "mark"
        if kind == "word" and text[end : end + 1] == "." and _is_abbreviated(text, word, end):
            word, consumed_until = f"{word}.", end + 1
            end += 1
        tokens.append(Token(start, end, word, word.lower(), kind, word[0].isupper()))
    return tokens


def _is_abbreviated(text: str, word: str, end: int) -> bool:
    """Return whether the full stop at `end` is part of the word ("Mr.", "No. 5")."""
    following = text[end + 1 : end + 3]
    if word in ABBREVIATIONS or (len(word) == 1 and word.isupper() and word != "I"):
        return following[:1] in " \n,)"
    return word == "No" and following[:1] == " " and following[1:].isdigit()


def split_paragraphs(text: str) -> tuple[Span, ...]:
    """Return the paragraphs of a text, without surrounding white space."""
    spans, start = [], 0
    breaks = [(match.start(), match.end()) for match in PARAGRAPH_END.finditer(text)]
    for end, next_start in (*breaks, (len(text), len(text))):
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            first = start + len(piece) - len(piece.lstrip())
            spans.append(Span(first, first + len(stripped)))
        start = next_start
    return tuple(spans)


def split_sentences(tokens: Sequence[Token], paragraph: int = 0) -> list[Sentence]:
    """Split tokens into sentences. Each quotation is already one token."""
    sentences: list[Sentence] = []
    start = 0
    for index, token in enumerate(tokens):
        if index + 1 < len(tokens) and index + 1 - start < MAX_SENTENCE_TOKENS:
            if token.kind == "number" or (token.kind == "word" and token.text[-1] != "."):
                continue  # fast path: most tokens do not end a sentence
            if not _ends_sentence(tokens, index):
                continue
        sentence_tokens = tuple(tokens[start : index + 1])
        sentences.append(Sentence(sentence_tokens[0].start, sentence_tokens[-1].end, paragraph, sentence_tokens))
        start = index + 1
    return sentences


def _ends_sentence(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a sentence ends with this token. A next token must exist."""
    token, following = tokens[index], tokens[index + 1]
    if following.kind == "mark" and following.text in ")]}.!?…,;":
        return False
    if token.kind == "mark" and token.text in ")]" and index and tokens[index - 1].text in (".", "!", "?"):
        return not _is_lower_case(following)
    if token.kind == "mark":
        return token.text in (".", "!", "?", "…", "...") and not _is_lower_case(following)
    if token.kind == "word" and DOTTED_ABBREVIATION.search(token.text):
        return following.lower in SENTENCE_STARTERS and following.is_capital
    if token.kind != "quote" or _is_lower_case(following) or following.kind == "mark":
        return False
    last = token.text.rstrip("\"”’'»")[-1:]
    if last not in ".!?…":
        return False
    return following.kind == "quote" or not _is_attribution_tail(tokens, index + 1, after_stop=last == ".")


def _is_lower_case(token: Token) -> bool:
    return token.kind == "word" and not token.text[0].isupper() and token.text[0].islower()


def _is_attribution_tail(tokens: Sequence[Token], start: int, *, after_stop: bool) -> bool:
    """Return whether the words after a quotation only attribute it ("Ann said.").

    `after_stop` is True if the quotation ends with a full stop.
    """
    for index in range(start, min(start + MAX_TAIL_TOKENS, len(tokens))):
        token = tokens[index]
        if token.kind != "word":
            return False
        verb = VERBS.get(token.lower)
        if verb is not None and verb.form in ("past", "s") and index > start and verb.reporting:
            after = tokens[index + 1] if index + 1 < len(tokens) else None
            if after is None or after.text == ".":
                return True
            return not after_stop and (after.text == "," or after.kind == "quote" or after.lower in TAIL_WORDS)
    return False
