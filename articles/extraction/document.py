"""One text as every stage sees it: paragraphs, quotations, tokens, sentences. Offsets are code points."""

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
#: A full stop after these belongs to the word.
ABBREVIATIONS = frozenset(
    "Mr Mrs Ms Dr Prof Sen Sens Rep Reps Gov Govs Gen Lt Col Maj Capt Sgt Cpl St Jr Sr Adm Cmdr Rev Hon Inc Ltd Co Corp vs "
    "Jan Feb Mar Apr Aug Sep Sept Oct Nov Dec Ft Mt Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich "
    "Minn Mo Mont Neb Nev Okla Ore Pa Tenn Tex Vt Va Wash Wis Wyo".split()
)
#: "p.m. The": initials end a sentence only before such a word.
SENTENCE_STARTERS = frozenset(
    "the a an in on at he she it they we but and this that these those his her its their after when if as for with there "
    "it’s it's".split()
)
DOTTED_ABBREVIATION = re.compile(r"(?:[^\W\d_]\.){2,}$|^(?!(?:M[rs]|Mrs|Dr|St|No|[A-Z])\.$)[A-Z][a-z]{1,5}\.$")
#: Where a paragraph ends: a blank line, or a line's end after which nothing of the sentence can come.
PARAGRAPH_END = re.compile(r"\n\s*\n|(?<=[.!?:…”\"’')\]])[ \t]*\n")
#: The most tokens of a sentence; a longer one is no sentence and is cut, so that no stage meets one.
MAX_SENTENCE_TOKENS = 250
#: An attribution after a quotation's question mark is this short ("“Why?” the mayor of Port Ellery asked.").
MAX_TAIL_TOKENS = 9

#: What may follow it then: when, where and to whom it was said.
TAIL_WORDS = (
    frozenset("to in on at as during after before when while of from with late early last".split()) | CALENDAR_WORDS
)


class Token(NamedTuple):
    """A word, a number, a mark, or (in a sentence) a whole quotation with its marks."""

    start: int
    end: int
    text: str
    lower: str
    kind: str  # "word", "number", "mark", "quote"
    is_capital: bool  # does it begin with a capital letter?


class Sentence(NamedTuple):
    """A sentence as it stands outside of quotations: each of them is one token of it."""

    start: int
    end: int
    paragraph: int
    tokens: tuple[Token, ...]


class Document:
    """A text and what is read off it once. Nothing here changes after it is made."""

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
        """The tokens that begin in [start, end), those inside quotations too."""
        return self.tokens[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def outer_tokens_in(self, start: int, end: int) -> list[Token]:
        """The tokens of [start, end), each quotation that begins there as one."""
        folded: list[Token] = []
        at = start
        for quote in self.quotes[bisect_left(self._quote_starts, start) : bisect_left(self._quote_starts, end)]:
            folded += self.tokens_in(at, quote.start)
            stop = min(quote.end, end)
            folded.append(Token(quote.start, stop, self.text[quote.start : stop], "", "quote", is_capital=False))
            at = stop
        folded += self.tokens_in(at, end)
        return folded

    def quote_at(self, offset: int) -> Quote | None:
        """The quotation whose marks enclose an offset."""
        index = bisect_right(self._quote_starts, offset) - 1
        if index >= 0 and self.quotes[index].start <= offset < self.quotes[index].end:
            return self.quotes[index]
        return None

    def paragraph_index(self, offset: int) -> int:
        """The number of the paragraph an offset is in, from 0."""
        return max(bisect_right(self._paragraph_starts, offset) - 1, 0)

    def sentence_index(self, offset: int) -> int:
        """The number of the sentence an offset is in, from 0."""
        return max(bisect_right(self._sentence_starts, offset) - 1, 0)


def tokenise(text: str) -> list[Token]:
    """The words, numbers and marks of a text, in order."""
    tokens, taken = [], 0
    for match in TOKEN.finditer(text):
        start, end = match.span()
        if start < taken:
            continue
        word, kind = match[0], match.lastgroup or "mark"
        if kind == "word" and text[end : end + 1] == "." and _is_abbreviated(text, word, end):
            word, taken = f"{word}.", end + 1
            end += 1
        tokens.append(Token(start, end, word, word.lower(), kind, word[0].isupper()))
    return tokens


def _is_abbreviated(text: str, word: str, end: int) -> bool:
    """Does the full stop at `end` belong to the word before it ("Mr.", "No. 5", "J. Smith")?"""
    following = text[end + 1 : end + 3]
    if word in ABBREVIATIONS or (len(word) == 1 and word.isupper() and word != "I"):
        return following[:1] in " \n,)"
    return word == "No" and following[:1] == " " and following[1:].isdigit()


def split_paragraphs(text: str) -> tuple[Span, ...]:
    """The paragraphs of a text, without the white space around them."""
    spans, start = [], 0
    ends = [(match.start(), match.end()) for match in PARAGRAPH_END.finditer(text)]
    for end, following in (*ends, (len(text), len(text))):
        piece = text[start:end]
        bare = piece.strip()
        if bare:
            first = start + len(piece) - len(piece.lstrip())
            spans.append(Span(first, first + len(bare)))
        start = following
    return tuple(spans)


def split_sentences(tokens: Sequence[Token], paragraph: int = 0) -> list[Sentence]:
    """Cut tokens with folded quotations into sentences."""
    sentences: list[Sentence] = []
    start = 0
    for index, token in enumerate(tokens):
        if index + 1 < len(tokens) and index + 1 - start < MAX_SENTENCE_TOKENS:
            if token.kind == "number" or (token.kind == "word" and token.text[-1] != "."):
                continue  # most tokens end nothing
            if not _ends_sentence(tokens, index):
                continue
        piece = tuple(tokens[start : index + 1])
        sentences.append(Sentence(piece[0].start, piece[-1].end, paragraph, piece))
        start = index + 1
    return sentences


def _ends_sentence(tokens: Sequence[Token], index: int) -> bool:
    """Does a sentence end with this token? There is a next one."""
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
    """Do the words after a quotation's full stop only say whose it is ("“Why?” Ann Frith asked.")?"""
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
